import { randomUUID } from "node:crypto";
import { DirectKernel, type Publication } from "../../kernel/direct-kernel.js";
import { kernelInfo } from "../../kernel/protocol/kernel-info.js";
import type { Json } from "../../kernel/protocol/wire.js";
import type { Notebook } from "../../kernel/shared/language.js";
import type { ErrorReport } from "../../kernel/shared/session-messages.js";
import { type DocumentCell, joinedText, type NotebookDocument, tagsOf } from "./notebook-document.js";
import { OutputRecorder } from "./output-recorder.js";

/** nbclient, too, goes on after such a cell if it fails, and does not run one with the other tag. */
const MAY_FAIL = "raises-exception";
const SKIPPED = "skip-execution";

/** How often a cell whose time is over is interrupted until it ends, in ms: in the end its session is ended. */
const INSISTENCE = 1000;

/** A cell while the notebook runs. */
export interface RunningCell {
  /** Its place among all cells, from 1. */
  readonly number: number;
  readonly cell: DocumentCell;
  readonly source: string;
}

/** What became of a cell. */
export interface CellResult extends RunningCell {
  readonly outcome: "ok" | "failed" | "interrupted";
  readonly seconds: number;
  readonly error: ErrorReport | undefined;
  /** Whether the run may go on after the error. */
  readonly mayFail: boolean;
}

/** What became of a notebook. */
export interface RunResult {
  readonly outcome: "ok" | "failed" | "interrupted";
  /** The cells that have run, in their order. */
  readonly cells: readonly CellResult[];
  readonly seconds: number;
}

/** How a notebook is run. */
export interface RunOptions {
  /** How long a cell may take, in seconds. */
  readonly timeout?: number | undefined;
  /** Whether to go on after a cell that fails. */
  readonly allowErrors?: boolean;
  /** Who sees the cells run. */
  readonly watcher?: RunWatcher;
}

/** Who sees the cells run. */
export interface RunWatcher {
  cellBegins?(cell: RunningCell): void;
  /** The kernel publishes something that belongs to a cell, which may have ended before. */
  publication?(cell: RunningCell, publication: Publication): void;
  cellEnds?(result: CellResult): void;
  /** Resolves when more can be shown; undefined while it can. */
  relief?(): Promise<void> | undefined;
}

/** One run of a notebook: each code cell, with the outputs taken down in the document. */
export class NotebookRun {
  readonly kernel: DirectKernel;
  readonly #options: RunOptions;
  readonly #recorder = new OutputRecorder();
  readonly #cells = new Map<string, RunningCell>();
  /** The cells that are to run. */
  readonly #waiting: readonly RunningCell[];
  #interrupted = false;
  #abandon: () => void = () => {};
  readonly #abandoned = new Promise<undefined>((resolve) => {
    this.#abandon = () => resolve(undefined);
  });

  /**
   * @param document - the notebook, which gets the outputs; only code cells that are to run lose those that they have
   * @param notebook - its folder and language
   */
  constructor(document: NotebookDocument, notebook: Notebook, options: RunOptions = {}) {
    this.#options = options;
    this.#waiting = document.cells.flatMap((cell, index): RunningCell[] => {
      const source = joinedText(cell.source);
      const runs = cell.cell_type === "code" && source.trim() !== "" && !tagsOf(cell).includes(SKIPPED);
      return runs ? [{ number: index + 1, cell, source }] : [];
    });
    this.kernel = new DirectKernel(notebook, {
      publish: (publication) => this.#take(publication),
      relief: () => options.watcher?.relief?.(),
    });
    document.metadata.language_info = kernelInfo(notebook.language).language_info;
  }

  /** How many cells are to run. */
  get total(): number {
    return this.#waiting.length;
  }

  /** Runs the cells in their order; ends after one that fails and may not, and after an interrupt. */
  async run(): Promise<RunResult> {
    for (const { cell } of this.#waiting) Object.assign(cell, { outputs: [], execution_count: null });
    await Promise.race([this.kernel.started(), this.#abandoned]);
    const start = performance.now();
    const results: CellResult[] = [];
    let outcome: RunResult["outcome"] = "ok";
    for (const cell of this.#waiting) {
      if (this.#interrupted) return { outcome: "interrupted", cells: results, seconds: since(start) };
      const result = await this.#runCell(cell);
      if (result === undefined) return { outcome: "interrupted", cells: results, seconds: since(start) };
      results.push(result);
      this.#options.watcher?.cellEnds?.(result);
      if (!this.#interrupted && (result.outcome === "ok" || result.mayFail)) continue;
      outcome = this.#interrupted ? "interrupted" : "failed";
      break;
    }
    return { outcome, cells: results, seconds: since(start) };
  }

  /** Interrupts the running cell, after which the run ends. */
  interrupt(): void {
    this.#interrupted = true;
    this.kernel.interrupt();
  }

  /** Lets go of the running cell: the run ends at once. */
  abandon(): void {
    this.#abandon();
  }

  /** Writes what the cells have put out so far into the document. */
  settle(): void {
    this.#recorder.settle();
  }

  /** Ends the kernel's processes. */
  close(): void {
    this.kernel.close();
  }

  /** Undefined if the run was abandoned meanwhile. */
  async #runCell(running: RunningCell): Promise<CellResult | undefined> {
    const { cell, source } = running;
    const id = randomUUID();
    this.#cells.set(id, running);
    this.#recorder.begin(id, cell);
    this.#options.watcher?.cellBegins?.(running);
    const start = performance.now();
    const began = new Date().toISOString();
    cell.metadata.execution = { "iopub.status.busy": began, "iopub.execute_input": began };
    const { reply, timedOut } = await this.#execute(id, source, cell.id);
    if (reply === undefined) return undefined;
    const ended = new Date().toISOString();
    Object.assign(cell.metadata.execution as object, {
      "iopub.status.idle": ended,
      "shell.execute_reply": ended,
    });
    const error = timedOut && reply.status === "error" ? this.#timeout() : errorOf(reply);
    if (error !== undefined && timedOut) this.#recorder.fail(id, { ...error });
    const mayFail = this.#options.allowErrors === true || tagsOf(cell).includes(MAY_FAIL);
    const outcome = error === undefined ? "ok" : this.#interrupted ? "interrupted" : "failed";
    return { ...running, outcome, seconds: since(start), error, mayFail };
  }

  /** Runs a cell as long as it may take. */
  async #execute(id: string, code: string, cellId: string) {
    const { timeout } = this.#options;
    let timedOut = false;
    let insistence: NodeJS.Timeout | undefined;
    const timer =
      timeout === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            this.kernel.interrupt();
            insistence = setInterval(() => this.kernel.interrupt(), INSISTENCE);
          }, timeout * 1000);
    try {
      return {
        reply: await Promise.race([this.kernel.execute({ id, code, cellId }), this.#abandoned]),
        timedOut,
      };
    } finally {
      clearTimeout(timer);
      clearInterval(insistence);
    }
  }

  #timeout(): ErrorReport {
    const evalue = `the cell must end within ${this.#options.timeout} s (--timeout), and was stopped`;
    return { ename: "TimeoutError", evalue, traceback: [`TimeoutError: ${evalue}`] };
  }

  #take(publication: Publication): void {
    this.#recorder.take(publication);
    const cell = this.#cells.get(publication.parent?.msg_id ?? "");
    if (cell !== undefined) this.#options.watcher?.publication?.(cell, publication);
  }
}

function errorOf(reply: Json): ErrorReport | undefined {
  if (reply.status !== "error") return undefined;
  const { ename, evalue, traceback } = reply as unknown as ErrorReport;
  return { ename, evalue, traceback };
}

const since = (start: number): number => (performance.now() - start) / 1000;
