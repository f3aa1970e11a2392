import { inspect } from "node:util";

/** The method under which a value offers its own rich form, as Deno's kernel and others know it. */
export const richDisplay: unique symbol = Symbol.for("Jupyter.display");

/**
 * One piece of output in several formats: MIME type to content. Text types hold strings, images base64
 * strings, JSON types plain JSON values. The front end shows the richest format that it knows.
 */
export interface MimeBundle {
  readonly [mimeType: string]: unknown;
}

/** A value that says itself how it looks in a notebook. */
export interface RichValue {
  /** @returns the value's MIME bundle, or a promise of it */
  [richDisplay](): MimeBundle | Promise<MimeBundle>;
}

/** A value whose rich form is at hand at once. */
export interface RichText extends RichValue {
  [richDisplay](): MimeBundle;
}

// The kinds that front ends show: a record such as { "train/loss": 0.1 } is none of them.
const MIME_TYPE = /^(application|audio|image|text|video)\/[\w.+-]+$/;

function isMimeBundle(value: object): value is MimeBundle {
  const keys = Object.keys(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype && keys.length > 0 && keys.every((key) => MIME_TYPE.test(key));
}

function isRichValue(value: object): value is RichValue {
  return richDisplay in value && typeof value[richDisplay] === "function";
}

/** What the value's method returned; nothing means that it has no rich form after all, as in the kernel. */
function requireBundle(bundle: MimeBundle | undefined, value: object): MimeBundle {
  if (bundle === undefined) return { "text/plain": inspect(value) };
  if (typeof bundle === "object" && bundle !== null) return bundle;
  throw new TypeError(
    `Cannot display value: its Jupyter.display method must return a MIME bundle, got ${inspect(bundle)}`,
  );
}

/**
 * Finds the MIME bundle of any value: its own `Symbol.for("Jupyter.display")` method first, then the value
 * itself if it is a bundle, then plain text (strings as they are, the rest as Node's `util.inspect` prints it).
 *
 * @param value - anything
 * @returns the bundle, or a promise of it where the value's own method is asynchronous
 * @throws {TypeError} when the value's own method returns something else than a bundle or nothing
 * @example
 * ```ts
 * import { toMimeBundle } from "rnnlab/display";
 * console.log(JSON.stringify(toMimeBundle([1, 2]))); // {"text/plain":"[ 1, 2 ]"}
 * ```
 */
export function toMimeBundle(value: unknown): MimeBundle | Promise<MimeBundle> {
  if (typeof value === "string") return { "text/plain": value };
  if ((typeof value === "object" && value !== null) || typeof value === "function") {
    if (isRichValue(value)) {
      const bundle = value[richDisplay]();
      return bundle instanceof Promise
        ? bundle.then((late) => requireBundle(late, value))
        : requireBundle(bundle, value);
    }
    if (isMimeBundle(value)) return value;
  }
  return { "text/plain": inspect(value) };
}
