import { join } from "node:path";
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { Answer, Questions, Start } from "./hdf5-worker.js";

/** Time for all that is asked of a file, in ms, and more for each of its bytes: a damaged one may never end. */
const TIME = 10_000;
const BYTES_PER_MS = 10_000;
/** Memory of the library, in bytes, and as often the size of the file. */
const MEMORY = 2 ** 28;
const MEMORY_RATIO = 8;

/** A thread in which the HDF5 library runs, on one file. */
export class Hdf5Thread {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #answers = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  #time: number;

  /** @param size - of the file, in bytes, or of what is to be written */
  constructor(size: number) {
    const { port1, port2 } = new MessageChannel();
    this.#time = TIME + size / BYTES_PER_MS;
    this.#port = port1;
    const memory = MEMORY + MEMORY_RATIO * size;
    const workerData: Start = { port: port2, answers: this.#answers, memory };
    this.#worker = new Worker(join(__dirname, "hdf5-worker.js"), {
      workerData,
      transferList: [port2],
      execArgv: [],
    });
    this.#worker.unref();
  }

  /**
   * Asks the thread and waits for its answer: what reads a file here has no reason to do anything meanwhile.
   *
   * @param name - of the question
   * @param args - as {@link Questions} has them
   * @returns the answer
   * @throws Error with what the library says, or that the time is over
   */
  ask<Name extends keyof Questions>(
    name: Name,
    ...args: Parameters<Questions[Name]>
  ): ReturnType<Questions[Name]> {
    const start = performance.now();
    const before = Atomics.load(this.#answers, 0);
    this.#port.postMessage({ name, args });
    const outcome = Atomics.wait(this.#answers, 0, before, Math.max(0, this.#time));
    this.#time -= performance.now() - start;
    const answer = receiveMessageOnPort(this.#port)?.message as Answer | undefined;
    if (answer === undefined || outcome === "timed-out")
      throw new Error("the library must come to an end, got none in time");
    if ("error" in answer) throw new Error(answer.error);
    return answer.value as ReturnType<Questions[Name]>;
  }

  async end(): Promise<void> {
    this.#port.close();
    await this.#worker.terminate();
  }
}
