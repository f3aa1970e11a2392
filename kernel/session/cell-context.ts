import timers from "node:timers";
import { promisify } from "node:util";
import { promiseHooks } from "node:v8";
import type { CellOrigin, JsonObject } from "./protocol.js";

/** A cell while it runs, and afterwards for the timers and promises that it left behind. */
export interface RunningCell {
  readonly origin: CellOrigin;
  /** The value of the cell's last expression, once that has been evaluated. */
  result: { readonly value: unknown } | undefined;
  /** The header of the comm message that the code handles, when it does. */
  readonly request?: JsonObject;
}

/*
 * Which cell's code is running, also in its timers and promise reactions. `AsyncLocalStorage` would do the same, but up
 * to Node 22 it keeps a stack of its own that terminated code leaves unbalanced, and Node then aborts the process.
 */
let current: RunningCell | undefined;
const owners = new WeakMap<Promise<unknown>, RunningCell>();

/** The cell whose code is running now. */
export function currentCell(): RunningCell | undefined {
  return current;
}

/** Runs code as part of a cell. */
export function runInCell<Result>(cell: RunningCell | undefined, code: () => Result): Result {
  const before = current;
  current = cell;
  try {
    return code();
  } finally {
    current = before;
  }
}

/** Says that no cell's code is running: needed after code was terminated, for that skips `finally`. */
export function leaveCells(): void {
  current = undefined;
}

type Callback = (...args: unknown[]) => unknown;
type Schedule = (callback: Callback, ...args: unknown[]) => unknown;

function bound(callback: unknown): unknown {
  const cell = current;
  if (cell === undefined || typeof callback !== "function") return callback;
  return function (this: unknown, ...args: unknown[]): unknown {
    return runInCell(cell, () => Reflect.apply(callback as Callback, this, args));
  };
}

function binding(schedule: Schedule): Schedule {
  const wrapper: Schedule = (callback, ...args) => schedule(bound(callback) as Callback, ...args);
  Object.defineProperty(wrapper, "name", { value: schedule.name });
  const custom: unknown = Reflect.get(schedule, promisify.custom);
  if (custom !== undefined) Object.defineProperty(wrapper, promisify.custom, { value: custom });
  return wrapper;
}

/** From here on timers and promises remember the cell that made them. */
export function trackCells(): void {
  for (const name of ["setTimeout", "setInterval", "setImmediate"] as const) {
    const wrapper = binding(timers[name] as Schedule);
    Object.assign(timers, { [name]: wrapper });
    Object.defineProperty(globalThis, name, { value: wrapper, configurable: true, writable: true });
  }
  globalThis.queueMicrotask = binding(queueMicrotask as Schedule) as typeof queueMicrotask;
  process.nextTick = binding(process.nextTick as Schedule) as typeof process.nextTick;
  promiseHooks.createHook({
    init(promise) {
      if (current !== undefined) owners.set(promise, current);
    },
    before(promise) {
      current = owners.get(promise);
    },
    after() {
      current = undefined;
    },
  });
}
