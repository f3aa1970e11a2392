/**
 * The session process: runs the user's cells, one at a time, and reports what they print, show, return and throw.
 * It opens no socket and holds no compiler; both live in the protocol process, which therefore always answers.
 */
import { join } from "node:path";
import process from "node:process";
import { MessageChannel, Worker } from "node:worker_threads";
import { collectWhenIdle } from "../idle-collection.js";
import { isInterrupted, noticeInterrupts, shared } from "./atomic.js";
import {
  afterFarewells,
  countRuns,
  currentCell,
  endLife,
  isDead,
  leaveCells,
  type RunningCell,
  runInCell,
  trackCells,
} from "./cell-context.js";
import { beginCell, concludeCell, endCell, endWaitingCell, type Shown } from "./cell-end.js";
import { moduleGlobals } from "./cell-module.js";
import { cells } from "./cell-realm.js";
import { closeResources, trackResources } from "./cell-resources.js";
import { endSession, send, setFence } from "./channel.js";
import { installCommHost, interruptComms, receiveComm } from "./comms.js";
import { renewFetch } from "./connections.js";
import { finishOutputs, installDisplayHost } from "./display-host.js";
import { cellOfError, interruptReport, reportError } from "./errors.js";
import { evaluate, receiveRefusal } from "./evaluate.js";
import { asSession, callGuarded, interruptibly, runGuarded } from "./guarded-call.js";
import { inputGlobals, lineAsker } from "./input.js";
import { beyondUse } from "./inspector.js";
import { forgetHalfLoaded, installLocalModules, provideModules } from "./local-modules.js";
import { type Bundler, bundleOf } from "./mime.js";
import { CellModules, installResolution } from "./modules.js";
import { installNelDisplay } from "./nel-display.js";
import { attributedSerial, captureOutput, endText, print, setLatestSerial } from "./output.js";
import { keepProcessListeners } from "./process-listeners.js";
import type {
  Answer,
  CellOrigin,
  Companion,
  ExpressionResult,
  MimeBundle,
  Program,
  ToSession,
} from "./protocol.js";
import { Questions } from "./questions.js";
import { renewReactions, whenSettled } from "./reactions.js";
import { adoptPort } from "./session-realm.js";
import { installStackTraces, rememberCell } from "./stack-traces.js";
import { installStandardInput } from "./standard-input.js";
import { trackSyncChildren } from "./sync-children.js";
import { TensorEngines } from "./tensor-engines.js";
import { caught, forgetThrown, throwing } from "./thrown-values.js";
import { Trainings } from "./trainings.js";
import { turn } from "./turn.js";
import { installViews } from "./views/index.js";
import { arrangeWarnings } from "./warnings.js";

/** The cell or expression being run: it is settled once, by its outcome or by an interrupt, whichever is first. */
interface Task {
  readonly cell: RunningCell;
  readonly interrupt: () => void;
}

let task: Task | undefined;

const TIMER_ENDED =
  "An interrupt has ended a timer of this cell: it is cancelled, with all that it has started.\n";

function run(origin: CellOrigin, program: Program, label: string, done: (shown: Shown) => void): void {
  const cell: RunningCell = { origin, result: undefined, interrupted: false };
  rememberCell(origin.serial, label, program);
  provideModules(program.modules);
  forgetThrown();
  const settle = (shown: Shown): void => {
    if (task?.cell !== cell) return;
    task = undefined;
    endCell(cell);
    done(shown);
  };
  const fail = (error: unknown): void => settle({ error: reportError(error) });
  const interrupt = (): void => {
    if (task?.cell !== cell) return;
    finishOutputs(cell, (error) => showStrayError(error, "Cannot finish an output of the interrupted cell:"));
    endLife(cell);
    closeResources(cell, (error) =>
      showStrayError(error, "Cannot close what the interrupted cell has opened:"),
    );
    engines.repair();
    forgetHalfLoaded(modules.require.cache);
    // The next cell begins when the jobs are over that must be terminated: V8 drops those that wait with them.
    afterFarewells(() =>
      asSession(() => {
        try {
          renewFetch();
        } finally {
          settle({ error: interruptReport() });
        }
      }),
    );
  };
  task = { cell, interrupt };
  engines.remember();
  beginCell(cell);
  evaluate(program.javascript, cell, (outcome) => {
    if (outcome.kind === "terminated") {
      // Else the process is about to exit.
      if (!isInterrupted()) return;
      noticeInterrupts();
      interrupt();
    } else if (outcome.kind === "thrown") fail(outcome.value);
    else {
      // A script's value is what it completes with. A cell in TypeScript has handed its own over.
      if (language === "javascript") cell.result = { value: outcome.value };
      concludeCell(cell, () => show(cell, (data) => settle({ data }), fail), settle, fail);
    }
  });
}

/** Asks a cell's value how it is shown: user code, too, which may throw, block and be interrupted. */
function show(
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
        data = bundler(value, complain);
      }),
    ),
  );
  if (data !== undefined) whenSettled(data, shown, failed);
}

function execute(origin: CellOrigin, program: Program): void {
  const { serial, executionCount } = origin;
  setLatestSerial(serial);
  run(origin, program, `Cell In[${executionCount}]`, (shown) => {
    const data = "data" in shown ? shown.data : undefined;
    if (data !== undefined) sendResult(serial, data);
    endText();
    send({ type: "done", serial, error: "error" in shown ? shown.error : undefined });
    stir();
  });
}

function sendResult(serial: number, data: MimeBundle): void {
  try {
    send({ type: "result", serial, data, metadata: {} });
  } catch (error) {
    print(serial, "stderr", describe(error, "Cannot show the value:"));
  }
}

function evaluateExpression(origin: CellOrigin, program: Program): void {
  run(origin, program, "user expression", (shown) => {
    const result: ExpressionResult =
      "error" in shown
        ? { status: "error", ...shown.error }
        : { status: "ok", data: shown.data ?? { "text/plain": "undefined" }, metadata: {} };
    sendExpression(origin.serial, result);
  });
}

function sendExpression(serial: number, result: ExpressionResult): void {
  try {
    send({ type: "expression", serial, result });
  } catch (error) {
    send({ type: "expression", serial, result: { status: "error", ...reportError(error) } });
  }
}

function receive(message: Exclude<ToSession, Answer | Companion>): void {
  leaveCells();
  stir();
  switch (message.type) {
    case "execute":
      execute(message.cell, message.program);
      return;
    case "expression":
      evaluateExpression(message.cell, message.program);
      return;
    case "interrupt":
      noticeInterrupts();
      renewReactions();
      questions.abandon();
      settleInterrupted();
      interruptComms();
      return;
    case "comm":
      receiveComm(message);
      return;
  }
}

/** After an await V8 reports nothing when it terminates code, so the cell is settled here. */
function settleInterrupted(): void {
  const interrupted = task;
  trainings.whenStopped(() => interrupted?.interrupt());
}

const complain = (error: unknown): void =>
  print(attributedSerial(), "stderr", describe(error, "Cannot show the value in its own way:"));

const describe = (error: unknown, what: string): string =>
  `${what}\n${reportError(error).traceback.join("\n")}\n`;

/** An error that no cell can catch any more is shown as output of the cell that it comes from; the session lives. */
function showStrayError(error: unknown, what: string): void {
  const cell = task?.cell.origin;
  const serial = cellOfError(error) ?? attributedSerial();
  // Else it would wait for ever for what has failed.
  if (cell?.serial === serial && endWaitingCell(cell, reportError(error))) return;
  print(serial, "stderr", describe(error, what));
}

// The secret by which the protocol process tells the session's messages and marks from everything else.
const [language, fence = ""] = process.argv.splice(2, 2);
setFence(fence);
const stir = collectWhenIdle();
const modules = new CellModules(join(process.cwd(), "cell.ts"));

/** What compiled cells call. */
const runtime = Object.freeze({
  import: modules.import.bind(modules),
  importNames: modules.importNames.bind(modules),
  meta: Object.freeze(modules.meta),
  /** The same for a local module. */
  of: (filename: string): CellModules => new CellModules(filename),
  result(value: unknown): void {
    const cell = currentCell();
    if (cell !== undefined) cell.result = { value };
  },
  /** Makes what a script of plain JavaScript declares properties of the global object. */
  declare: declareGlobals,
  /** What a script assigns in the place of a constant. */
  get constant(): undefined {
    return undefined;
  },
  set constant(_value: unknown) {
    throw new TypeError("Assignment to constant variable.");
  },
  throwing,
  caught,
  turn,
  /** What a cell asks when it goes on after an `await`: whether it is to stop there, see `kernel/compiler/stopping-awaits.ts`. */
  isOver(value: unknown): boolean {
    awaited = value;
    return isDead(currentCell());
  },
  get awaited(): unknown {
    const value = awaited;
    awaited = undefined;
    return value;
  },
  never: cells.promise(new Promise(() => {})),
  refused: receiveRefusal,
  guarded: runGuarded,
});

let awaited: unknown;

function declareGlobals(...names: readonly string[]): void {
  for (const name of names) {
    if (Object.hasOwn(cells.global, name)) continue;
    Object.defineProperty(cells.global, name, {
      value: undefined,
      configurable: true,
      enumerable: true,
      writable: true,
    });
  }
}

const answers = new MessageChannel();
const messages = new MessageChannel();
const questions = new Questions(adoptPort(answers.port1), shared);
const trainings = new Trainings(shared);
const engines = new TensorEngines();

Object.defineProperty(cells.global, "__rnnlab__", { value: runtime });
for (const [name, value] of Object.entries({
  require: modules.require,
  __dirname: modules.meta.dirname,
  __filename: modules.meta.filename,
  ...(language === "javascript" && moduleGlobals(modules.require, modules.meta.filename)),
  ...inputGlobals(questions),
})) {
  Object.defineProperty(cells.global, name, { value, configurable: true, writable: true });
}
installStackTraces();
trackCells(({ origin, whole }) => {
  // The cell that waits for it says so itself.
  if (whole !== task?.cell) print(origin.serial, "stderr", TIMER_ENDED);
});
captureOutput();
arrangeWarnings();
installDisplayHost();
const bundler =
  language === "javascript"
    ? installNelDisplay(cells.global, inputGlobals(questions).input, complain)
    : bundleOf;
installCommHost();
installLocalModules((file) => questions.askNow<"module">({ type: "module", file }));
installResolution();
trackSyncChildren(shared);
trackResources();
installStandardInput(lineAsker(questions));
trainings.install();
engines.install();
installViews();
// TensorFlow's start-up banner is not the user's output; warnings and errors are.
process.env.TF_CPP_MIN_LOG_LEVEL ??= "1";
/** More errors than these in a row, while no code of a cell runs, are Node's own: it would have them for ever. */
const MOST_STRAY_ERRORS = 100;
let strayErrors = 0;
let latestRun = 0;
// The front end's Ctrl-C reaches the whole process group; the protocol process turns it into an interrupt.
process.on("SIGINT", () => {});
process.on("unhandledRejection", (reason) =>
  asSession(() => showStrayError(reason, "Unhandled promise rejection:")),
);
process.on("uncaughtException", (error) =>
  asSession(() => {
    strayErrors = countRuns() === latestRun ? strayErrors + 1 : 0;
    latestRun = countRuns();
    if (strayErrors > MOST_STRAY_ERRORS) endSession(beyondUse().message);
    else showStrayError(error, "Uncaught error outside a cell:");
  }),
);
keepProcessListeners();

const watchdog = new Worker(join(__dirname, "watchdog.js"), {
  workerData: { shared, messages: messages.port2, answers: answers.port2 },
  transferList: [messages.port2, answers.port2],
});
adoptPort<Parameters<typeof receive>[0]>(messages.port1).onmessage = ({ data }) =>
  asSession(() => receive(data));
watchdog.on("error", (error) => {
  throw error;
});
send({ type: "ready" });
