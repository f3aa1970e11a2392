// `npm run bench -- [PART…]`: measures kernel and training beside their rivals, in one run. The parts are kernel, figures,
// datasets, training, display, scaling and editor. Options: --workloads 7,8 runs these, --peers PYTHON measures the frameworks that
// this Python has, --repetitions 5 says how often each is measured.
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { packageRoot } from "../../src/platform/package-root.js";
import type { Figure } from "../../src/plot/index.js";
import { type Part, readArguments } from "./arguments.js";
import { measureDatasets } from "./datasets.js";
import { measureEditor } from "./editor.js";
import { measureFigures } from "./figures.js";
import { measureKernels } from "./kernel.js";
import { kernelContestants } from "./kernel-contestants.js";
import { kernelFigures, kernelRows, rowOf } from "./kernel-report.js";
import { liveDisplayRows, measureLiveDisplay } from "./live-display.js";
import { figuresPage } from "./page.js";
import { race, type TrainingMeasurement } from "./training/race.js";
import { differingLosses, trainingFigures, trainingRows } from "./training/report.js";
import { measureScaling, scalingFigures, scalingRows } from "./training/scaling.js";
import { ours, peers } from "./training/variants.js";
import { type Workload, workloads } from "./training/workloads.js";

const out = join(packageRoot, "out");

/** What a part of the bench gives: entries for bench.json, and figures for bench.html. */
interface Outcome {
  readonly entries: readonly object[];
  readonly figures: readonly Figure[];
}

async function main(): Promise<void> {
  const { parts, repetitions, peers: pythons, workloads: numbers } = readArguments(process.argv.slice(2));
  const chosen = workloads.filter(({ number }) => numbers.includes(number));
  const runs: Record<Part, () => Promise<Outcome>> = {
    kernel: runKernel,
    figures: runFigures,
    datasets: runDatasets,
    training: () => runTraining(chosen, pythons, repetitions),
    display: () => runLiveDisplay(repetitions),
    scaling: () => runScaling(repetitions),
    editor: () => runEditor(repetitions),
  };
  const outcomes: Outcome[] = [];
  for (const part of parts) outcomes.push(await runs[part]());
  mkdirSync(out, { recursive: true });
  const entries = outcomes.flatMap((outcome) => outcome.entries);
  writeFileSync(join(out, "bench.json"), `${JSON.stringify(entries, null, 2)}\n`);
  writeFileSync(join(out, "bench.html"), figuresPage(outcomes.flatMap(({ figures }) => figures)));
  console.log(`Written: ${join(out, "bench.json")} and bench.html`);
}

async function runKernel(): Promise<Outcome> {
  const entries = await measureKernels(kernelContestants());
  console.table(kernelRows(entries));
  return { entries, figures: kernelFigures(entries) };
}

async function runFigures(): Promise<Outcome> {
  const entries = await measureFigures();
  console.table(entries.map(rowOf));
  return { entries, figures: [] };
}

async function runDatasets(): Promise<Outcome> {
  const dataDirectory = process.env.RNNLAB_DATA;
  if (dataDirectory === undefined) {
    console.log("Loading of data is not measured: RNNLAB_DATA does not name the directory of the real files");
    return { entries: [], figures: [] };
  }
  const entries = measureDatasets(resolve(dataDirectory));
  console.table(entries.map(rowOf));
  return { entries, figures: [] };
}

async function runEditor(repetitions: number): Promise<Outcome> {
  const entries = await measureEditor(repetitions);
  console.table(entries.map(rowOf));
  return { entries, figures: [] };
}

async function runTraining(
  chosen: readonly Workload[],
  pythons: string | undefined,
  repetitions: number,
): Promise<Outcome> {
  const { stock, fallback, fused, fusedAsStock } = ours;
  const others = pythons === undefined ? [] : peers(pythons);
  const entries: TrainingMeasurement[] = [];
  for (const workload of chosen) {
    const measurements = await race(workload, [stock, fallback, fused, fusedAsStock, ...others], repetitions);
    console.log(`\n${workload.number}: ${workload.name}, batch ${workload.batch}`);
    console.table(trainingRows(measurements));
    entries.push(...measurements);
  }
  const different = differingLosses(entries);
  if (different.length > 0)
    throw new Error(`Cannot compare: not the same work was done\n${different.join("\n")}`);
  return { entries, figures: trainingFigures(entries) };
}

async function runLiveDisplay(repetitions: number): Promise<Outcome> {
  const entries = await measureLiveDisplay(repetitions);
  console.table(liveDisplayRows(entries));
  return { entries, figures: [] };
}

async function runScaling(repetitions: number): Promise<Outcome> {
  const entries = await measureScaling(repetitions);
  console.table(scalingRows(entries));
  return { entries, figures: scalingFigures(entries) };
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
