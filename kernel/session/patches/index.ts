/**
 * Everything that the session changes of Node's own modules, in the order in which it is done. Cells see the changed
 * functions; the session's own code has Node's, as `session-realm.ts` explains.
 */
import { installStackTraces } from "../errors/stack-traces.js";
import { installLocalModules } from "../imports/compiled-modules.js";
import { trackCells } from "../ownership/cell-context.js";
import type { RunningCell } from "../ownership/running-cell.js";
import { captureOutput } from "./captured-output.js";
import { trackResources } from "./cell-resources.js";
import { loadGlobalsWhole } from "./lazy-globals.js";
import { installResolution } from "./resolution.js";
import { installStandardInput } from "./standard-input.js";
import { trackSyncChildren } from "./sync-children.js";
import { arrangeWarnings } from "./warnings.js";

/** What the changed functions call. */
export interface PatchedCalls {
  /** Memory that the watchdog sees, too. */
  readonly shared: Int32Array;
  /** Is told of a timer that an interrupt has ended. */
  readonly timerEnded: (cell: RunningCell) => void;
  /** Asks the person for a line, and waits for it. */
  readonly ask: (prompt: string) => string;
  /** Compiles a module of the user's own. */
  readonly compile: Parameters<typeof installLocalModules>[0];
}

/** Changes Node. {@link keepProcessListeners} comes later, when the session listens itself. */
export function patchNode({ shared, timerEnded, ask, compile }: PatchedCalls): void {
  // `Error.prepareStackTrace`, `Error.stackTraceLimit`: stacks name places in what the user wrote.
  installStackTraces();
  // Timers, `queueMicrotask`, `process.nextTick`, V8's promise hooks: what a cell leaves behind knows its cell.
  trackCells(timerEnded);
  // `process.stdout`, `process.stderr`, `console`, `fs.writeSync`, `process.dlopen`: output in order, with its cell.
  captureOutput();
  // `fs.promises.open`, listeners of `warning`: warnings with the cell that they are about.
  arrangeWarnings();
  // `Module._extensions`: the user's own TypeScript and ES modules, read again when they are edited.
  installLocalModules(compile);
  // `Module._resolveFilename`, `Module._findPath`: the kernel's packages, and packages installed meanwhile.
  installResolution();
  // `Response`, `ReadableStream`, `crypto` and what else Node loads when it is first read: an interrupt lets it load.
  loadGlobalsWhole();
  // `execFileSync`, `execSync`, `spawnSync`: an interrupt reaches the child that the session waits for.
  trackSyncChildren(shared);
  // Callbacks of `fs`, `dns`, `crypto`, `zlib`, `fetch`, servers, sockets, children, workers: they end with their cell.
  trackResources();
  // `readline.createInterface`, `process.stdin`: the person at the front end is asked.
  installStandardInput(ask);
}

export { keepProcessListeners } from "./process-listeners.js";
