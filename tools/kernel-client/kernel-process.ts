import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { kernelSpec } from "../../kernel/install/kernel-spec.js";
import type { Language } from "../../kernel/shared/language.js";
import { endProcess } from "../../src/platform/end-process.js";
import { packageRoot } from "../../src/platform/package-root.js";
import { isAlive, processTree } from "./process-tree.js";
import { until } from "./until.js";

/** Kernels that still run: a test file that is ended from outside must not leave them behind. */
const running = new Set<KernelProcess>();
process.once("exit", () => {
  for (const kernel of running) kernel.signalGroup("SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const FOLDER = join(packageRoot, "tools/kernel-client/folder");

/** How a kernel process is started. */
export interface ProcessOptions {
  /** Working directory: the notebook's folder; by default one that has nothing in it, and whose cells are checked strictly. */
  readonly cwd?: string;
  /** Variables added to the environment; `undefined` removes one. */
  readonly env?: Record<string, string | undefined>;
  /** The command, with `{connection_file}` in it; by default {@link kernelCommand}'s. */
  readonly command?: readonly string[];
  /** The language of the cells, by which the kernelspec is chosen. */
  readonly language?: Language;
}

/**
 * The command that starts the kernel: RNNLAB_TEST_KERNEL, a JSON list with `{connection_file}` in it (so that the
 * same client can be pointed at another kernel), else that of the kernelspec.
 */
export function kernelCommand(
  connectionFile: string,
  { command: given, language }: ProcessOptions = {},
): string[] {
  const custom = process.env.RNNLAB_TEST_KERNEL;
  const command: readonly string[] = given
    ? given
    : custom
      ? JSON.parse(custom)
      : kernelSpec(undefined, language).argv;
  return command.map((word) => word.replace("{connection_file}", connectionFile));
}

/** A running kernel in a process group of its own, with what it wrote on stdout and stderr. */
export class KernelProcess {
  readonly exited: Promise<void>;
  #exit: string | undefined;
  #log = "";
  readonly #child: ChildProcess;
  readonly #seen = new Set<number>();

  constructor(connectionFile: string, options: ProcessOptions = {}) {
    const [program = "", ...args] = kernelCommand(connectionFile, options);
    this.#child = spawn(program, args, {
      cwd: options.cwd ?? FOLDER,
      // Tests leave no traces in the history of the person who runs them.
      env: { ...process.env, RNNLAB_HISTORY: "off", ...options.env },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8");
      stream?.on("data", (text: string) => {
        this.#log = (this.#log + text).slice(-20_000);
      });
    }
    running.add(this);
    this.exited = new Promise((done) => {
      this.#child.once("exit", (code, signal) => {
        running.delete(this);
        this.#exit = signal ?? `exit status ${code}`;
        done();
      });
      this.#child.once("error", (error) => {
        running.delete(this);
        this.#exit = error.message;
        done();
      });
    });
  }

  /** Process id of the protocol process. */
  get pid(): number {
    const { pid } = this.#child;
    if (pid === undefined)
      throw new Error(`Cannot find the kernel's process: ${this.#exit ?? "not started"}`);
    return pid;
  }

  /** How the process ended, undefined while it runs. */
  get exit(): string | undefined {
    return this.#exit;
  }

  /** The last of what the kernel wrote on its own stdout and stderr. */
  get log(): string {
    return this.#log;
  }

  /** The kernel's process and all below it; they are remembered for {@link waitUntilGone}. */
  tree(): number[] {
    const pids = processTree(this.pid);
    for (const pid of pids) this.#seen.add(pid);
    return pids;
  }

  /** Sends a signal to the protocol process alone. */
  signal(signal: NodeJS.Signals): void {
    this.tree();
    this.#child.kill(signal);
  }

  /** Sends a signal to the whole process group, as a terminal does on Ctrl-C. */
  signalGroup(signal: NodeJS.Signals): void {
    this.tree();
    process.kill(-this.pid, signal);
  }

  /** Waits until the kernel and every process that it is known to have started have ended. */
  async waitUntilGone(milliseconds = 10_000): Promise<void> {
    this.#seen.add(this.pid);
    const alive = () => [...this.#seen].filter(isAlive);
    await until(
      () => alive().length === 0,
      milliseconds,
      () => `processes ${alive().join(", ")} of kernel ${this.pid} (${this.#exit ?? "running"}) still live`,
    );
    await this.exited;
  }

  /** Ends whatever is left; for the end of a test, also of one that failed. */
  async kill(): Promise<void> {
    if (this.#child.pid === undefined) return;
    for (const pid of new Set([...this.#seen, ...processTree(this.pid)])) {
      endProcess(pid);
    }
    await this.exited;
  }
}
