import { join } from "node:path";
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { Answer, Questions, Start } from "./hdf5-worker.js";

/**
 * Time of the processor for all that is asked of a file, in ms, and more for each of its bytes: a damaged one may never
 * end. By the clock it may take as long again and again, since the machine may be busy.
 */
const TIME = 10_000;
const CLOCK_RATIO = 10;
/** How often it is looked how much was used, in ms. */
const LOOK = 100;
const BYTES_PER_MS = 10_000;
/** Memory of the library, in bytes, and as often the size of the file. */
const MEMORY = 2 ** 28;
const MEMORY_RATIO = 8;

/** The library's WebAssembly as the first thread has compiled it. */
let compiled: object | undefined;

/** A thread in which the HDF5 library runs, on one file. */
export class Hdf5Thread {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #answers = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  /** What is left of the processor's time and of the clock's. */
  #time: number;
  #clock: number;

  /** @param size - of the file, in bytes, or of what is to be written */
  constructor(size: number) {
    const { port1, port2 } = new MessageChannel();
    this.#time = TIME + size / BYTES_PER_MS;
    this.#clock = CLOCK_RATIO * this.#time;
    this.#port = port1;
    const memory = MEMORY + MEMORY_RATIO * size;
    const workerData: Start = { port: port2, answers: this.#answers, memory, compiled };
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
   * @throws {Error} when the library does, or the time is over
   */
  ask<Name extends keyof Questions>(
    name: Name,
    ...args: Parameters<Questions[Name]>
  ): ReturnType<Questions[Name]> {
    const before = Atomics.load(this.#answers, 0);
    this.#port.postMessage({ name, args });
    const isAnswered = this.#wait(before);
    const answer = receiveMessageOnPort(this.#port)?.message as Answer | undefined;
    if (answer === undefined || !isAnswered)
      throw new Error("the library must come to an end, got none in time");
    compiled ??= answer.compiled;
    if ("error" in answer) throw new Error(answer.error);
    return answer.value as ReturnType<Questions[Name]>;
  }

  /** This thread waits meanwhile: what the process uses is nearly all the library's. */
  #wait(before: number): boolean {
    while (this.#clock > 0) {
      const [used, start] = [process.cpuUsage(), performance.now()];
      Atomics.wait(this.#answers, 0, before, LOOK);
      const passed = performance.now() - start;
      const { user, system } = process.cpuUsage(used);
      // Other threads of the process do not shorten it.
      this.#time -= Math.min(passed, (user + system) / 1000);
      this.#clock -= passed;
      // Not whether it was woken: the thread may wake it late, for the answer before this one.
      if (Atomics.load(this.#answers, 0) !== before) return true;
      if (this.#time <= 0) return false;
    }
    return false;
  }

  async end(): Promise<void> {
    this.#port.close();
    await this.#worker.terminate();
  }
}
