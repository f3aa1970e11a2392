import { basename, dirname, join, resolve } from "node:path";
import type { NotebookFile } from "../notebook-file.js";
import { finishModule } from "./finish-module.js";
import { joinCells } from "./join-cells.js";
import { type LeftOut, readParts } from "./notebook-parts.js";

/** A notebook as one module of TypeScript. */
export interface ExportedNotebook {
  readonly text: string;
  /** How many code cells are in it. */
  readonly cells: number;
  /** Those that are comments only, as they would not run. */
  readonly leftOut: readonly LeftOut[];
  /** Whether it has elements of JSX, so that the name of its file must end in `.tsx`. */
  readonly isJsx: boolean;
}

/**
 * Writes a notebook as one module: the cells in their order, Markdown as comments.
 *
 * @param notebook - of TypeScript
 * @param output - the path of the module, for its imports; in the notebook's folder if there is none
 * @returns the module
 */
export async function exportNotebook(notebook: NotebookFile, output?: string): Promise<ExportedNotebook> {
  const folder = dirname(resolve(notebook.path));
  const parts = await readParts(notebook);
  const joined = joinCells(parts);
  const target = output === undefined ? join(folder, "module.mts") : resolve(output);
  const module = finishModule(joined, folder, target);
  return {
    text: `// From ${basename(notebook.path)}, written by rnnlab export.\n${module}`,
    cells: joined.spans.length,
    leftOut: parts.filter((part) => part.kind === "left out"),
    isJsx: joined.isJsx,
  };
}
