import { availableParallelism } from "node:os";
import { dirname, resolve } from "node:path";
import { CompilerClient } from "../../kernel/compiler/client/compiler-client.js";
import { helpQuestion } from "../../kernel/requests/help-question.js";
import type { Diagnostic } from "../../kernel/shared/compiler-messages.js";
import type { CodeCell, NotebookFile } from "./notebook-file.js";

/** Something that is wrong with a cell. */
export interface CellFinding {
  readonly cell: CodeCell;
  /** Whether it would stop the cell. What does not is shown below the cell when it runs. */
  readonly severity: "error" | "warning";
  readonly diagnostic: Diagnostic;
}

/** What is wrong with one notebook. */
export interface NotebookFindings {
  readonly notebook: NotebookFile;
  /** In the order of the cells. */
  readonly findings: readonly CellFinding[];
}

/** A cell with this tag may fail: nbclient goes on after it. */
const MAY_FAIL = "raises-exception";

/** Each takes about 300 MB. */
const MOST_COMPILERS = 4;

/**
 * Checks the cells of notebooks in their order, as the kernel would, and runs none of them. The imports and the tsconfig
 * of a notebook are looked for in its folder. Notebooks of one folder share the kernel's compiler processes.
 *
 * @param notebooks - what is checked
 * @returns what is wrong, a notebook an entry, in the order given
 */
export async function checkNotebooks(notebooks: readonly NotebookFile[]): Promise<NotebookFindings[]> {
  const found = new Map<NotebookFile, readonly CellFinding[]>();
  for (const group of groupsOf(notebooks)) {
    const waiting = [...group];
    const work = async (): Promise<void> => {
      const [first] = group;
      const compiler = new CompilerClient(folderOf(first), first.language);
      try {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          found.set(next, await checkCells(next, compiler));
          compiler.reset();
        }
      } finally {
        compiler.close();
      }
    };
    const count = Math.min(waiting.length, availableParallelism(), MOST_COMPILERS);
    await Promise.all(Array.from({ length: count }, work));
  }
  return notebooks.map((notebook) => ({ notebook, findings: found.get(notebook) ?? [] }));
}

async function checkCells(notebook: NotebookFile, compiler: CompilerClient): Promise<CellFinding[]> {
  const findings: CellFinding[] = [];
  await compiler.call(
    "foresee",
    notebook.cells.map(({ source }) => source),
  );
  for (const cell of notebook.cells) {
    if (helpQuestion(cell.source) !== undefined) continue;
    const { stops, shown, surface } = await compiler.call("check", cell.number, cell.source);
    if (surface !== undefined) compiler.commit(surface);
    if (cell.tags.includes(MAY_FAIL)) continue;
    const severity = stops.length > 0 ? "error" : "warning";
    for (const diagnostic of stops.length > 0 ? stops : shown) findings.push({ cell, severity, diagnostic });
  }
  return findings;
}

type Group = readonly [NotebookFile, ...NotebookFile[]];

/** Notebooks of one folder and language. */
function groupsOf(notebooks: readonly NotebookFile[]): Iterable<Group> {
  const groups = new Map<string, [NotebookFile, ...NotebookFile[]]>();
  for (const notebook of notebooks) {
    const key = JSON.stringify([folderOf(notebook), notebook.language]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [notebook]);
    else group.push(notebook);
  }
  return groups.values();
}

const folderOf = ({ path }: NotebookFile): string => dirname(resolve(path));
