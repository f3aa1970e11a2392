import { availableParallelism } from "node:os";
import { dirname, resolve } from "node:path";
import { CompilerClient } from "../../kernel/compiler/client/compiler-client.js";
import type { Diagnostic } from "../../kernel/shared/compiler-messages.js";
import { isForKernel } from "../../kernel/shared/kernel-command.js";
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
 * of a notebook are looked for in its folder. Notebooks of one folder share the kernel's compiler processes, and what
 * these know of packages. One with something wrong is checked once more, alone: how TypeScript writes a type depends on
 * the types that it has met before.
 *
 * @param notebooks - what is checked
 * @returns what is wrong, a notebook an entry, in the order given
 */
export async function checkNotebooks(notebooks: readonly NotebookFile[]): Promise<NotebookFindings[]> {
  const found = new Map<NotebookFile, readonly CellFinding[]>();
  for (const group of groupsOf(notebooks)) {
    // The longest first: then none is left to one process while the others have nothing to do.
    const waiting = [...group].sort((a, b) => b.text.length - a.text.length);
    const work = async (): Promise<void> => {
      const [first] = group;
      const compiler = new CompilerClient(folderOf(first), first.language);
      let before = 0;
      const check = (notebook: NotebookFile): Promise<CellFinding[]> => {
        const start = before;
        before += (notebook.cells.at(-1)?.number ?? 0) + 1;
        return checkCells(notebook, compiler, start);
      };
      try {
        await compiler.call("foresee", group.flatMap(sourcesOf));
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          compiler.turnTo(sourcesOf(next));
          const findings = await check(next);
          if (findings.length === 0) continue;
          compiler.reset();
          await compiler.call("foresee", sourcesOf(next));
          found.set(next, await check(next));
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

/** Checks the cells with their numbers after `start` as serials. */
async function checkCells(
  { cells }: NotebookFile,
  compiler: CompilerClient,
  start: number,
): Promise<CellFinding[]> {
  const code = cells.filter(({ source }) => !isForKernel(source));
  const results = await compiler.call(
    "check",
    code.map(({ number, source }) => ({ serial: start + number, source })),
  );
  return code.flatMap((cell, index) => {
    const { stops = [], shown = [] } = cell.tags.includes(MAY_FAIL) ? {} : (results[index] ?? {});
    const severity = stops.length > 0 ? "error" : "warning";
    return (stops.length > 0 ? stops : shown).map((diagnostic) => ({ cell, severity, diagnostic }));
  });
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

const sourcesOf = ({ cells }: NotebookFile): string[] => cells.map(({ source }) => source);

const folderOf = ({ path }: NotebookFile): string => dirname(resolve(path));
