import { syncBuiltinESMExports } from "node:module";
import process from "node:process";
import { clearInterval, setImmediate as laterOn } from "node:timers";
import { type HookCallbacks, promiseHooks } from "node:v8";
import { atomically } from "../interrupts/atomic.js";
import { callGuarded, terminateJob } from "../interrupts/guarded-call.js";
import { renewReactions } from "../interrupts/reactions.js";
import { cells } from "../realm/cell-realm.js";
import { inPlaceOf } from "../realm/stand-in.js";
import { balanceStack, keepPromiseHooks, keepStackMethods, tolerateUnbalancedStack } from "./async-stack.js";
import { doLivingJobsWait, forgetJobs, noteJob, noteReaction, noteSettled } from "./living-jobs.js";
import { type NativeContext, nativeContext } from "./native-context.js";
import { PromiseRecord } from "./promise-record.js";
import type { RunningCell } from "./running-cell.js";

/** Which cell's code is running, also in its timers and promise reactions; `context` knows it for other callbacks. */
let current: RunningCell | undefined;

let context: NativeContext<RunningCell> | undefined;

/** The cell whose code is running now. */
export function currentCell(): RunningCell | undefined {
  return current ?? context?.owner();
}

/** Whether nothing of a cell is to run any more. */
export const isDead = (cell: RunningCell | undefined): boolean =>
  cell?.interrupted === true && cell.spared !== true;

/** What the session adds anew is not the terminated cell's. */
const renewOutside = (): void => runInCell(undefined, renewReactions);

const isLiving = (promise: Promise<unknown>): boolean => PromiseRecord.cell(promise)?.interrupted !== true;

let runs = 0;

/** How often code of cells has been run. */
export const countRuns = (): number => runs;

/** Runs code as part of a cell. */
export function runInCell<Result>(cell: RunningCell | undefined, code: () => Result): Result {
  runs++;
  const before = current;
  current = cell;
  tolerateUnbalancedStack();
  try {
    return context === undefined ? code() : context.run(cell, code);
  } finally {
    current = before;
    tolerateUnbalancedStack();
  }
}

/** Runs code as a part of the running cell that comes to its own end after an interrupt, unheard. */
export function sparingly<Result>(code: () => Result): Result {
  const cell = currentCell();
  if (cell === undefined) return code();
  const part = Object.create(cell) as RunningCell;
  // Written, not defined: what its timers are made of must be able to write them, too.
  part.spared = true;
  part.whole = undefined;
  return runInCell(part, code);
}

/** Says that no cell's code is running: needed after code was terminated, for that skips `finally`. */
export function leaveCells(): void {
  current = undefined;
  context?.leave();
  balanceStack();
  forgetJobs();
}

type Callback = (...args: unknown[]) => unknown;
type Schedule = (callback: Callback, ...args: unknown[]) => unknown;

type Bind = (callback: Callback, cell: RunningCell | undefined) => Callback;

const bindJob: Bind = (callback, cell) =>
  cell === undefined
    ? callback
    : function (this: unknown, ...args: unknown[]): unknown {
        if (isDead(cell)) return undefined;
        return runInCell(cell, () => Reflect.apply(callback, this, args));
      };

/** Makes a function that Node will call a part of the cell that is running: it is not called once that is dead. */
export const bindCallback = (callback: Callback): Callback => bindJob(callback, currentCell());

/** Lets a dead cell close something, and hear of it: for two turns of the event loop, in which Node tells of its end. */
export function farewell(cell: RunningCell, resource: object, close: () => void): void {
  const part = roundOf(cell);
  part.spared = true;
  context?.adopt(resource, part);
  runInCell(part, close);
  afterFarewells(() => {
    part.spared = false;
  });
}

/** Makes what a socket calls back a cell's from now on: it may have been opened for another. */
export function adoptSocket(socket: object, cell: RunningCell): void {
  context?.adopt(socket, cell);
}

/** How many wait for what was closed to be told of. */
let farewells = 0;

/** Calls back when all that was closed so far has been told of. Until then no timer runs: one that blocks would keep it up. */
export function afterFarewells(code: () => void): void {
  farewells++;
  const end = (): void => {
    farewells--;
    code();
  };
  laterOn(() => void laterOn(end));
}

/** Whether a timer has just been terminated: V8 can end nothing more until Node has come back to its event loop. */
let recovering = false;
let reportTimer: (cell: RunningCell) => void = () => {};

const bindTimer: Bind = (callback, cell) => {
  const run = function (this: unknown, ...args: unknown[]): void {
    if (isDead(cell)) clearInterval(this as NodeJS.Timeout);
    else if (recovering || farewells > 0) laterOn(() => Reflect.apply(run, this, args));
    else runTimer(this as NodeJS.Timeout, cell && roundOf(cell), () => Reflect.apply(callback, this, args));
  };
  return run;
};

function runTimer(timer: NodeJS.Timeout, round: RunningCell | undefined, callback: () => void): void {
  if (runInCell(round, () => callGuarded(callback))) return;
  recovering = true;
  laterOn(() => {
    recovering = false;
  });
  clearInterval(timer);
  if (round === undefined) return;
  // What it has started is dead, too: that may be what calls it again.
  endLife(round);
  reportTimer(round);
}

/** The part of a cell that one call of a timer is: the interrupt of a later cell may end it alone. */
function roundOf(cell: RunningCell): RunningCell {
  const whole = cell.whole ?? cell;
  const round = Object.create(whole) as RunningCell;
  round.whole = whole;
  return round;
}

function binding(schedule: Schedule, bind: Bind): Schedule {
  return inPlaceOf(schedule, (callback, ...args) => {
    // What is no function is for Node to refuse.
    const bound = typeof callback === "function" ? bind(callback, currentCell()) : callback;
    // Node's lists of timers and ticks are the whole session's.
    return atomically(() => schedule(bound, ...args));
  });
}

/** Moves a timer in Node's lists wholly or not at all. */
function keepTimerLists(): void {
  const { timers } = cells.modules;
  const timer = timers.setTimeout(() => {}, 0);
  const prototype = Object.getPrototypeOf(timer) as Record<"refresh" | "close", () => unknown>;
  for (const name of ["refresh", "close"] as const) {
    const move = prototype[name];
    prototype[name] = inPlaceOf(move, function (this: unknown): unknown {
      return atomically(() => Reflect.apply(move, this, []));
    });
  }
  timers.clearTimeout(timer);
}

/** Tells who waits for a cell, before anyone else can wait for it. */
function begin(cell: RunningCell, evaluation: Promise<unknown>): void {
  const { begun } = cell;
  cell.begun = undefined;
  runInCell(undefined, () => begun?.(evaluation));
}

/**
 * From here on timers and promises remember the cell that made them.
 *
 * @param timerEnded - is told of a timer that an interrupt has ended
 */
export function trackCells(timerEnded: (cell: RunningCell) => void): void {
  reportTimer = timerEnded;
  const { global, modules } = cells;
  const { timers } = modules;
  for (const name of ["setTimeout", "setInterval", "setImmediate"] as const) {
    const wrapper = binding(timers[name] as Schedule, bindTimer);
    Object.assign(timers, { [name]: wrapper });
    Object.defineProperty(global, name, { value: wrapper, configurable: true, writable: true });
  }
  for (const name of ["clearTimeout", "clearInterval", "clearImmediate"] as const) {
    const clear = timers[name] as (timer: unknown) => void;
    const wrapper = inPlaceOf(clear, (timer: unknown): void => atomically(() => clear(timer)));
    Object.assign(timers, { [name]: wrapper });
    Object.defineProperty(global, name, { value: wrapper, configurable: true, writable: true });
  }
  keepTimerLists();
  keepStackMethods();
  syncBuiltinESMExports();
  global.queueMicrotask = binding(global.queueMicrotask as Schedule, bindJob) as typeof global.queueMicrotask;
  process.nextTick = binding(process.nextTick as Schedule, bindJob) as typeof process.nextTick;
  const hooks: Partial<HookCallbacks> = {
    init(promise, parent) {
      const cell = currentCell();
      // The session waits for a cell's end as if it were a part of the cell.
      const waits = cell ?? (watching && parent !== undefined ? PromiseRecord.cell(parent) : undefined);
      if (watching && parent !== undefined && waits?.interrupted === false) noteReaction(promise, parent);
      PromiseRecord.add(promise, cell);
      if (cell?.begun !== undefined) begin(cell, promise);
    },
    before(promise) {
      tolerateUnbalancedStack();
      if (watching) noteJob(promise);
      const cell = PromiseRecord.cell(promise);
      // What is terminated does not come to `after`.
      current = undefined;
      if (isDead(cell) && !doLivingJobsWait(isLiving)) terminateJob(renewOutside);
      current = cell;
    },
    after() {
      current = undefined;
      tolerateUnbalancedStack();
    },
  };
  promiseHooks.createHook(hooks);
  context = nativeContext(() => current);
  keepPromiseHooks(hooks);
  watchJobs = () => {
    promiseHooks.onSettled(noteSettled);
    keepPromiseHooks({ ...hooks, settled: noteSettled });
  };
}

/** Whether it is known which jobs wait: it costs every `await` something. */
let watching = false;
let watchJobs = (): void => {};

/** Lets nothing of a cell run any more. */
export function endLife(cell: RunningCell): void {
  cell.interrupted = true;
  if (watching) return;
  watching = true;
  watchJobs();
}
