import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";
import type { Readable, Writable } from "node:stream";
import { cacheDirectories } from "../../../src/platform/cache-directory.js";
import { FrameDecoder } from "../../shared/framing.js";
import { log } from "../../shared/log.js";
import type { Task } from "../serve.js";
import {
  compilerEnvironment,
  findSnapshot,
  guessSnapshot,
  SNAPSHOT_FLAGS,
  type SnapshotKind,
  type SnapshotSearch,
} from "./snapshot.js";

/** What the owner of a compiler process hears from it. */
export interface CompilerEvents<Response> {
  message(response: Response): void;
  /** The process has ended; `why` says how. One that never got going has seen no request. */
  exit(why: string, gotGoing: boolean): void;
}

/** Whether start-up snapshots work here, as far as is known. */
let snapshotsWork = true;

interface Started {
  readonly child: ChildProcess;
  readonly snapshot: string | undefined;
}

/** Starts with the snapshot that is probably right, and makes sure while the process is starting. */
function startCompiler(folder: string, task: Task, kind: SnapshotKind): Started {
  const start = (snapshot: string | undefined): Started => {
    const program =
      snapshot === undefined
        ? [resolve(__dirname, "../main.js")]
        : [...SNAPSHOT_FLAGS, "--snapshot-blob", snapshot];
    const child = spawn(process.execPath, [...program, folder, task], {
      cwd: folder,
      env: compilerEnvironment(process.env),
      stdio: ["pipe", "pipe", "inherit"],
    });
    return { child, snapshot };
  };
  const started = start(snapshotsWork ? closest(guessSnapshot, kind) : undefined);
  if (started.snapshot === undefined) return started;
  const snapshot = closest(findSnapshot, kind);
  if (snapshot === started.snapshot) return started;
  // One that was never started is left at that.
  started.child.on("error", () => {});
  started.child.kill("SIGKILL");
  return start(snapshot);
}

/** One without the types of tensors is better than none. */
function closest(search: SnapshotSearch, kind: SnapshotKind): string | undefined {
  const caches = cacheDirectories();
  return search(kind, caches) ?? (kind === "compiler" ? undefined : search("compiler", caches));
}

/** A process that checks and compiles cells, from a start-up snapshot where there is one. */
export class CompilerProcess<Response> {
  readonly #child: ChildProcess;
  readonly #input: Writable;

  /**
   * @param folder - the notebook's folder, an absolute path
   * @param task - what it does
   * @param kind - the types that it is to know from its start, where there is such a snapshot
   * @param events - what its owner hears
   */
  constructor(folder: string, task: Task, kind: SnapshotKind, events: CompilerEvents<Response>) {
    const { child, snapshot } = startCompiler(folder, task, kind);
    this.#child = child;
    this.#input = this.#child.stdin as Writable;
    // Writing to a process that has ended fails: its exit is reported instead.
    this.#input.on("error", () => {});
    const decoder = new FrameDecoder();
    let answered = false;
    let failure: string | undefined;
    (this.#child.stdout as Readable).on("data", (chunk: Buffer) => {
      answered = true;
      if (failure !== undefined) return;
      try {
        for (const response of decoder.push(chunk) as Generator<Response>) events.message(response);
      } catch (error) {
        failure = (error as Error).message;
        this.kill();
      }
    });
    this.#child.on("error", (error) => {
      failure = error.message;
    });
    this.#child.on("close", (code, signal) => {
      const why = failure ?? (signal === null ? `it exited with code ${code}` : `it was ended by ${signal}`);
      const unusable = snapshot !== undefined && !answered && signal !== "SIGKILL";
      if (unusable) {
        snapshotsWork = false;
        log("Cannot use the compiler's start-up snapshot", why);
      }
      events.exit(why, !unusable);
    });
  }

  /** Its id; undefined if it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Sends an encoded request. */
  write(frame: Uint8Array): void {
    this.#input.write(frame);
  }

  /** Ends the process at once. */
  kill(): void {
    this.#child.kill("SIGKILL");
  }
}
