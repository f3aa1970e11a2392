import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../src/platform/package-root.js";

/** A notebook file, as far as the checks look at it. */
export interface Notebook {
  readonly cells: readonly NotebookCell[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly nbformat: number;
  readonly nbformat_minor: number;
}

/** A cell of a notebook file. */
export interface NotebookCell {
  readonly cell_type: string;
  readonly id?: string;
  readonly source: string | readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly outputs?: readonly unknown[];
  readonly execution_count?: number | null;
}

/** The folder with the lectures' notebooks. */
const notebookFolder = join(packageRoot, "notebooks");

/**
 * Reads every notebook of a folder.
 *
 * @param folder - the folder, by default the lectures'
 * @returns file names and contents, by name
 */
export function readNotebooks(folder: string = notebookFolder): { name: string; notebook: Notebook }[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".ipynb"))
    .sort()
    .map((name) => ({ name, notebook: JSON.parse(readFileSync(join(folder, name), "utf8")) }));
}

/**
 * The text of a cell.
 *
 * @param cell - the cell
 * @returns its source as one string
 */
export function sourceOf(cell: NotebookCell): string {
  return typeof cell.source === "string" ? cell.source : cell.source.join("");
}
