/**
 * The session process: runs the user's cells, one at a time, and reports what they print, show, return and throw.
 * It opens no socket and holds no compiler; both live in the protocol process, which therefore always answers.
 */
import { join } from "node:path";
import process from "node:process";
import { MessageChannel, Worker } from "node:worker_threads";
import { collectWhenIdle } from "../shared/idle-collection.js";
import { takeSessionArguments } from "../shared/session-arguments.js";
import type { Answer, Companion, InspectorCommand, ToSession } from "../shared/session-messages.js";
import { installCommHost, interruptComms, receiveComm } from "./hosts/comm-host.js";
import { installDisplayHost } from "./hosts/display-host.js";
import { TensorEngines } from "./hosts/tensor-engines.js";
import { Trainings } from "./hosts/training-host.js";
import { moduleGlobals } from "./ijavascript/module-globals.js";
import { installNelDisplay } from "./ijavascript/nel-display.js";
import { CellModules } from "./imports/cell-modules.js";
import { noticeInterrupts, shared } from "./interrupts/atomic.js";
import { asSession } from "./interrupts/guarded-call.js";
import { beyondUse } from "./interrupts/inspector.js";
import { renewReactions } from "./interrupts/reactions.js";
import { endSession, send, setFence } from "./output/channel.js";
import { complain } from "./output/complaints.js";
import { bundleOf } from "./output/mime.js";
import { print } from "./output/output.js";
import { countRuns, leaveCells } from "./ownership/cell-context.js";
import { keepProcessListeners, patchNode } from "./patches/index.js";
import { inputGlobals, lineAsker } from "./questions/input.js";
import { Questions } from "./questions/questions.js";
import { cells } from "./realm/cell-realm.js";
import { adoptPort } from "./realm/session-realm.js";
import { CellRunner } from "./running/cell-runner.js";
import { runtimeOf } from "./running/runtime.js";
import { installViews } from "./views/index.js";

const TIMER_ENDED =
  "An interrupt has ended a timer of this cell: it is cancelled, with all that it has started.\n";
/** More errors than these in a row, while no code of a cell runs, are Node's own: it would have them for ever. */
const MOST_STRAY_ERRORS = 100;

const { language, fence } = takeSessionArguments(process.argv);
setFence(fence);
const stir = collectWhenIdle();
const answers = new MessageChannel();
const messages = new MessageChannel();
const modules = new CellModules(join(process.cwd(), "cell.ts"));
const questions = new Questions(adoptPort(answers.port1), shared);
const trainings = new Trainings(shared);
const engines = new TensorEngines();

defineGlobals();
patchNode({
  shared,
  timerEnded: ({ origin, whole }) => {
    // The cell that waits for it says so itself.
    if (!runner.isRunning(whole)) print(origin.serial, "stderr", TIMER_ENDED);
  },
  ask: lineAsker(questions),
  compile: (file) => questions.askNow<"module">({ type: "module", file }),
});
installDisplayHost();
installCommHost();
trainings.install();
engines.install();
installViews();
const runner = new CellRunner({
  bundler:
    language === "javascript"
      ? installNelDisplay(cells.global, inputGlobals(questions).input, complain)
      : bundleOf,
  byCompletion: language === "javascript",
  engines,
  loaded: modules.require.cache,
  ended: stir,
});
// TensorFlow's start-up banner is not the user's output; warnings and errors are.
process.env.TF_CPP_MIN_LOG_LEVEL ??= "1";
listen();
keepProcessListeners();
startWatchdog();
send({ type: "ready" });

/** Defines what cells find besides Node's own globals. */
function defineGlobals(): void {
  Object.defineProperty(cells.global, "__rnnlab__", { value: runtimeOf(modules) });
  const globals = {
    require: modules.require,
    __dirname: modules.meta.dirname,
    __filename: modules.meta.filename,
    ...(language === "javascript" && moduleGlobals(modules.require, modules.meta.filename)),
    ...inputGlobals(questions),
  };
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(cells.global, name, { value, configurable: true, writable: true });
  }
}

/** Listens to what would end the process. */
function listen(): void {
  let strayErrors = 0;
  let latestRun = 0;
  // The front end's Ctrl-C reaches the whole process group; the protocol process turns it into an interrupt.
  process.on("SIGINT", () => {});
  process.on("unhandledRejection", (reason) =>
    asSession(() => runner.showStrayError(reason, "Unhandled promise rejection:")),
  );
  process.on("uncaughtException", (error) =>
    asSession(() => {
      strayErrors = countRuns() === latestRun ? strayErrors + 1 : 0;
      latestRun = countRuns();
      if (strayErrors > MOST_STRAY_ERRORS) endSession(beyondUse().message);
      else runner.showStrayError(error, "Uncaught error outside a cell:");
    }),
  );
}

/** Starts the thread that reads what the protocol process sends. */
function startWatchdog(): void {
  const watchdog = new Worker(join(__dirname, "watchdog.js"), {
    workerData: { shared, fence, messages: messages.port2, answers: answers.port2 },
    transferList: [messages.port2, answers.port2],
  });
  adoptPort<Parameters<typeof receive>[0]>(messages.port1).onmessage = ({ data }) =>
    asSession(() => receive(data));
  watchdog.on("error", (error) => {
    throw error;
  });
}

function receive(message: Exclude<ToSession, Answer | Companion | InspectorCommand>): void {
  leaveCells();
  stir();
  switch (message.type) {
    case "execute":
      runner.execute(message.cell, message.program);
      return;
    case "expression":
      runner.evaluateExpression(message.cell, message.program);
      return;
    case "foreseen":
      modules.foresee(message.specifiers);
      return;
    case "interrupt":
      noticeInterrupts();
      renewReactions();
      questions.abandon();
      // After an await V8 reports nothing when it terminates code, so the cell is settled here.
      trainings.whenStopped(runner.interruption());
      interruptComms();
      return;
    case "comm":
      receiveComm(message);
      return;
    default:
      message satisfies never;
  }
}
