import { type InspectOptions, inspect, types } from "node:util";

/** `inspect` for any value: what user code throws, which it calls, ends up in the text. */
export function inspectSafely(value: unknown, options: InspectOptions): string {
  try {
    return inspect(value, options);
  } catch (error) {
    const reason = `(its own inspection has thrown ${types.isNativeError(error) ? error.message : typeof error})`;
    try {
      return `${inspect(value, { ...options, customInspect: false })}\n${reason}`;
    } catch {
      // A getter of `Symbol.toStringTag` or the like: nothing of the value can be seen.
      return `[${typeof value}] ${reason}`;
    }
  }
}
