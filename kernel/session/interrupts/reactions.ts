import { setImmediate } from "node:timers";
import { asSession } from "./guarded-call.js";

const { then } = Promise.prototype;

/** What adds each reaction anew that has not come yet. */
const waiting = new Set<() => void>();

/**
 * Calls the session back when a promise is settled, once. V8 drops all promise jobs that are waiting when it terminates
 * one: a reaction that may have been among them is added again, and comes at once where the promise is settled.
 *
 * The promise is held until then: V8 would report one that it evaluates, and that can never settle, as soon as it is
 * garbage. That ends a waiting cell by chance, and from Node 24 on the process, for nobody may be told of anything during
 * a collection.
 */
export function whenSettled<Value>(
  promise: Promise<Value>,
  fulfilled: (value: Value) => void,
  rejected: (reason: unknown) => void,
): void {
  const once =
    <Argument>(reaction: (argument: Argument) => void) =>
    (argument: Argument): void => {
      if (waiting.delete(subscribe)) asSession(() => reaction(argument));
    };
  const subscribe = (): void => void Reflect.apply(then, promise, [once(fulfilled), once(rejected)]);
  waiting.add(subscribe);
  subscribe();
}

/** To be called when a promise job was terminated. */
export function renewReactions(): void {
  // A turn of the event loop by itself ends with the promise jobs.
  setImmediate(() =>
    asSession(() => {
      for (const subscribe of waiting) subscribe();
    }),
  );
}
