import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import process from "node:process";

const FOLDER = `/proc/${process.pid}/task/${process.pid}`;

/** The fields of `stat` come after the program's name, which may contain anything but ends with the last bracket. */
const ASLEEP = /^.*\) [SD] /s;

/**
 * How long the process's main thread has been at work, in ms: on Linux its processor time, for on a busy machine it has to
 * wait for its turn. A thread that sleeps is not waiting for one, so its sleep counts.
 */
export class MainThreadTime {
  #elapsed = 0;
  #last = now();

  /** How long since this was made, as far as it has been asked: to be called every few ms. */
  elapsed(): number {
    const before = this.#last;
    this.#last = now();
    const wall = this.#last.wall - before.wall;
    this.#elapsed += this.#last.asleep ? wall : Math.min(wall, this.#last.processor - before.processor);
    return this.#elapsed;
  }
}

interface Moment {
  readonly wall: number;
  readonly processor: number;
  readonly asleep: boolean;
}

/** Systems that do not tell the processor time have the clock's in its place. */
function now(): Moment {
  const wall = performance.now();
  try {
    const [nanoseconds = "0"] = readFileSync(`${FOLDER}/schedstat`, "utf8").split(" ");
    const processor = Number(nanoseconds) / 1e6;
    const asleep = ASLEEP.test(readFileSync(`${FOLDER}/stat`, "utf8"));
    return processor > 0 ? { wall, processor, asleep } : { wall, processor: wall, asleep };
  } catch {
    return { wall, processor: wall, asleep: false };
  }
}
