import { readFileSync, statSync } from "node:fs";
import { joinedText } from "../notebooks/notebook-document.js";
import { SEPARATOR } from "./joined-cells.js";

/** What was read of a file in one state. */
interface Saved {
  readonly state: string;
  readonly cells: readonly string[];
}

const known = new Map<string, Saved>();

/**
 * The code cells of a notebook, as it was saved, that have in them what stands between joined cells. It is read again only
 * when it was saved again.
 *
 * @param path - of the notebook
 * @returns none for a notebook that was never saved, or that is being written
 */
export function savedCells(path: string): readonly string[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  const state = `${stat.mtimeMs} ${stat.size}`;
  const before = known.get(path);
  if (before?.state === state) return before.cells;
  const cells = cellsIn(readFileSync(path, "utf8")).filter((each) => each.includes(SEPARATOR));
  known.set(path, { state, cells });
  return cells;
}

function cellsIn(text: string): string[] {
  let notebook: { readonly cells?: unknown };
  try {
    notebook = JSON.parse(text);
  } catch {
    // Only half of it is there yet: it is read again when it has all.
    return [];
  }
  if (!Array.isArray(notebook.cells)) return [];
  return notebook.cells.filter((each) => each?.cell_type === "code").map((each) => joinedText(each.source));
}
