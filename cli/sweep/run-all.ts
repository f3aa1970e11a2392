import type { SweepRun } from "../../src/sweep/sweep-run.js";
import type { Engine, Job, JobEnd } from "./engines/engine.js";
import type { Texts } from "./plan-runs.js";

/** A run that is to be done. */
export interface PlannedRun {
  readonly id: string;
  /** The parameters as `-p` takes them. */
  readonly texts: Texts;
  /** The same, as the notebook gets them. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** Where runs come from. */
export interface RunSource {
  /** How many runs are to come, those that have ended included. */
  readonly total: number;
  /** The next run; undefined when there are no more. */
  next(): Promise<PlannedRun | undefined>;
  /** Takes down that a run has ended, after its file is there. */
  ended(run: SweepRun): Promise<void>;
  close(): Promise<void>;
}

/** How runs are done. */
export interface RunAllOptions {
  /** How often a run is begun anew if its worker dies. */
  readonly retries: number;
  /** Ends all: no run is begun any more, those that are running are stopped. */
  readonly stop: AbortSignal;
  jobOf(run: PlannedRun): Job;
  /** Reads what a job has answered. */
  runOf(run: PlannedRun, end: JobEnd & { readonly kind: "ended" | "died" }, attempts: number): SweepRun;
  /** Keeps a run. */
  keep(run: SweepRun): void;
  /** Tells that a worker has died, and its run is begun anew. */
  again(run: PlannedRun, reason: string): void;
}

/**
 * Does all runs of a source, as many at a time as the engine does.
 *
 * @param source - of the runs
 * @param engine - that does them
 * @param options - retries, signal, what a run is made of and read from
 * @throws {Error} when the engine can do no more; runs that were not kept are to be done anew
 */
export async function runAll(source: RunSource, engine: Engine, options: RunAllOptions): Promise<void> {
  const { stop } = options;
  const running = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  const closeEngine = (): void => void engine.close();
  stop.addEventListener("abort", closeEngine, { once: true });
  try {
    let exhausted = false;
    while (!stop.aborted && failure === undefined) {
      while (!exhausted && !stop.aborted && running.size < Math.max(1, engine.capacity)) {
        const next = await source.next();
        if (next === undefined || stop.aborted) {
          exhausted = true;
          break;
        }
        const work = runOne(next, source, engine, options).catch((error: unknown) => {
          failure ??= { error };
        });
        const done = work.finally(() => running.delete(done));
        running.add(done);
      }
      if (running.size === 0) break;
      await Promise.race(running);
    }
  } finally {
    stop.removeEventListener("abort", closeEngine);
    // After a failure the rest is ended, too.
    if (failure !== undefined || stop.aborted) await engine.close();
    await Promise.all(running);
  }
  if (failure !== undefined) throw failure.error;
}

async function runOne(
  planned: PlannedRun,
  source: RunSource,
  engine: Engine,
  { retries, stop, jobOf, runOf, keep, again }: RunAllOptions,
): Promise<void> {
  for (let attempts = 1; !stop.aborted; attempts++) {
    const end = await engine.run(jobOf(planned));
    if (end.kind === "stopped") return;
    if (end.kind === "died" && attempts <= retries) {
      again(planned, end.reason);
      continue;
    }
    const run = runOf(planned, end, attempts);
    keep(run);
    await source.ended(run);
    return;
  }
}
