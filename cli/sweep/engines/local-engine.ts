import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { endProcessGroup } from "../../../src/platform/end-process.js";
import { type Engine, type Job, type JobEnd, KEPT_ERRORS } from "./engine.js";

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** How long jobs have to end by themselves once they are stopped, in ms. */
const GRACE = 15_000;

/** Does jobs in processes of this machine. */
export class LocalEngine implements Engine {
  readonly capacity: number;
  readonly name: string;
  readonly #children = new Set<Child>();
  #closed = false;

  /** @param workers - how many jobs it does at a time */
  constructor(workers: number) {
    this.capacity = workers;
    this.name = `${workers} local ${workers === 1 ? "process" : "processes"}`;
  }

  async run({ command, output }: Job): Promise<JobEnd> {
    const folder = mkdtempSync(join(tmpdir(), "rnnlab-sweep-"));
    try {
      const path = output ?? join(folder, "executed.ipynb");
      // In a group of its own a job does not get the terminal's Ctrl-C, which is for the sweep.
      const child = spawn(process.execPath, [...command, "--output", path], {
        stdio: ["pipe", "pipe", "pipe"],
        detached: true,
      });
      this.#children.add(child);
      try {
        return await this.#ended(child);
      } finally {
        this.#children.delete(child);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const children = [...this.#children];
    const ends = Promise.all(children.map((child) => once(child, "close")));
    // The end of its input stops a job.
    for (const { stdin } of children) stdin.end();
    const timer = setTimeout(() => {
      for (const { pid } of children) if (pid !== undefined) endProcessGroup(pid);
    }, GRACE);
    await ends;
    clearTimeout(timer);
  }

  async #ended(child: Child): Promise<JobEnd> {
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (piece: string) => {
      errors = (errors + piece).slice(-KEPT_ERRORS);
    });
    // A job that is ending no longer reads.
    child.stdin.on("error", () => {});
    const [stdout, [status, signal]] = await Promise.all([text(child.stdout), once(child, "close")]);
    if (this.#closed) return { kind: "stopped" };
    if (status === null) return { kind: "died", reason: `the run's process was ended by ${signal}` };
    return { kind: "ended", status, stdout, stderr: errors };
  }
}
