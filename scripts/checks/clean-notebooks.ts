import type { Check } from "./check.js";
import { type Notebook, readNotebooks } from "./notebooks.js";

const METADATA = ["kernelspec", "language_info"];
// Papermill puts its values after the cell with the tag "parameters".
const CELL_METADATA = ["tags"];

/** Notebooks are committed without anything that running them or a front end leaves behind. */
export const notebooksAreClean: Check = {
  name: "notebooks are clean",
  run: async () => readNotebooks().flatMap(({ name, notebook }) => uncleanness(name, notebook)),
};

/**
 * Finds what does not belong into a committed notebook.
 *
 * @param name - the file's name, for the messages
 * @param notebook - its content
 * @returns one line a problem
 */
export function uncleanness(name: string, notebook: Notebook): string[] {
  const problems: string[] = [];
  const extra = Object.keys(notebook.metadata).filter((key) => !METADATA.includes(key));
  if (extra.length > 0)
    problems.push(`metadata must be ${METADATA.join(" and ")} only, got ${extra.join(", ")}`);
  const kernel = (notebook.metadata.kernelspec as { name?: string } | undefined)?.name;
  if (kernel !== "rnnlab") problems.push(`the kernel must be rnnlab, got ${kernel}`);
  if (notebook.nbformat !== 4 || notebook.nbformat_minor < 5)
    problems.push(`the format must be 4.5 or newer, got ${notebook.nbformat}.${notebook.nbformat_minor}`);
  const ids = new Set<string>();
  for (const [index, cell] of notebook.cells.entries()) {
    const where = `cell ${index + 1}`;
    if (cell.id === undefined) problems.push(`${where} has no id`);
    else if (ids.has(cell.id)) problems.push(`${where} has the id ${cell.id} of another cell`);
    else ids.add(cell.id);
    if ((cell.outputs ?? []).length > 0) problems.push(`${where} has outputs`);
    if (typeof cell.execution_count === "number") problems.push(`${where} has an execution count`);
    const more = Object.keys(cell.metadata).filter((key) => !CELL_METADATA.includes(key));
    if (more.length > 0) problems.push(`${where} has metadata: ${more.join(", ")}`);
  }
  return problems.map((problem) => `${name}: ${problem}`);
}
