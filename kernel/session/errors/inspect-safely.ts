import { type InspectOptions, inspect, types } from "node:util";
import { cells } from "../realm/cell-realm.js";

/** The longest text of an error within a value, in UTF-16 code units: `inspect` bounds those of strings alone. */
const LONGEST_ERROR = 20_000;

/** What `inspect` asks an error for. */
function shortError(this: unknown): unknown {
  const { stack } = this as { readonly stack?: unknown };
  if (typeof stack !== "string" || stack.length <= LONGEST_ERROR) return this;
  return `${stack.slice(0, LONGEST_ERROR)}… ${stack.length - LONGEST_ERROR} more characters`;
}

/** For each of an error's lines `inspect` goes through all of its text: a megabyte would take seconds. */
function withShortErrors<Result>(code: () => Result): Result {
  const { prototype } = cells.errors.Error;
  const before = Reflect.getOwnPropertyDescriptor(prototype, inspect.custom);
  // One of ours was left by code that an interrupt has terminated.
  const mine =
    (before === undefined || before.value === shortError) &&
    Reflect.defineProperty(prototype, inspect.custom, { value: shortError, configurable: true });
  try {
    return code();
  } finally {
    if (mine) Reflect.deleteProperty(prototype, inspect.custom);
  }
}

/** `inspect` for any value: what user code throws, which it calls, ends up in the text. */
export function inspectSafely(value: unknown, options: InspectOptions): string {
  try {
    return withShortErrors(() => inspect(value, options));
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
