import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { NotebookDocument } from "../../cli/notebooks/notebook-document.js";
import { writeNotebook } from "../../cli/notebooks/write-notebook.js";
import { packageRoot } from "../../src/platform/package-root.js";

/**
 * Writes notebooks with mistakes, as small as they can be, and a lecture with one in a cell at its end.
 *
 * @param folder - where they are written
 * @param lecture - the file's name
 */
export function writeNotebooks(folder: string, lecture: string): void {
  const path = join(packageRoot, "notebooks", lecture);
  const { cells, ...rest } = JSON.parse(readFileSync(path, "utf8")) as NotebookDocument;
  writeNotebook(join(folder, lecture), { ...rest, cells: [...cells, ...planted()] });
  writeNotebook(
    join(folder, "planted.ipynb"),
    notebook([
      "/** How many. */\nconst count = 3;\nfunction half(x: number) { return x / 2; }",
      "# a = ;",
      'half(count).toFixed();\nconst wrong: number = "text";',
      "half(wrong);\ncount.length;",
    ]),
  );
  writeNotebook(join(folder, "other.ipynb"), notebook(["count;"]));
}

const planted = () => notebook(['const planted: number = "text";']).cells;

function notebook(sources: readonly string[]): NotebookDocument {
  return {
    cells: sources.map((source, index) =>
      source.startsWith("#")
        ? { id: `planted-${index}`, cell_type: "markdown", metadata: {}, source }
        : {
            id: `planted-${index}`,
            cell_type: "code",
            metadata: {},
            source,
            outputs: [],
            execution_count: null,
          },
    ),
    metadata: {
      kernelspec: { name: "rnnlab", display_name: "TypeScript (rnnlab)", language: "typescript" },
      language_info: { name: "typescript" },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
}
