/**
 * The session's second thread: receives what the protocol process sends and stops code that blocks the main thread.
 * It also ends the whole process when the protocol process is gone, and the compiler, so that neither outlives its kernel.
 */
import { Session } from "node:inspector";
import { type MessagePort, workerData } from "node:worker_threads";
import { endProcess, endProcessGroup } from "../../src/platform/end-process.js";
import { encodeFrame, sessionFormat } from "../shared/framing.js";
import type { Answer, ToSession } from "../shared/session-messages.js";
import { InspectorRelay } from "./inspector-relay.js";
import { MainThreadTime } from "./interrupts/main-thread-time.js";
import {
  ANSWERS,
  HANDLED,
  INTERRUPTS,
  LOADS,
  SECTIONS,
  SYNC_CHILD,
  TERMINATING,
  TRAININGS,
} from "./interrupts/shared-memory.js";
import { readMessages } from "./kernel-input.js";

/** How long a training may take to come to the end of its batch, and the main thread to that of a section, in ms. */
const BATCH_PATIENCE = 2000;
/** How long the main thread may work until it notices an interrupt by itself; then its running code is terminated, in ms. */
const PATIENCE = 25;
/** Longer than the main thread takes to leave a section, or to take notice of a termination, in ms. */
const MOMENT = 5;

const { shared, fence, messages, answers } = workerData as {
  readonly shared: Int32Array;
  readonly fence: string;
  readonly messages: MessagePort;
  readonly answers: MessagePort;
};
const main = new Session();
main.connectToMainThread();
const relay = new InspectorRelay(shared, (message) => reply(encodeFrame(message, sessionFormat(fence))));

/** When V8 may be told again to terminate what runs. */
let nextTermination = 0;

/**
 * Has V8 end the main thread's JavaScript, even a loop without calls; within a native call that takes until it returns.
 * A second request meanwhile, or just after, would strike what the session does next.
 */
function terminate(): void {
  nextTermination = Number.POSITIVE_INFINITY;
  main.post("Runtime.terminateExecution", () => {
    nextTermination = performance.now() + 2 * PATIENCE;
    // V8 knows of it now, and ends what runs at the next function or turn of a loop.
    setTimeout(endTermination, MOMENT);
  });
}

function endTermination(): void {
  Atomics.store(shared, TERMINATING, 0);
  Atomics.notify(shared, TERMINATING);
}

/** Whether the main thread can be terminated now. It opens no section once it has been told, and soon leaves an open one. */
function isOutsideOfSections(): boolean {
  Atomics.store(shared, TERMINATING, 1);
  return Atomics.load(shared, SECTIONS) === 0;
}

/** Whether what runs comes to an end by itself, or must. */
const isHeld = (): boolean => Atomics.load(shared, TRAININGS) > 0 || Atomics.load(shared, LOADS) > 0;

function interrupt(message: ToSession): void {
  const mine = Atomics.add(shared, INTERRUPTS, 1) + 1;
  Atomics.notify(shared, INTERRUPTS);
  // The one before has had no effect yet.
  if (Atomics.load(shared, HANDLED) < mine - 1) Atomics.store(shared, LOADS, 0);
  const lastMoment = performance.now() + BATCH_PATIENCE;
  let nextSignal = 0;
  let pause = 4 * PATIENCE;
  const work = new MainThreadTime();
  messages.postMessage(message);
  // Code that is stopped has had its time.
  if (relay.isPaused && !isHeld() && isOutsideOfSections()) terminate();
  relay.skipPauses();
  const check = (): void => {
    if (Atomics.load(shared, HANDLED) >= mine) {
      relay.takePauses();
      if (nextTermination !== Number.POSITIVE_INFINITY) endTermination();
      return;
    }
    if (performance.now() > lastMoment) {
      Atomics.store(shared, TRAININGS, 0);
      Atomics.store(shared, SECTIONS, 0);
    }
    // More than once, since the child may not have been there yet; ever less often, since it may be tidying up.
    if (Atomics.load(shared, SYNC_CHILD) === 1 && performance.now() >= nextSignal) {
      interruptChildren();
      nextSignal = performance.now() + pause;
      pause *= 4;
    }
    const hadItsTime = work.elapsed() >= PATIENCE || performance.now() > lastMoment;
    const due = hadItsTime && performance.now() >= nextTermination;
    const held = isHeld();
    const waiting = due && !held && !isOutsideOfSections();
    if (due && !held && !waiting) terminate();
    // A client of Node's own inspector may have stopped the code. Nobody is told of that here.
    if (hadItsTime) main.post("Debugger.resume");
    setTimeout(check, waiting || !hadItsTime ? MOMENT : PATIENCE);
  };
  setTimeout(check, PATIENCE);
}

/** As a terminal does on Ctrl-C. The session itself does not mind; Windows has no such groups. */
function interruptChildren(): void {
  if (process.platform !== "win32") process.kill(-process.pid, "SIGINT");
}

function answer(message: Answer): void {
  answers.postMessage(message);
  Atomics.add(shared, ANSWERS, 1);
  Atomics.notify(shared, ANSWERS);
}

let companion: number | undefined;

function receive(message: ToSession): void {
  if (message.type === "interrupt") interrupt(message);
  else if (message.type === "answer") answer(message);
  else if (message.type === "companion") companion = message.pid;
  else if (message.type === "inspector") relay.receive(message);
  else messages.postMessage(message);
}

function end(): void {
  if (companion !== undefined) endProcess(companion);
  // The whole group: what the cells have started ends with the session.
  endProcessGroup(process.pid);
}

const reply = readMessages({ message: receive, ended: end });
