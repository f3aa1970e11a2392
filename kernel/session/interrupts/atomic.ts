import { types } from "node:util";
import {
  DEBUGGING,
  HANDLED,
  INTERRUPTS,
  LOADS,
  SECTIONS,
  SHARED_LENGTH,
  TERMINATING,
} from "./shared-memory.js";

/** Shared with the watchdog. */
export const shared = new Int32Array(new SharedArrayBuffer(SHARED_LENGTH * Int32Array.BYTES_PER_ELEMENT));

/** How long code that is about to be terminated waits for that, in ms; the watchdog may have changed its mind. */
const TERMINATION_DELAY = 100;

const { add, sub, load, store, exchange, wait } = Atomics;
const { then } = Promise.prototype;

/**
 * Runs code that the watchdog does not terminate half-way: terminated code does not unwind, so what it has begun to change
 * would stay half changed. An interrupt strikes just before the code or just after it. The code must be short and call
 * nothing of the user's: after 2 s it is terminated all the same.
 */
export function atomically<Result>(code: () => Result): Result {
  enter();
  try {
    return code();
  } finally {
    leave();
  }
}

/**
 * Runs code, also asynchronous, to its end although an interrupt comes: what loads packages, which would stay half
 * loaded. It may take its time. Only a second interrupt terminates it.
 */
export function untilLoaded<Result>(code: () => Result): Result {
  const interrupts = load(shared, INTERRUPTS);
  add(shared, LOADS, 1);
  const end = (): void => {
    // The count is set back for who interrupts twice.
    if (load(shared, LOADS) > 0) sub(shared, LOADS, 1);
  };
  let result: Result;
  try {
    result = code();
  } catch (error) {
    end();
    throw error;
  }
  if (types.isPromise(result)) void Reflect.apply(then, result, [end, end]);
  else {
    end();
    // The interrupt that came meanwhile takes effect here.
    if (load(shared, INTERRUPTS) !== interrupts)
      wait(shared, HANDLED, load(shared, HANDLED), TERMINATION_DELAY);
  }
  return result;
}

/** Leaves all sections. @returns how many they were */
export function suspendSections(): number {
  return exchange(shared, SECTIONS, 0);
}

/** Is in `depth` sections again, unless a termination is on its way. @returns whether it is */
export function resumeSections(depth: number): boolean {
  store(shared, SECTIONS, depth);
  if (load(shared, TERMINATING) === 0) return true;
  store(shared, SECTIONS, 0);
  return false;
}

/** Says that the session has taken notice of all interrupts: no user code is running, what still loads is forgotten. */
export function noticeInterrupts(): void {
  store(shared, LOADS, 0);
  store(shared, HANDLED, load(shared, INTERRUPTS));
}

/** Whether an interrupt has come that the session has not noticed yet. */
export function isInterrupted(): boolean {
  return load(shared, HANDLED) !== load(shared, INTERRUPTS);
}

/** Whether a debugger is attached. */
export const isDebugged = (): boolean => load(shared, DEBUGGING) === 1;

/** Says that terminated code has ended. */
export function endTermination(): void {
  store(shared, TERMINATING, 0);
}

/** Waits for a termination that is on its way: it strikes here. */
export function awaitTermination(): void {
  wait(shared, TERMINATING, 1, TERMINATION_DELAY);
}

/** This thread looks whether code is being terminated after it has opened a section, the watchdog the other way round. */
function enter(): void {
  while (add(shared, SECTIONS, 1) === 0 && load(shared, TERMINATING) === 1) {
    store(shared, SECTIONS, 0);
    awaitTermination();
  }
}

function leave(): void {
  // A loop of sections would leave the watchdog no other moment.
  if (sub(shared, SECTIONS, 1) === 1 && load(shared, TERMINATING) === 1) awaitTermination();
}
