/**
 * Knows which promise jobs of living cells wait. V8 drops all that wait when it terminates one, so a job of a dead cell is
 * terminated only when there are none: a living cell would wait for ever for what both have waited for.
 *
 * Nothing is noted before the first cell has died: what other cells wait for until then is not known.
 */
import { setImmediate } from "node:timers";
import { inspect } from "node:util";
import { PromiseRecord } from "./promise-record.js";

/** The promises of jobs that wait, each with the one that it follows. */
const waiting = new Map<Promise<unknown>, Promise<unknown>>();

/** To be called when a living cell has something follow on a promise. */
export function noteReaction(derived: Promise<unknown>, parent: Promise<unknown>): void {
  if (PromiseRecord.isSettled(parent)) wait(derived, parent);
  else PromiseRecord.addReaction(parent, derived);
}

/** By the next turn of the event loop they have run. */
function wait(derived: Promise<unknown>, parent: Promise<unknown>): void {
  if (waiting.size === 0) setImmediate(forgetJobs);
  waiting.set(derived, parent);
}

/** To be called when a promise is resolved: with a value, or with another promise that it is to follow. */
export function noteSettled(promise: Promise<unknown>): void {
  for (const derived of PromiseRecord.settle(promise)) wait(derived, promise);
}

/** To be called when a job begins. */
export function noteJob(derived: Promise<unknown>): void {
  waiting.delete(derived);
}

const PENDING = /^[^{]*\{ <pending>/;
const isPending = (promise: Promise<unknown>): boolean =>
  PENDING.test(inspect(promise, { customInspect: false, depth: 0, maxStringLength: 0, maxArrayLength: 0 }));

/** What follows on a promise that itself follows another comes when that is settled: then the promise is resolved again. */
function putBack(derived: Promise<unknown>, parent: Promise<unknown>): void {
  waiting.delete(derived);
  PromiseRecord.addReaction(parent, derived);
}

/** To be called when no jobs wait any more: they have run, or were dropped. */
export function forgetJobs(): void {
  for (const [derived, parent] of waiting) {
    if (isPending(parent)) putBack(derived, parent);
    else waiting.delete(derived);
  }
}

/**
 * Whether jobs of living cells wait.
 *
 * @param isLiving - whether a job's cell still lives: it may have died since it was noted
 */
export function doLivingJobsWait(isLiving: (derived: Promise<unknown>) => boolean): boolean {
  for (const [derived, parent] of waiting) {
    if (!isLiving(derived)) continue;
    if (!isPending(parent)) return true;
    putBack(derived, parent);
  }
  return false;
}
