/**
 * The session's second thread: receives what the protocol process sends and stops code that blocks the main thread.
 * It also ends the whole process when the protocol process is gone, so that no session outlives its kernel.
 */
import { Session } from "node:inspector";
import { Socket } from "node:net";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { FrameDecoder } from "../frames.js";
import { FROM_KERNEL } from "./channel.js";
import type { InputAnswer, ToSession } from "./protocol.js";

/** How long the main thread may take to notice an interrupt by itself before its running code is terminated, in ms. */
const PATIENCE = 25;

if (parentPort === null) throw new Error("Cannot run the watchdog: it must be a worker thread");
const port = parentPort;
/**
 * `shared` with the main thread: at 0, how many interrupts it has handled; at 1, whether this thread has let go of it;
 * at 2, how many answers are in `answers`, where it may be waiting for them.
 */
const { shared, answers } = workerData as { readonly shared: Int32Array; readonly answers: MessagePort };
const main = new Session();
main.connectToMainThread();

let interrupts = 0;

function interrupt(message: ToSession): void {
  const mine = ++interrupts;
  port.postMessage(message);
  const check = (): void => {
    if (Atomics.load(shared, 0) >= mine) return;
    // The main thread is inside user code: V8 ends that code, even a loop without calls.
    main.post("Runtime.terminateExecution");
    setTimeout(check, PATIENCE);
  };
  setTimeout(check, PATIENCE);
}

function answer(message: InputAnswer): void {
  answers.postMessage(message);
  Atomics.add(shared, 2, 1);
  Atomics.notify(shared, 2);
}

// The main thread is about to exit: Node would wait for this debugger, and say so in the user's output.
port.once("message", () => {
  main.disconnect();
  Atomics.store(shared, 1, 1);
  Atomics.notify(shared, 1);
});

const decoder = new FrameDecoder();
const input = new Socket({ fd: FROM_KERNEL, readable: true, writable: false });
input.on("data", (chunk: Buffer) => {
  for (const message of decoder.push(chunk) as ToSession[]) {
    if (message.type === "interrupt") interrupt(message);
    else if (message.type === "answer") answer(message);
    else port.postMessage(message);
  }
});
const end = (): void => {
  // The whole group: what the cells have started ends with the session.
  process.kill(process.platform === "win32" ? process.pid : -process.pid, "SIGKILL");
};
input.on("close", end);
input.on("error", end);
