import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as rest } from "node:timers/promises";
import { type Spread, spreadOf } from "../statistics.js";
import type { RunResult } from "./run-result.js";
import { writeSamples } from "./samples.js";
import type { Variant } from "./variants.js";
import { WorkerProcess } from "./worker-process.js";
import { operations, type Workload } from "./workloads.js";

/** How one variant did on one workload. */
export interface TrainingMeasurement {
  /** The workload's number. */
  readonly workload: string;
  readonly name: string;
  readonly variant: string;
  /** The median of `spread`. */
  readonly msPerStep: number;
  readonly spread: Spread;
  /** Of the recurrent products, by the median. */
  readonly gflops: number;
  /** The mean over each run's steps: the same for all who do the same work, until rounding has grown. */
  readonly losses: readonly number[];
  /** After the first run and after the last one. */
  readonly tensors: readonly [number, number] | undefined;
  readonly residentMiB: readonly [number, number];
  readonly peakMiB: number;
}

/** Runs of each variant that are not timed: V8 and XLA compile what is used often. */
const WARM_UPS = 3;
/** Before each run, so that threads of the one before, which wait for more work by spinning, disturb nobody; in ms. */
const REST_TIME = 300;

/**
 * Lets variants train the same model on the same batches, each in its own process, in turns: a slow minute of the machine
 * meets all of them. The first runs of each are not timed.
 */
export async function race(
  workload: Workload,
  variants: readonly Variant[],
  repetitions: number,
): Promise<TrainingMeasurement[]> {
  const folder = mkdtempSync(join(tmpdir(), "rnnlab-bench-"));
  const samples = join(folder, "samples");
  writeSamples(samples, workload);
  const workers: { worker: WorkerProcess; results: RunResult[] }[] = [];
  try {
    for (const variant of variants) {
      const worker = new WorkerProcess(variant, samples);
      workers.push({ worker, results: [] });
    }
    for (let round = 0; round < WARM_UPS + repetitions; round++)
      for (const { worker, results } of workers) {
        await rest(REST_TIME);
        results.push(await worker.run());
      }
  } finally {
    for (const { worker } of workers) worker.dispose();
    rmSync(folder, { recursive: true });
  }
  return workers.map(({ worker, results }) => measurementOf(workload, worker.variant, results));
}

function measurementOf(
  workload: Workload,
  { name }: Variant,
  results: readonly RunResult[],
): TrainingMeasurement {
  const [first, last] = [results[0], results.at(-1)] as [RunResult, RunResult];
  const spread = spreadOf(results.slice(WARM_UPS).map(({ msPerStep }) => msPerStep));
  return {
    workload: String(workload.number),
    name: workload.name,
    variant: name,
    msPerStep: spread.median,
    spread,
    gflops: operations(workload) / spread.median / 1e6,
    losses: results.map(({ loss }) => loss),
    tensors: first.tensors === undefined ? undefined : [first.tensors, last.tensors ?? Number.NaN],
    residentMiB: [first.residentMiB, last.residentMiB],
    peakMiB: last.peakMiB,
  };
}
