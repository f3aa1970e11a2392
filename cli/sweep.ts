import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import { richDisplay } from "../src/display/index.js";
import { messageOf } from "../src/platform/message-of.js";
import { readSweep, type Sweep } from "../src/sweep/index.js";
import type { SweepPlan } from "../src/sweep/sweep-folder.js";
import type { SweepRun } from "../src/sweep/sweep-run.js";
import { type NotebookFile, readNotebook } from "./notebooks/notebook-file.js";
import { ParameterError } from "./run/set-parameters.js";
import { readSweepArguments, type SweepArguments } from "./sweep/arguments.js";
import type { Engine } from "./sweep/engines/engine.js";
import { LocalEngine } from "./sweep/engines/local-engine.js";
import { adapterPython } from "./sweep/engines/python-lines.js";
import { RemoteEngine, settingsVariables } from "./sweep/engines/remote-engine.js";
import { gridOf, requireDistinct, requireFew, runId, samplesOf, type Texts } from "./sweep/plan-runs.js";
import { PlannedSource } from "./sweep/planned-source.js";
import { assignments, Progress } from "./sweep/progress.js";
import { type PlannedRun, type RunSource, runAll } from "./sweep/run-all.js";
import { commandOf, runOf } from "./sweep/run-job.js";
import { StopSignal } from "./sweep/stop-signal.js";
import { StudySource } from "./sweep/study-source.js";
import { clearSweep, continueSweep, inSweepFolder, keepRun } from "./sweep/sweep-store.js";
import { typeValues, type ValueOf } from "./sweep/type-values.js";
import { resultsJson, writeResults } from "./sweep/write-results.js";

/** The exit code where the parameters do not fit. */
const MISFIT = 2;

/** A sweep that is ready to begin. */
interface Prepared {
  readonly options: SweepArguments;
  readonly file: NotebookFile;
  readonly folder: string;
  /** All runs; undefined where a study chooses them. */
  readonly runs: readonly PlannedRun[] | undefined;
  readonly typed: ValueOf;
}

/**
 * `rnnlab sweep`: runs a notebook with many values of its parameters, and keeps what each run reports.
 *
 * @param args - what follows the command's name
 * @returns the exit code: 0, or 1 if a run has failed, or that of a signal
 * @throws {UsageError} when the arguments are wrong
 */
export async function sweep(args: readonly string[]): Promise<number> {
  const options = readSweepArguments(args);
  const texts = textsOf(options);
  const file = readNotebook(options.notebook);
  let typed: ValueOf;
  try {
    typed = await typeValues(file, options.variations, texts);
  } catch (error) {
    if (!(error instanceof ParameterError)) throw error;
    console.error(`rnnlab: ${error.message}`);
    return MISFIT;
  }
  requireDistinct(options.variations, typed);
  const runs = texts?.map((each) => plannedRun(each, typed));
  const folder = options.output ?? withoutEnding(options.notebook, ".sweep");
  return inSweepFolder(folder, () => sweepIn({ options, file, folder, runs, typed }));
}

function textsOf({ study, variations, samples, seed, yes }: SweepArguments): Texts[] | undefined {
  if (study !== undefined) {
    requireFew(samples ?? 0, yes);
    return undefined;
  }
  return samples === undefined
    ? gridOf(variations, yes)
    : samplesOf(variations, { count: samples, seed, yes });
}

function plannedRun(texts: Texts, typed: ValueOf): PlannedRun {
  const values = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, typed(name, text)]));
  return { id: runId(values), texts, values };
}

const withoutEnding = (path: string, ending: string): string =>
  join(dirname(path), basename(path, extname(path)) + ending);

async function sweepIn(prepared: Prepared): Promise<number> {
  const { options, folder } = prepared;
  if (options.restart) clearSweep(folder);
  const { runs: found, notes } = continueSweep(folder, planOf(prepared));
  const done = new Map([...found].filter(([, { status }]) => status === "ok" || !options.redoFailed));
  const stop = new StopSignal();
  let failure: string | undefined;
  const out = options.json ? process.stderr : process.stdout;
  const progress = new Progress(
    out,
    prepared.runs?.length ?? options.samples ?? 0,
    done.size,
    options.metric,
  );
  for (const note of notes) progress.line(note);
  try {
    await runMissing(prepared, done, progress, stop);
  } catch (error) {
    failure = messageOf(error);
  }
  stop.close();
  const sweep = readSweep(folder) as Sweep;
  const problem = conclude(prepared, sweep, progress);
  for (const text of [failure, problem]) if (text !== undefined) console.error(`rnnlab: ${text}`);
  if (failure !== undefined || stop.exitCode !== undefined)
    progress.line(
      `${sweep.runs.length} of ${sweep.total} runs are kept; the same command goes on from there`,
    );
  const failed = failure !== undefined || problem !== undefined || sweep.failed.length > 0;
  return stop.exitCode ?? (failed ? 1 : 0);
}

function planOf({ options, file, folder, runs }: Prepared): SweepPlan {
  const cells = createHash("sha256");
  for (const { source, tags } of file.cells) cells.update(JSON.stringify([source, tags]));
  return {
    format: 1,
    notebook: relative(resolve(folder), resolve(options.notebook)),
    cells: cells.digest("hex"),
    variables: settingsVariables(),
    vary: Object.fromEntries(options.variations.map(({ name, text }) => [name, text])),
    metric: options.metric ?? null,
    runs: runs?.map(({ id }) => id) ?? null,
  };
}

async function runMissing(
  prepared: Prepared,
  done: ReadonlyMap<string, SweepRun>,
  progress: Progress,
  stop: StopSignal,
): Promise<void> {
  const { options, folder } = prepared;
  const { timeout, retries, notebooks } = options;
  const notebook = resolve(options.notebook);
  const missing = prepared.runs?.filter(({ id }) => !done.has(id)).length;
  // Who only wants to see the results again needs no engine.
  if (missing === 0) return;
  const engine = await joinEngine(options, notebook);
  const kept = resolve(folder, "notebooks");
  if (notebooks) mkdirSync(kept, { recursive: true });
  try {
    const source = await sourceOf(prepared, done);
    try {
      progress.line(`${missing ?? source.total - done.size} runs on ${engine.name}`);
      await runAll(source, engine, {
        retries,
        stop: stop.signal,
        jobOf: (run) => ({
          id: run.id,
          command: commandOf(notebook, run, timeout),
          output: notebooks ? join(kept, `${run.id}.ipynb`) : undefined,
        }),
        runOf: (run, end, attempts) => runOf(run, end, attempts, timeout),
        keep: (run) => {
          keepRun(folder, run);
          progress.ended(run);
        },
        again: (run, reason) => progress.line(`${assignments(run.values)} is begun anew: ${reason}`),
      });
    } finally {
      await source.close();
    }
  } finally {
    await engine.close();
  }
}

async function joinEngine({ engine, python }: SweepArguments, notebook: string): Promise<Engine> {
  if (engine.kind !== "local")
    return RemoteEngine.join({ kind: engine.kind, address: engine.address, python, notebook });
  return new LocalEngine(engine.workers ?? Math.max(1, Math.floor(availableParallelism() / 2)));
}

async function sourceOf(
  { options, runs, typed }: Prepared,
  done: ReadonlyMap<string, SweepRun>,
): Promise<RunSource> {
  const { study, variations, seed, samples = 0, metric = "" } = options;
  if (runs !== undefined) return new PlannedSource(runs, done);
  if (study === undefined) throw new Error("Cannot sweep: there must be runs or a study, got neither");
  const python = await adapterPython(options.python);
  return StudySource.open({ ...study, python, variations, seed, count: samples, metric, done, typed });
}

/** Shows and writes the results; tells what is wrong with them. */
function conclude({ options, folder }: Prepared, sweep: Sweep, progress: Progress): string | undefined {
  const { notebook, json, study } = options;
  const direction = study?.direction ?? "minimize";
  const { metric: wanted, finished } = sweep;
  const metric = finished.some(({ figures }) => wanted !== undefined && wanted in figures)
    ? wanted
    : undefined;
  const results = { notebook, metric, direction };
  const files = writeResults(folder, sweep, results);
  if (json) console.log(resultsJson(sweep, results));
  else if (sweep.runs.length > 0) {
    progress.line(`\n${sweep.table()[richDisplay]()["text/plain"]}`);
    if (metric !== undefined) {
      const best = sweep.best({ metric, direction });
      const word = direction === "minimize" ? "Least" : "Greatest";
      progress.line(`\n${word} ${metric}: ${best.figures[metric]} with ${assignments(best.parameters)}`);
    }
  }
  progress.line(`Written: ${files.join(", ")}`);
  if (wanted === undefined || metric !== undefined || finished.length === 0) return undefined;
  const known = [...new Set(finished.flatMap(({ figures }) => Object.keys(figures)))].join(", ") || "nothing";
  return `Cannot draw ${wanted} (--metric): a run must report it, got ${known}; the same command with another --metric runs nothing anew`;
}
