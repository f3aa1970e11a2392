import { CellCompiler } from "../../kernel/compiler/cell-compiler.js";
import type { Check } from "./check.js";
import { type Notebook, notebookFolder, readNotebooks, sourceOf } from "./notebooks.js";

/** Every cell compiles in its turn, with the kernel's own compiler and the project's strict settings. */
export const notebooksTypeCheck: Check = {
  name: "notebook cells are strictly typed",
  run: async () => readNotebooks().flatMap(({ name, notebook }) => typeErrors(name, notebook)),
};

/**
 * Compiles the code cells of a notebook from top to bottom.
 *
 * @param name - the file's name, for the messages
 * @param notebook - its content
 * @param folder - the folder from which its imports are resolved
 * @returns one line a type error
 */
export function typeErrors(name: string, notebook: Notebook, folder: string = notebookFolder): string[] {
  const compiler = new CellCompiler(folder, "typescript");
  return notebook.cells.flatMap((cell, index) => {
    if (cell.cell_type !== "code") return [];
    const result = compiler.compile(index, sourceOf(cell));
    if (result.ok) compiler.commit(result.surface);
    const errors = result.ok ? [] : result.diagnostics;
    return errors.map(
      ({ line, column, code, message }) =>
        `${name}: cell ${index + 1}, ${line}:${column}: TS${code}: ${message}`,
    );
  });
}
