import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Language, TRAITS } from "../../kernel/shared/language.js";
import { plain } from "./execution.js";
import { type JupyterHome, type Outcome, python, run } from "./python.js";
import { joinStreams } from "./streams.js";

/** What a notebook keeps of a cell's output. */
export interface Output {
  readonly output_type: string;
  readonly name?: string;
  readonly text?: string | string[];
  readonly data?: Record<string, string | string[]>;
  readonly ename?: string;
}

export interface Cell {
  readonly outputs: Output[];
  readonly execution_count: number | null;
}

/** A notebook's text, which may be stored in lines, without colours. */
export const joined = (text: string | string[] | undefined): string => plain([text ?? []].flat().join(""));

/** What an output shows: its text, and in front of a colon the MIME type where it is another one. */
export function textOf({ output_type, text, data }: Output): string {
  if (output_type === "stream") return joined(text);
  const [type = "", content] = Object.entries(data ?? {}).find(([type]) => type !== "text/plain") ?? [];
  return type === "" ? joined(data?.["text/plain"]) : `${type}: ${joined(content)}`;
}

/** How long nbconvert may take for a notebook, in ms. */
const NOTEBOOK_TIME = 120_000;

/** The cells of notebooks, by name. */
type Sources = Readonly<Record<string, readonly string[]>>;

/**
 * Writes notebooks with these cells and executes all of them in one process: the start of nbconvert takes longer than
 * most of them do.
 *
 * @param home - where the kernel is installed
 * @returns how that went, and what reads the result of each, if there is one; each stretch of a stream is one output
 */
async function executeNotebooks(
  home: JupyterHome,
  notebooks: Sources,
  options: readonly string[] = [],
  language: Language = "typescript",
): Promise<{ readonly outcome: Outcome; readonly cells: (name: string) => Cell[] }> {
  const fileOf = (name: string) => `${name.replace(/\W+/g, "-")}.ipynb`;
  const out = mkdtempSync(join(home.directory, "executed-"));
  for (const [name, sources] of Object.entries(notebooks)) {
    writeFileSync(join(home.directory, fileOf(name)), JSON.stringify(notebook(sources, language)));
  }
  const files = Object.keys(notebooks).map(fileOf);
  const args = [
    "-m",
    "nbconvert",
    "--to",
    "notebook",
    "--execute",
    "--output-dir",
    out,
    ...options,
    ...files,
  ];
  const milliseconds = NOTEBOOK_TIME * files.length;
  const outcome = await run(python(), args, { env: home.env, cwd: home.directory, milliseconds });
  return { outcome, cells: (name) => readCells(join(out, fileOf(name)), outcome) };
}

/** {@link executeNotebooks} for a single one. */
export async function executeNotebook(
  home: JupyterHome,
  name: string,
  sources: readonly string[],
  options: readonly string[] = [],
): Promise<{ readonly outcome: Outcome; readonly cells: () => Cell[] }> {
  const { outcome, cells } = await executeNotebooks(home, { [name]: sources }, options);
  return { outcome, cells: () => cells(name) };
}

/**
 * Notebooks that are executed together when one of them is first asked for.
 *
 * @param home - gives the place where the kernel is installed
 * @returns a function that gives the cells of one
 */
export function executedOnce(
  home: () => JupyterHome,
  notebooks: Sources,
  options: readonly string[] = [],
  language: Language = "typescript",
): (name: string) => Promise<Cell[]> {
  let executed: ReturnType<typeof executeNotebooks> | undefined;
  return async (name) => {
    executed ??= executeNotebooks(home(), notebooks, options, language);
    return (await executed).cells(name);
  };
}

function notebook(sources: readonly string[], language: Language): object {
  const { title, suffix } = TRAITS[language];
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: `rnnlab${suffix}`, display_name: `${title} (rnnlab)`, language } },
    cells: sources.map((source, i) => ({
      id: `cell-${i}`,
      cell_type: "code",
      source,
      metadata: {},
      outputs: [],
      execution_count: null,
    })),
  };
}

function readCells(file: string, outcome: Outcome): Cell[] {
  assert.equal(outcome.status, 0, outcome.stderr);
  const { cells } = JSON.parse(readFileSync(file, "utf8")) as { cells: Cell[] };
  return cells.map((cell) => ({ ...cell, outputs: joinStreams(cell.outputs) }));
}
