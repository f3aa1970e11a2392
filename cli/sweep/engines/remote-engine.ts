import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../../src/platform/package-root.js";
import type { Engine, Job, JobEnd } from "./engine.js";
import { adapterPython, type Line, PythonLines } from "./python-lines.js";

/** An engine that is running elsewhere. */
interface Remote {
  readonly kind: "dask" | "ray";
  readonly address: string;
  readonly python: string | undefined;
  /** The notebook, which the workers must have at the same path. */
  readonly notebook: string;
}

interface Waiting {
  readonly resolve: (end: JobEnd) => void;
  readonly reject: (error: Error) => void;
}

const TITLES = { dask: "Dask", ray: "Ray" };

/** Does jobs on the workers of a Dask scheduler or a Ray cluster, by an adapter in Python. */
export class RemoteEngine implements Engine {
  readonly name: string;
  readonly #remote: Remote;
  readonly #waiting = new Map<string, Waiting>();
  readonly #adapter: PythonLines;
  #capacity = 0;
  #count = 0;
  #failure: Error | undefined;
  #closed = false;
  readonly #ready: Promise<void>;

  private constructor(python: string, remote: Remote) {
    this.#remote = remote;
    this.name = `${TITLES[remote.kind]} at ${remote.address}`;
    let line: (line: Line) => void = () => {};
    this.#ready = new Promise((resolve, reject) => {
      this.#waiting.set("ready", { resolve: () => resolve(), reject });
      line = (each) => this.#receive(each);
    });
    this.#adapter = new PythonLines(python, [`${remote.kind}_engine.py`, remote.address], {
      line: (each) => line(each),
      lost: (reason) => this.#fail(reason),
    });
  }

  /**
   * Joins a running engine.
   *
   * @throws {Error} when it is not there, has no workers, or its Python package is not installed
   */
  static async join(remote: Remote): Promise<RemoteEngine> {
    const engine = new RemoteEngine(await adapterPython(remote.python), remote);
    try {
      await engine.#ready;
      return engine;
    } catch (error) {
      await engine.close();
      throw error;
    }
  }

  get capacity(): number {
    return this.#capacity;
  }

  async run({ id, command, output }: Job): Promise<JobEnd> {
    if (this.#failure !== undefined) throw this.#failure;
    const ended = new Promise<JobEnd>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#adapter.send({
      id,
      // An engine remembers what it has done under a name.
      task: `${id}-${process.pid}-${++this.#count}`,
      command,
      output: output ?? null,
      requirements: requirementsOf(this.#remote.notebook),
      variables: settingsVariables(),
    });
    return ended;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { resolve } of this.#waiting.values()) resolve({ kind: "stopped" });
    this.#waiting.clear();
    await this.#adapter.close();
  }

  #receive({ id, capacity, failed, ...end }: Line): void {
    if (typeof failed === "string") {
      this.#fail(failed);
      return;
    }
    if (typeof capacity === "number") this.#capacity = capacity;
    const waiting = this.#waiting.get(String(id));
    this.#waiting.delete(String(id));
    waiting?.resolve(end as unknown as JobEnd);
  }

  #fail(reason: string): void {
    if (this.#closed || this.#failure !== undefined) return;
    this.#failure = new Error(`Cannot sweep on ${this.name}: ${reason}`);
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }
}

/** What a worker must have. */
function requirementsOf(notebook: string): object {
  const manifest = join(packageRoot, "package.json");
  return {
    node: process.execPath,
    nodeMajor: Number(process.versions.node.split(".")[0]),
    manifest,
    version: JSON.parse(readFileSync(manifest, "utf8")).version,
    notebook,
    hash: createHash("sha256").update(readFileSync(notebook)).digest("hex"),
  };
}

/**
 * The environment variables from which notebooks read their settings.
 *
 * @returns those that are set
 */
export function settingsVariables(): Record<string, string> {
  const names = ["RNNLAB_SIZE", "RNNLAB_SEED", "RNNLAB_DATA"];
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}
