/**
 * The session process: runs the user's cells, one at a time, and reports what they print, show, return and throw.
 * It opens no socket and holds no compiler; both live in the protocol process, which therefore always answers.
 */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { currentCell, leaveCells, type RunningCell, runInCell, trackCells } from "./cell-context.js";
import { send, writeFully } from "./channel.js";
import { installCommHost, interruptComms, receiveComm } from "./comms.js";
import { installDisplayHost } from "./display-host.js";
import { cellOfStack, interruptReport, rememberCell, reportError } from "./errors.js";
import { evaluate, type Outcome, receiveThrown } from "./evaluate.js";
import { installTypeScriptModules, provideModules } from "./local-modules.js";
import { bundleOf } from "./mime.js";
import { CellModules, silenceImporterWarning } from "./modules.js";
import { attributedSerial, captureOutput, print, setLatestSerial } from "./output.js";
import type { CellOrigin, ErrorReport, ExpressionResult, Program, ToSession } from "./protocol.js";

/** The cell or expression being run: it is settled once, by its outcome or by an interrupt, whichever is first. */
interface Task {
  readonly cell: RunningCell;
  readonly settle: (outcome: Outcome) => void;
}

let task: Task | undefined;
let fence = "";

/** Ends the output of file descriptors 1 and 2 with the fence, so that the reader knows when it has seen all of it. */
function writeFences(serial: number): (1 | 2)[] {
  const written: (1 | 2)[] = [];
  for (const fd of [1, 2] as const) {
    try {
      writeFully(fd, Buffer.from(`\0${fence}:${serial}\0`));
      written.push(fd);
    } catch (error) {
      // The cell has closed the descriptor: there is nothing more to read from it.
      if (
        (error as NodeJS.ErrnoException).code !== "EBADF" &&
        (error as NodeJS.ErrnoException).code !== "EPIPE"
      ) {
        throw error;
      }
    }
  }
  return written;
}

function run(
  origin: CellOrigin,
  program: Program,
  label: string,
): Promise<{ cell: RunningCell; outcome: Outcome }> {
  const cell: RunningCell = { origin, result: undefined };
  rememberCell(origin.serial, label, program);
  provideModules(program.modules);
  return new Promise((resolve) => {
    const settle = (outcome: Outcome): void => {
      if (task?.cell !== cell) return;
      task = undefined;
      resolve({ cell, outcome });
    };
    task = { cell, settle };
    evaluate(program.javascript, cell, settle);
  });
}

async function execute(origin: CellOrigin, program: Program): Promise<void> {
  setLatestSerial(origin.serial);
  const { cell, outcome } = await run(origin, program, `Cell In[${origin.executionCount}]`);
  let error = errorOf(outcome);
  if (error === undefined && cell.result?.value !== undefined) {
    try {
      const data = await runInCell(cell, () => bundleOf(cell.result?.value));
      send({ type: "result", serial: origin.serial, data, metadata: {} });
    } catch (failure) {
      error = reportError(failure);
    }
  }
  send({ type: "done", serial: origin.serial, error, fences: writeFences(origin.serial) });
}

function errorOf(outcome: Outcome): ErrorReport | undefined {
  if (outcome.kind === "finished") return undefined;
  return outcome.kind === "terminated" ? interruptReport() : reportError(outcome.value);
}

async function evaluateExpression(origin: CellOrigin, program: Program): Promise<void> {
  const { cell, outcome } = await run(origin, program, "user expression");
  send({ type: "expression", serial: origin.serial, result: await expressionResult(cell, outcome) });
}

async function expressionResult(cell: RunningCell, outcome: Outcome): Promise<ExpressionResult> {
  const error = errorOf(outcome);
  if (error !== undefined) return { status: "error", ...error };
  try {
    return { status: "ok", data: await bundleOf(cell.result?.value), metadata: {} };
  } catch (failure) {
    return { status: "error", ...reportError(failure) };
  }
}

function receive(message: ToSession): void {
  leaveCells();
  switch (message.type) {
    case "start":
      fence = message.fence;
      return;
    case "execute":
      void execute(message.cell, message.program);
      return;
    case "expression":
      void evaluateExpression(message.cell, message.program);
      return;
    case "interrupt":
      // After an await V8 reports nothing when it terminates code, so the cell is settled here.
      Atomics.add(shared, 0, 1);
      task?.settle({ kind: "terminated" });
      interruptComms();
      return;
    case "comm":
      receiveComm(message);
      return;
  }
}

/** An error that no cell can catch any more is shown as output of the cell that it comes from; the session lives. */
function showStrayError(error: unknown, what: string): void {
  const { traceback } = reportError(error);
  print(cellOfStack(error) ?? attributedSerial(), "stderr", `${what}\n${traceback.join("\n")}\n`);
}

const modules = new CellModules(process.cwd());

/** What compiled cells call. */
const runtime = Object.freeze({
  import: modules.import.bind(modules),
  meta: Object.freeze(modules.meta),
  result(value: unknown): void {
    const cell = currentCell();
    if (cell !== undefined) cell.result = { value };
  },
  thrown: receiveThrown,
});

/** Shared with the watchdog: at 0, how many interrupts were handled here; at 1, whether it has let go of this thread. */
const shared = new Int32Array(new SharedArrayBuffer(8));

Object.defineProperty(globalThis, "__rnnlab__", { value: runtime });
for (const [name, value] of Object.entries({
  require: modules.require,
  __dirname: modules.meta.dirname,
  __filename: modules.meta.filename,
})) {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}
trackCells();
captureOutput();
silenceImporterWarning();
installDisplayHost();
installCommHost();
installTypeScriptModules();
// TensorFlow's start-up banner is not the user's output; warnings and errors are.
process.env.TF_CPP_MIN_LOG_LEVEL ??= "1";
// The front end's Ctrl-C reaches the whole process group; the protocol process turns it into an interrupt.
process.on("SIGINT", () => {});
process.on("unhandledRejection", (reason) => showStrayError(reason, "Unhandled promise rejection:"));
process.on("uncaughtException", (error) => showStrayError(error, "Uncaught error outside a cell:"));

const watchdog = new Worker(join(__dirname, "watchdog.js"), { workerData: shared });
watchdog.on("message", receive);
watchdog.on("error", (error) => {
  throw error;
});
process.on("exit", () => {
  watchdog.postMessage("exit");
  Atomics.wait(shared, 1, 0, 1000);
});
send({ type: "ready" });
