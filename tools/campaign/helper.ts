import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import type { Answer, Task } from "./helpers/messages.js";
import { residentMemory } from "./machine.js";
import { Failure } from "./tally.js";

/** How long a helper may take for one task, in ms. */
const PATIENCE = 20_000;

/** How much memory a task may take, in MiB: a helper that takes more is ended. */
const MEMORY = 1500;
const LOOK_EVERY = 50;

/** A process with rnnlab's modules. It works on one task at a time and may be killed. */
export class Helper {
  private constructor(readonly child: ChildProcess) {}

  static async start(): Promise<Helper> {
    const child = fork(resolve(__dirname, "helpers/main.js"), {
      execArgv: ["--max-old-space-size=1024"],
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: "2" },
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    const helper = new Helper(child);
    const [first] = await Promise.race([once(child, "message"), helper.ended()]);
    if (first !== "ready") throw new Error(`Cannot start a helper of the campaign: it ended with ${first}`);
    return helper;
  }

  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  send(task: Task): void {
    this.child.send(task);
  }

  /**
   * Gives it a task and waits for the answer.
   *
   * @throws {Failure} when it dies, does not answer, or takes too much memory; it is killed then
   */
  async ask(task: Task): Promise<Answer> {
    const pid = this.child.pid ?? 0;
    const before = residentMemory(pid);
    const listening = new AbortController();
    const { promise: tooLong, reject } = withReject();
    const started = Date.now();
    const timer = setInterval(() => {
      const grown = residentMemory(pid) - before;
      if (grown > MEMORY) reject(new Failure("left over", `its memory grew by ${Math.round(grown)} MiB`));
      if (Date.now() - started > PATIENCE) reject(new Failure("hung", `no end within ${PATIENCE} ms`));
    }, LOOK_EVERY);
    try {
      const answered = once(this.child, "message", { signal: listening.signal });
      this.send(task);
      const [answer] = await Promise.race([answered, this.ended(listening.signal), tooLong]);
      if (typeof answer === "object") return answer as Answer;
      throw new Failure("lost", `the process ended with ${answer}`);
    } catch (error) {
      await this.kill();
      throw error;
    } finally {
      clearInterval(timer);
      listening.abort();
    }
  }

  async kill(): Promise<void> {
    if (!this.alive) return;
    const ended = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await ended;
  }

  /** How it ended: a signal or a status. */
  async ended(signal?: AbortSignal): Promise<[string | number]> {
    const [status, name] = await once(this.child, "exit", signal === undefined ? {} : { signal });
    return [name ?? status];
  }
}

function withReject(): { promise: Promise<never>; reject: (error: Error) => void } {
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<never>((_, fail) => {
    reject = fail;
  });
  return { promise, reject };
}
