import { inspect } from "node:util";
import type { MimeBundle } from "./protocol.js";

/** A value with a method under this key decides itself how it is displayed; the key is shared with other kernels. */
const DISPLAY_HOOK = Symbol.for("Jupyter.display");

/** One value as text. Objects are coloured; a single number, string or the like is not: its text is its value. */
export function inspectValue(value: unknown): string {
  const composite = (typeof value === "object" && value !== null) || typeof value === "function";
  return inspect(value, { colors: composite, depth: 4, maxArrayLength: 100, maxStringLength: 10_000 });
}

/** A MIME bundle as messages can carry it: bytes as base64, everything else as JSON has it. */
export function checkedBundle(bundle: unknown, what: string): MimeBundle {
  if (typeof bundle !== "object" || bundle === null || Array.isArray(bundle)) {
    throw new TypeError(
      `Cannot display ${what}: it must be an object from MIME types to data, got ${inspect(bundle)}`,
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
    checked[type] =
      data instanceof Uint8Array ? Buffer.from(data).toString("base64") : jsonOf(data, type, what);
  }
  return checked;
}

const isJson = (type: string): boolean => /^application\/(.+\+)?json$/.test(type);

function jsonOf(data: unknown, type: string, what: string): unknown {
  if (typeof data === "string") return data;
  const text = isJson(type) ? JSON.stringify(data) : undefined;
  if (text === undefined) {
    throw new TypeError(
      `Cannot display ${what}: the data of "${type}" must be text or bytes, or JSON for a JSON type, got ${typeof data}`,
    );
  }
  return JSON.parse(text);
}

async function customBundle(value: object): Promise<unknown> {
  const hook: unknown = Reflect.get(value, DISPLAY_HOOK) ?? Reflect.get(value, "toMime");
  return typeof hook === "function" ? await Reflect.apply(hook, value, []) : undefined;
}

/** How a value is shown as a result: as it asks to be, else as text. */
export async function bundleOf(value: unknown): Promise<MimeBundle> {
  const custom =
    (typeof value === "object" && value !== null) || typeof value === "function"
      ? await customBundle(value)
      : undefined;
  if (custom === undefined) return { "text/plain": inspectValue(value) };
  const bundle = checkedBundle(custom, "the value");
  return "text/plain" in bundle ? bundle : { ...bundle, "text/plain": inspectValue(value) };
}
