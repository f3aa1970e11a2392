import { Buffer } from "node:buffer";
import { inspect, types } from "node:util";
import { LARGEST_MESSAGE, tooLarge } from "../../shared/bounds.js";
import type { MimeBundle } from "../../shared/session-messages.js";
import { withoutShadowing } from "../../shared/shadowed-names.js";
import { inspectSafely } from "../errors/inspect-safely.js";
import { cells } from "../realm/cell-realm.js";
import { drawnBundle } from "./drawn-values.js";
import { isPlotlyFigure } from "./plotly-figure.js";

/** A value with a method under this key decides itself how it is displayed; the key is shared with other kernels. */
export const DISPLAY_HOOK = Symbol.for("Jupyter.display");

const INSPECTION = { depth: 4, maxStringLength: 10_000 } as const;
/** How many entries of an array are shown: what would be more lines than {@link MOST_LINES} is shown with fewer. */
const ENTRIES = [100, 10, 3];
const MOST_LINES = 60;
const LONGEST_TEXT = 50_000;
const ESCAPE = "\u001b";
/** What `inspect` writes in the place of an object that lies too deep, in the colour that it gives nothing else but these. */
const CUT_OFF = new RegExp(
  `${ESCAPE}\\[36m\\[(?!Circular|Getter|Setter|Uint8Contents\\]|class |(?:Async)?(?:Generator)?Function)[^\\]]+\\]${ESCAPE}\\[39m`,
);

const { base64Slice: writeBase64 } = Buffer.prototype as unknown as { base64Slice: () => string };

const isComposite = (value: unknown): value is object =>
  (typeof value === "object" && value !== null) || typeof value === "function";

/** One value as text. Objects are coloured; a single number, string or the like is not: its text is its value. */
export function inspectValue(value: unknown): string {
  const colors = isComposite(value);
  let text = "";
  for (const maxArrayLength of ENTRIES) {
    text = inspectSafely(value, { ...INSPECTION, maxArrayLength, colors });
    if (text.split("\n", MOST_LINES + 1).length <= MOST_LINES) break;
  }
  text = cutLines(text);
  return CUT_OFF.test(text)
    ? `${text}\n… deeper levels are not shown: console.dir(value, { depth: null }) prints them`
    : text;
}

/** `inspect` bounds each array and string, but not how many of them there are. */
function cutLines(text: string): string {
  if (text.length <= LONGEST_TEXT) return text;
  const end = text.lastIndexOf("\n", LONGEST_TEXT);
  if (end <= 0)
    return `${text.slice(0, LONGEST_TEXT)}${ESCAPE}[0m… ${text.length - LONGEST_TEXT} more characters`;
  return `${text.slice(0, end)}\n… ${text.slice(end + 1).split("\n").length} more lines`;
}

/** A MIME bundle as messages can carry it: bytes as base64, everything else as JSON has it. */
export function checkedBundle(bundle: unknown, what: string): MimeBundle {
  if (typeof bundle !== "object" || bundle === null || Array.isArray(bundle)) {
    throw new TypeError(
      `Cannot display ${what}: it must be an object from MIME types to data, got ${inspect(bundle, { depth: 0 })}`,
    );
  }
  const checked: Record<string, unknown> = {};
  for (const [type, data] of Object.entries(bundle)) {
    if (data === undefined) continue;
    if (!type.includes("/")) {
      throw new TypeError(
        `Cannot display ${what}: its keys must be MIME types such as "text/html", got "${type}"`,
      );
    }
    if (types.isUint8Array(data) && data.length > LARGEST_MESSAGE) throw tooLarge(what, data.length);
    checked[type] = types.isUint8Array(data) ? base64(data) : jsonOf(data, type, what);
  }
  return checked;
}

const base64 = (bytes: Uint8Array): string => Reflect.apply(writeBase64, bytes, [0, bytes.length]) as string;

const isJson = (type: string): boolean => /^application\/(.+\+)?json$/.test(type);

/** JSON has no typed arrays, and writes them as objects. */
const withoutTypedArrays = (_key: string, value: unknown): unknown =>
  types.isTypedArray(value) ? Array.from(value as Iterable<unknown>) : value;

/** A copy of what JSON has of a value: undefined where it has nothing. */
export function jsonCopy(
  value: unknown,
  what: string,
  replacer?: (key: string, value: unknown) => unknown,
): unknown {
  let text: string | undefined;
  try {
    text = cells.stringifyJson(value, replacer);
  } catch (error) {
    if (error instanceof RangeError && error.message === "Invalid string length") throw tooLarge(what);
    throw error;
  }
  return text === undefined ? undefined : JSON.parse(text);
}

function jsonOf(data: unknown, type: string, what: string): unknown {
  if (typeof data === "string") return data;
  const copy = isJson(type) ? jsonCopy(data, what, withoutTypedArrays) : undefined;
  if (copy === undefined) {
    throw new TypeError(
      `Cannot display ${what}: the data of "${type}" must be text or bytes, or JSON for a JSON type, got ${typeof data}`,
    );
  }
  return copy;
}

/** What a value's own method returns; undefined where it has none. */
async function customBundle(value: object): Promise<unknown> {
  for (const key of [DISPLAY_HOOK, "toMime"]) {
    if (types.isProxy(value) && !answersTo(value, key)) continue;
    const hook: unknown = Reflect.get(value, key);
    if (typeof hook === "function") return await Reflect.apply(hook, value, []);
  }
  return undefined;
}

/** A figure written by hand is drawn as those of `rnnlab/plot` are, which is loaded only now. */
function figureBundle(figure: object): unknown {
  const { figureBundle } = cells.require("rnnlab/plot") as typeof import("rnnlab/plot");
  return figureBundle(figure as Parameters<typeof figureBundle>[0]);
}

/** Whether a proxy says so: it may answer whatever is asked with a function that means something else. */
function answersTo(proxy: object, key: string | symbol): boolean {
  try {
    return key in proxy;
  } catch {
    // It was revoked, or says nothing.
    return false;
  }
}

/**
 * How a value is shown, as far as that can be said at once: of what would have to be awaited only the text. Nobody is told
 * where the value's own method fails.
 */
export function bundleNow(value: unknown): MimeBundle {
  const plain = (): MimeBundle => ({ "text/plain": withoutShadowing(inspectValue(value)) });
  if (!isComposite(value) || types.isProxy(value)) return plain();
  try {
    const hook = [DISPLAY_HOOK, "toMime"]
      .map((key): unknown => Reflect.get(value, key))
      .find((each) => typeof each === "function");
    const own = typeof hook === "function" ? (Reflect.apply(hook, value, []) as unknown) : drawn(value);
    if (own === undefined || types.isPromise(own)) return plain();
    return { ...plain(), ...checkedBundle(own, "the value") };
  } catch {
    return plain();
  }
}

/** How a value without a method of its own is drawn, or a promise of that; undefined where it is no picture. */
function drawn(value: object): unknown {
  return isPlotlyFigure(value) ? figureBundle(value) : drawnBundle(value);
}

/** Says how a value is shown as a result; undefined where nothing is to be shown. */
export type Bundler = (value: unknown, complain: (error: unknown) => void) => Promise<MimeBundle | undefined>;

/**
 * How a value is shown as a result: as it asks to be, else as text.
 *
 * @param complain - is told what has failed where the value's own method does; the value is shown as text then
 * @param ask - asks a value for more methods of its own
 */
export async function bundleOf(
  value: unknown,
  complain: (error: unknown) => void,
  ask: (value: object) => unknown = () => undefined,
): Promise<MimeBundle> {
  const plain = (): MimeBundle => ({ "text/plain": withoutShadowing(inspectValue(value)) });
  if (!isComposite(value)) return plain();
  try {
    const own = ask(value) ?? (await customBundle(value));
    const custom = own === undefined && !types.isProxy(value) ? await drawn(value) : own;
    if (custom === undefined) return plain();
    const bundle = checkedBundle(custom, "the value");
    return "text/plain" in bundle ? bundle : { ...bundle, ...plain() };
  } catch (error) {
    complain(error);
    return plain();
  }
}
