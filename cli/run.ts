import { dirname, resolve } from "node:path";
import { messageOf } from "../src/platform/message-of.js";
import { documentOf, type NotebookDocument } from "./notebooks/notebook-document.js";
import { type NotebookFile, readNotebook } from "./notebooks/notebook-file.js";
import { reportedFigures } from "./notebooks/reported-figures.js";
import { NotebookRun, type RunResult } from "./notebooks/run-notebook.js";
import { writeNotebook } from "./notebooks/write-notebook.js";
import { type RunArguments, readRunArguments } from "./run/arguments.js";
import { CellDisplay } from "./run/cell-display.js";
import { HtmlWriter } from "./run/html.js";
import { outputPaths, prepareOutput } from "./run/output-paths.js";
import { type GivenValue, readParametersFile, valueOfText } from "./run/parameter-values.js";
import { type NotebookReport, reportJson, reportTable } from "./run/report.js";
import { ParameterError, setParameters } from "./run/set-parameters.js";
import { Stops } from "./run/stops.js";

/** A notebook that can be run, or why it cannot. */
interface Task {
  readonly path: string;
  readonly output: string;
  readonly ready:
    | { readonly file: NotebookFile; readonly document: NotebookDocument; readonly parameters: object }
    | undefined;
  readonly problem: string | undefined;
}

/** The exit code where the parameters do not fit. */
const MISFIT = 2;

/**
 * `rnnlab run`: runs notebooks without a Jupyter server, and writes them with their outputs.
 *
 * @param args - what follows the command's name
 * @returns the exit code: 0, or 1 if one has failed, or that of a signal
 * @throws {UsageError} when the arguments are wrong
 */
export async function run(args: readonly string[]): Promise<number> {
  const options = readRunArguments(args);
  const outputs = outputPaths(options.notebooks, options.output);
  const values = givenValues(options);
  const html = options.html ? await HtmlWriter.find() : undefined;
  const stops = new Stops();
  const tasks: Task[] = [];
  let misfit = false;
  for (const [index, path] of options.notebooks.entries()) {
    try {
      tasks.push(await prepare(path, outputs[index] ?? path, values));
    } catch (error) {
      misfit ||= error instanceof ParameterError;
      console.error(`rnnlab: ${messageOf(error)}`);
      tasks.push({ path, output: "", ready: undefined, problem: messageOf(error) });
    }
  }
  const display = new CellDisplay(options.json ? process.stderr : process.stdout, process.stderr);
  const reports: NotebookReport[] = [];
  // Before anything runs, all are to be fine: who has misspelt a name need not wait for the first of ten notebooks.
  for (const task of tasks) {
    const isRun = task.ready !== undefined && !misfit && stops.exitCode === undefined;
    const { path: notebook, ready, problem } = task;
    const nothing = { output: undefined, html: undefined, figures: {}, total: 0, result: undefined };
    const report = { notebook, ...nothing, problem };
    reports.push(
      isRun
        ? { ...report, ...(await runTask(task.ready, task, options, display, stops, html)) }
        : { ...report, parameters: ready?.parameters ?? {} },
    );
  }
  if (options.json) console.log(reportJson(reports));
  else if (!misfit) console.log(`\n${reportTable(reports)}`);
  stops.close();
  const failed = reports.some(({ result, problem }) => problem !== undefined || result?.outcome !== "ok");
  return stops.exitCode ?? (misfit ? MISFIT : failed ? 1 : 0);
}

function givenValues({ parameters, parametersFile }: RunArguments): ReadonlyMap<string, GivenValue> {
  const values = parametersFile === undefined ? new Map() : readParametersFile(parametersFile);
  for (const [name, text] of parameters) values.set(name, valueOfText(text));
  return values;
}

async function prepare(path: string, output: string, values: ReadonlyMap<string, GivenValue>): Promise<Task> {
  const file = readNotebook(path);
  prepareOutput(output);
  const document = documentOf(file);
  const parameters = values.size === 0 ? {} : await setParameters(path, document, notebookOf(file), values);
  return { path, output, ready: { file, document, parameters }, problem: undefined };
}

const notebookOf = ({ path, language }: NotebookFile) => ({ folder: resolve(dirname(path)), language });

async function runTask(
  { file, document, parameters }: NonNullable<Task["ready"]>,
  { path, output }: Task,
  { timeout, allowErrors }: RunArguments,
  watcher: CellDisplay,
  stops: Stops,
  html: HtmlWriter | undefined,
): Promise<Partial<NotebookReport> & Pick<NotebookReport, "parameters">> {
  watcher.notebookBegins(path, document.cells.length);
  const run = new NotebookRun(document, notebookOf(file), { timeout, allowErrors, watcher });
  const { total } = run;
  stops.watch(run);
  let result: RunResult;
  try {
    result = await run.run();
  } finally {
    stops.watch(undefined);
    run.close();
  }
  run.settle();
  const report = { parameters, figures: reportedFigures(document), total, result };
  try {
    writeNotebook(output, document);
  } catch (error) {
    console.error(`rnnlab: ${messageOf(error)}`);
    return { ...report, problem: messageOf(error) };
  }
  try {
    return { ...report, output, html: await html?.write(output) };
  } catch (error) {
    console.error(`rnnlab: ${messageOf(error)}`);
    return { ...report, output, problem: messageOf(error) };
  }
}
