import type { RunningCell } from "./running-cell.js";

class Returned {
  constructor(promise: object) {
    // biome-ignore lint/correctness/noConstructorReturn: a class that extends this one gives its fields to what comes back.
    return promise;
  }
}

/**
 * What the session knows of a promise, in private fields of the promise itself: no code can see them there, and an `await`
 * costs a quarter of what it costs with a WeakMap.
 */
export class PromiseRecord extends Returned {
  /** Whose code has made it. */
  #cell: RunningCell | undefined;
  #settled = false;
  /** The promises of what is to follow on it, as long as it is not settled. */
  #reactions: Promise<unknown>[] | undefined;

  /** To be called once with each promise, before anyone else has it. */
  static add(promise: Promise<unknown>, cell: RunningCell | undefined): void {
    new PromiseRecord(promise).#cell = cell;
  }

  static #of(promise: Promise<unknown>): PromiseRecord {
    // Those of the session's start have none yet.
    return #cell in promise ? promise : new PromiseRecord(promise);
  }

  static cell(promise: Promise<unknown>): RunningCell | undefined {
    return #cell in promise ? promise.#cell : undefined;
  }

  static isSettled(promise: Promise<unknown>): boolean {
    return #cell in promise && promise.#settled;
  }

  /** Says that a promise is settled, and takes what is to follow on it. */
  static settle(promise: Promise<unknown>): readonly Promise<unknown>[] {
    const record = PromiseRecord.#of(promise);
    const reactions = record.#reactions;
    record.#settled = true;
    record.#reactions = undefined;
    return reactions ?? NONE;
  }

  /** Says that a promise is not settled, and what is to follow on it. */
  static addReaction(promise: Promise<unknown>, derived: Promise<unknown>): void {
    const record = PromiseRecord.#of(promise);
    record.#settled = false;
    if (record.#reactions === undefined) record.#reactions = [derived];
    else record.#reactions.push(derived);
  }
}

const NONE: readonly Promise<unknown>[] = [];
