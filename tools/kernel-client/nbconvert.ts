import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
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

/**
 * Writes a notebook with these cells and executes it.
 *
 * @param home - where the kernel is installed
 * @returns how that went, and what reads the result, if there is one; each stretch of a stream is one output
 */
export async function executeNotebook(
  home: JupyterHome,
  name: string,
  sources: readonly string[],
  options: readonly string[] = [],
  language: Language = "typescript",
): Promise<{ readonly outcome: Outcome; readonly cells: () => Cell[] }> {
  const file = join(home.directory, `${name}.ipynb`);
  writeFileSync(file, JSON.stringify(notebook(sources, language)));
  const args = ["-m", "nbconvert", "--to", "notebook", "--execute", "--output", `${name}.out.ipynb`];
  const outcome = await run(python(), [...args, ...options, file], { env: home.env, cwd: home.directory });
  return { outcome, cells: () => readCells(join(home.directory, `${name}.out.ipynb`), outcome) };
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
