import { dirname, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import ts from "typescript";
import type { Publication } from "../../kernel/direct-kernel.js";
import { RESULTS_TYPE, type TestResult } from "../../src/testing/test-result.js";
import {
  type DocumentCell,
  documentOf,
  joinedText,
  newCellId,
  tagsOf,
} from "../notebooks/notebook-document.js";
import type { NotebookFile } from "../notebooks/notebook-file.js";
import { type CellResult, NotebookRun, type RunningCell } from "../notebooks/run-notebook.js";
import type { Stops } from "../run/stops.js";

/** A test with the place of its cell. */
export interface CellTest extends TestResult {
  /** The cell's place among all cells, from 1. */
  readonly cell: number;
}

/** The tests of a notebook, in the order of its cells. */
export interface NotebookTests {
  readonly notebook: string;
  readonly tests: readonly CellTest[];
  readonly seconds: number;
}

/** A cell with this tag is a test itself: it passes unless it throws. */
const TEST = "test";
const MAY_FAIL = "raises-exception";
const MODULE = "rnnlab/testing";

/**
 * Runs a notebook and takes down what became of its tests.
 *
 * @param file - the notebook
 * @param timeout - how long a cell may take, in seconds
 * @param stops - ends the run
 */
export async function runTests(
  file: NotebookFile,
  timeout: number | undefined,
  stops: Stops,
): Promise<NotebookTests> {
  const document = documentOf(file);
  for (const cell of document.cells) {
    if (isTest(cell)) cell.metadata.tags = [...tagsOf(cell), MAY_FAIL];
  }
  if (file.text.includes(MODULE)) document.cells.push(waitingCell());
  const isOnly = file.cells.some(({ source }) => marksOnly(source));
  if (isOnly) process.env.RNNLAB_TEST_ONLY = "1";
  const collector = new ResultCollector();
  const run = new NotebookRun(
    document,
    { folder: resolve(dirname(file.path)), language: file.language },
    { timeout, watcher: collector },
  );
  stops.watch(run);
  try {
    const { seconds } = await run.run();
    return { notebook: file.path, tests: collector.tests, seconds };
  } finally {
    stops.watch(undefined);
    run.close();
    if (isOnly) delete process.env.RNNLAB_TEST_ONLY;
  }
}

/** Waits for tests that the last cell has begun. */
function waitingCell(): DocumentCell {
  const source = `await (await import(${JSON.stringify(MODULE)})).finished();`;
  return { id: newCellId(), cell_type: "code", metadata: {}, source };
}

const isTest = (cell: DocumentCell): boolean => cell.cell_type === "code" && tagsOf(cell).includes(TEST);

/** Whether a cell calls `test.only` or `describe.only`. */
function marksOnly(source: string): boolean {
  const visit = (node: ts.Node): boolean =>
    (ts.isPropertyAccessExpression(node) &&
      node.name.text === "only" &&
      ts.isIdentifier(node.expression) &&
      ["test", "describe"].includes(node.expression.text)) ||
    ts.forEachChild(node, visit) === true;
  return visit(ts.createSourceFile("cell.tsx", source, ts.ScriptTarget.ES2022, true));
}

class ResultCollector {
  /** By the display that shows them: what it shows last counts. */
  readonly #shown = new Map<string, { readonly cell: number; readonly tests: readonly TestResult[] }>();
  readonly #cells: CellTest[] = [];

  get tests(): CellTest[] {
    const declared = [...this.#shown.values()].flatMap(({ cell, tests }) =>
      tests.map((test) => ({ ...test, cell })),
    );
    return [...declared, ...this.#cells].sort((a, b) => a.cell - b.cell);
  }

  publication({ number }: RunningCell, { type, content }: Publication): void {
    if (type === "stream") process.stderr.write(String(content.text));
    const { data, transient } = content as {
      data?: Record<string, unknown>;
      transient?: { display_id?: string };
    };
    const shown = data?.[RESULTS_TYPE] as { tests?: readonly TestResult[] } | undefined;
    if (shown?.tests === undefined) return;
    const id = transient?.display_id ?? `cell ${number}`;
    this.#shown.set(id, { cell: this.#shown.get(id)?.cell ?? number, tests: shown.tests });
  }

  cellEnds({ number, cell, source, outcome, seconds, error, mayFail }: CellResult): void {
    const milliseconds = seconds * 1000;
    const declares = [...this.#shown.values()].some((shown) => shown.cell === number);
    if (outcome === "ok") {
      if (isTest(cell) && !declares)
        this.#cells.push({ cell: number, name: titleOf(source, number), status: "passed", milliseconds });
    } else if (isTest(cell) || !mayFail) {
      const name = isTest(cell) ? titleOf(source, number) : `cell ${number} runs`;
      const text = stripVTControlCharacters((error?.traceback ?? []).join("\n"));
      this.#cells.push({ cell: number, name, status: "failed", milliseconds, error: text });
    }
  }
}

/** What a cell's first comment says. */
function titleOf(source: string, number: number): string {
  const [, title = ""] = /^\s*\/\/+\s*(.*\S)/.exec(joinedText(source)) ?? [];
  return title === "" ? `cell ${number}` : title;
}
