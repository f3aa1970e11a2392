import { INTERRUPT_REPORT } from "../../shared/interrupt-report.js";
import type { CellOrigin, ExpressionResult, MimeBundle, Program } from "../../shared/session-messages.js";
import { cellOfError, reportError } from "../errors/errors.js";
import { rememberCell } from "../errors/stack-traces.js";
import { forgetThrown } from "../errors/thrown-values.js";
import { finishOutputs } from "../hosts/display-host.js";
import type { TensorEngines } from "../hosts/tensor-engines.js";
import { forgetHalfLoaded, provideModules } from "../imports/compiled-modules.js";
import { isInterrupted, noticeInterrupts } from "../interrupts/atomic.js";
import { asSession, callGuarded, interruptibly } from "../interrupts/guarded-call.js";
import { whenSettled } from "../interrupts/reactions.js";
import { type CellEnd, send } from "../output/channel.js";
import { complain, described } from "../output/complaints.js";
import type { Bundler } from "../output/mime.js";
import { attributedSerial, print, setLatestSerial } from "../output/output.js";
import { afterFarewells, endLife, runInCell } from "../ownership/cell-context.js";
import type { RunningCell } from "../ownership/running-cell.js";
import { endText } from "../patches/captured-output.js";
import { closeResources } from "../patches/cell-resources.js";
import { renewFetch } from "../patches/connections.js";
import { beginCell, concludeCell, endCell, endWaitingCell, type Shown } from "./cell-end.js";
import { evaluate, type Outcome } from "./evaluate.js";

/** The cell or expression being run: it is settled once, by its outcome or by an interrupt, whichever is first. */
interface Task {
  readonly cell: RunningCell;
  readonly settle: (shown: Shown) => void;
}

/** What running a cell needs of the session. */
export interface RunnerParts {
  /** How a cell's value is shown. */
  readonly bundler: Bundler;
  /** Whether a script's value is what it completes with: a cell in TypeScript hands its own over. */
  readonly byCompletion: boolean;
  readonly engines: TensorEngines;
  /** The CommonJS modules that cells have loaded. */
  readonly loaded: NodeJS.Dict<NodeJS.Module>;
  /** Is called when a cell has ended. */
  readonly ended: () => void;
}

/** Runs cells and expressions, one at a time, and sends what becomes of each. */
export class CellRunner {
  readonly #parts: RunnerParts;
  #task: Task | undefined;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
  }

  /** Whether a cell is the one that is running. */
  isRunning(cell: RunningCell | undefined): boolean {
    return cell !== undefined && cell === this.#task?.cell;
  }

  /** Runs a cell and sends its value, then its end. */
  execute(origin: CellOrigin, program: Program): void {
    const { serial, executionCount } = origin;
    setLatestSerial(serial);
    this.#run(origin, program, `Cell In[${executionCount}]`, (shown) => {
      const data = "data" in shown ? shown.data : undefined;
      endText();
      const end = { type: "done", serial, error: "error" in shown ? shown.error : undefined } as const;
      if (data === undefined) send(end);
      else sendResult(data, end);
      this.#parts.ended();
    });
  }

  /** Evaluates an expression and sends its value. */
  evaluateExpression(origin: CellOrigin, program: Program): void {
    this.#run(origin, program, "user expression", (shown) =>
      sendExpression(
        origin.serial,
        "error" in shown
          ? { status: "error", ...shown.error }
          : { status: "ok", data: shown.data ?? { "text/plain": "undefined" }, metadata: {} },
      ),
    );
  }

  /** What interrupts the cell that is running now, if it still runs when it is called. */
  interruption(): () => void {
    const task = this.#task;
    return () => {
      if (task !== undefined) this.#interrupt(task);
    };
  }

  /** An error that no cell can catch any more is shown as output of the cell that it comes from; the session lives. */
  showStrayError(error: unknown, what: string): void {
    const cell = this.#task?.cell.origin;
    const serial = cellOfError(error) ?? attributedSerial();
    // Else it would wait for ever for what has failed.
    if (cell?.serial === serial && endWaitingCell(cell, reportError(error))) return;
    print(serial, "stderr", described(error, what));
  }

  #run(origin: CellOrigin, program: Program, label: string, done: (shown: Shown) => void): void {
    const cell: RunningCell = { origin, result: undefined, interrupted: false };
    rememberCell(origin.serial, label, program);
    provideModules(program.modules);
    forgetThrown();
    const settle = (shown: Shown): void => {
      if (!this.isRunning(cell)) return;
      this.#task = undefined;
      endCell(cell);
      done(shown);
    };
    const task = { cell, settle };
    this.#task = task;
    this.#parts.engines.remember();
    beginCell(cell);
    evaluate(program.javascript, cell, (outcome) => this.#conclude(task, outcome));
  }

  #conclude(task: Task, outcome: Outcome): void {
    const { cell, settle } = task;
    const fail = (error: unknown): void => settle({ error: reportError(error) });
    if (outcome.kind === "terminated") {
      // Else the process is about to exit.
      if (!isInterrupted()) return;
      noticeInterrupts();
      this.#interrupt(task);
    } else if (outcome.kind === "thrown") fail(outcome.value);
    else {
      if (this.#parts.byCompletion) cell.result = { value: outcome.value };
      concludeCell(cell, () => this.#show(cell, (data) => settle({ data }), fail), settle, fail);
    }
  }

  #interrupt({ cell, settle }: Task): void {
    if (!this.isRunning(cell)) return;
    finishOutputs(cell, (error) =>
      this.showStrayError(error, "Cannot finish an output of the interrupted cell:"),
    );
    endLife(cell);
    closeResources(cell, (error) =>
      this.showStrayError(error, "Cannot close what the interrupted cell has opened:"),
    );
    this.#parts.engines.repair();
    forgetHalfLoaded(this.#parts.loaded);
    // The next cell begins when the jobs are over that must be terminated: V8 drops those that wait with them.
    afterFarewells(() =>
      asSession(() => {
        try {
          renewFetch();
        } finally {
          settle({ error: INTERRUPT_REPORT });
        }
      }),
    );
  }

  /** Asks a cell's value how it is shown: user code, too, which may throw, block and be interrupted. */
  #show(
    cell: RunningCell,
    shown: (data: MimeBundle | undefined) => void,
    failed: (error: unknown) => void,
  ): void {
    const value = cell.result?.value;
    if (value === undefined) {
      shown(undefined);
      return;
    }
    let data: ReturnType<Bundler> | undefined;
    interruptibly(() =>
      runInCell(cell, () =>
        callGuarded(() => {
          data = this.#parts.bundler(value, complain);
        }),
      ),
    );
    if (data !== undefined) whenSettled(data, shown, failed);
  }
}

function sendResult(data: MimeBundle, end: CellEnd): void {
  const { serial } = end;
  try {
    send({ type: "result", serial, data, metadata: {} }, end);
  } catch (error) {
    print(serial, "stderr", described(error, "Cannot show the value:"));
    send(end);
  }
}

function sendExpression(serial: number, result: ExpressionResult): void {
  try {
    send({ type: "expression", serial, result });
  } catch (error) {
    send({ type: "expression", serial, result: { status: "error", ...reportError(error) } });
  }
}
