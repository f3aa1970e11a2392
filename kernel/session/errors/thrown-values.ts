import { types } from "node:util";
import { withoutShadowing } from "../../shared/shadowed-names.js";

/** Whether a value is an error, also one of another realm. */
export function isError(value: unknown): value is Error {
  // A proxy is asked nothing: its traps are user code.
  if (types.isProxy(value)) return false;
  return types.isNativeError(value) || value instanceof Error;
}

/** The latest thrown value that is no error, with the stack of its throw. */
let latest: { readonly value: unknown; readonly trace: Error } | undefined;

/** What compiled code passes each value through that it throws: only errors know by themselves where that was. */
export function throwing<Value>(value: Value): Value {
  if (!isError(value)) latest = { value, trace: new Error() };
  return value;
}

/** What compiled code passes each value through that it catches: an error's message has names as they were written. */
export function caught<Value>(value: Value): Value {
  if (!isError(value)) return value;
  const message: unknown = Object.getOwnPropertyDescriptor(value, "message")?.value;
  const written = typeof message === "string" ? withoutShadowing(message) : message;
  if (written !== message) Reflect.set(value, "message", written);
  return value;
}

/** The stack of the `throw` that a value which is no error comes from; undefined for what was only rejected with. */
export function stackOfThrown(value: unknown): string | undefined {
  return latest !== undefined && Object.is(latest.value, value) ? latest.trace.stack : undefined;
}

/** Forgets the latest thrown value: a later cell may throw an equal one, and its stack is another. */
export function forgetThrown(): void {
  latest = undefined;
}
