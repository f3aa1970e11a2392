import { timeText } from "./time-text.js";

let started: { readonly wall: number; readonly processor: NodeJS.CpuUsage } | undefined;

/**
 * Begins to measure a cell, as `%time` does.
 *
 * @example
 * ```ts
 * import { startClock, stopClock } from "rnnlab/magics";
 * startClock();
 * stopClock();
 * ```
 */
export function startClock(): void {
  started = { wall: performance.now(), processor: process.cpuUsage() };
}

/**
 * Prints the time since {@link startClock}: that of the clock, and that of the processor, in which several threads may
 * take more than the clock shows.
 *
 * @example
 * ```ts
 * import { startClock, stopClock } from "rnnlab/magics";
 * startClock();
 * stopClock();
 * ```
 */
export function stopClock(): void {
  if (started === undefined) return;
  const wall = performance.now() - started.wall;
  const { user, system } = process.cpuUsage(started.processor);
  started = undefined;
  console.log(`${timeText(wall / 1e3)}, processor ${timeText((user + system) / 1e6)}`);
}
