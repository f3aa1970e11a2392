import { timeText } from "./time-text.js";

/** How long one round is to take, in seconds: long beside the steps of the clock. */
const ROUND = 0.2;
const ROUNDS = 7;

/** What {@link bench} measured. */
export interface Benchmark {
  /** The mean time of one call, in seconds */
  readonly mean: number;
  /** The standard deviation of the rounds' means, in seconds */
  readonly deviation: number;
  readonly rounds: number;
  /** Calls in each round */
  readonly calls: number;
}

/**
 * Measures how long a function takes, as `%bench` does: in seven rounds of calls that take 0.2 s together. What a
 * promise takes is part of it.
 *
 * @param run - the function
 * @returns the times, which are also printed
 * @example
 * ```ts
 * import { bench } from "rnnlab/magics";
 * const { mean } = await bench(() => Math.hypot(3, 4));
 * console.log(mean < 0.1); // true
 * ```
 */
export async function bench(run: () => unknown): Promise<Benchmark> {
  let calls = 1;
  let seconds = await secondsOf(run, calls);
  while (seconds < ROUND) {
    // Towards the length of a round, by a factor of ten at most: the first calls are not compiled yet.
    calls = Math.ceil(calls * Math.min(10, Math.max(1.2, (1.1 * ROUND) / Math.max(seconds, 1e-9))));
    seconds = await secondsOf(run, calls);
  }
  const means: number[] = [];
  for (let round = 0; round < ROUNDS; round++) means.push((await secondsOf(run, calls)) / calls);
  const mean = means.reduce((sum, each) => sum + each, 0) / ROUNDS;
  const deviation = Math.sqrt(means.reduce((sum, each) => sum + (each - mean) ** 2, 0) / ROUNDS);
  const times = calls === 1 ? "once" : `${calls.toLocaleString("en")} times`;
  console.log(
    `${timeText(mean)} ± ${timeText(deviation)} (mean and deviation of ${ROUNDS} rounds, ${times} each)`,
  );
  return { mean, deviation, rounds: ROUNDS, calls };
}

async function secondsOf(run: () => unknown, calls: number): Promise<number> {
  const start = performance.now();
  for (let call = 0; call < calls; call++) {
    const result = run();
    if (result instanceof Promise) await result;
  }
  return (performance.now() - start) / 1e3;
}
