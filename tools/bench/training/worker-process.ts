import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { RESULT_MARK, type RunResult } from "./run-result.js";
import type { Variant } from "./variants.js";

/** A process that trains one workload as one variant, a run at a time. */
export class WorkerProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  #errors = "";

  constructor(
    readonly variant: Variant,
    samples: string,
  ) {
    const [command = "", ...args] = variant.command;
    const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: "2", ...variant.environment };
    this.#child = spawn(command, [...args, samples], { env });
    // A process that has ended is noticed by its missing answer.
    this.#child.stdin.on("error", () => {});
    this.#child.on("error", (error) => {
      this.#errors += error.message;
    });
    this.#child.stderr.on("data", (data: Buffer) => {
      this.#errors += data.toString();
    });
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /**
   * Trains on every batch once.
   *
   * @returns time, loss and memory
   * @throws {Error} when the process ends without an answer
   */
  async run(): Promise<RunResult> {
    this.#child.stdin.write("run\n");
    for (;;) {
      const { value, done } = await this.#answers.next();
      if (done) break;
      if (value.startsWith(RESULT_MARK)) return JSON.parse(value.slice(RESULT_MARK.length)) as RunResult;
    }
    throw new Error(`Cannot measure ${this.variant.name}: its process ended\n${this.#errors.slice(-2000)}`);
  }

  /** Ends the process. */
  dispose(): void {
    this.#child.stdin.end();
    this.#child.kill();
  }
}
