import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { StringDecoder } from "node:string_decoder";
import { setTimeout as delay } from "node:timers/promises";
import { encodeFrame, FrameDecoder } from "./frames.js";
import type { FromSession, StreamName, ToSession } from "./session/protocol.js";

/** What the owner of a session process hears from it. */
export interface SessionEvents {
  message(message: FromSession): void;
  /** Text that was written to a file descriptor, by child processes and native libraries for instance. */
  output(name: StreamName, text: string): void;
  /** The process has ended; `why` says how. */
  exit(why: string): void;
}

/**
 * Reads a file descriptor of the session. The session marks the end of a cell's output with a fence, so that a cell is
 * never reported as done before all it wrote has been read.
 */
class FencedOutput {
  readonly #fence: RegExp;
  readonly #emit: (text: string) => void;
  readonly #decoder = new StringDecoder("utf8");
  readonly #waiting = new Map<number, () => void>();
  readonly #passed = new Set<number>();
  #text = "";
  #ended = false;
  /** Resolves when there is nothing more to read. */
  readonly ended: Promise<void>;

  constructor(stream: Readable, fence: string, emit: (text: string) => void) {
    this.#fence = new RegExp(`\\x00${fence}:(\\d+)\\x00`);
    this.#emit = emit;
    stream.on("data", (chunk: Buffer) => this.#read(chunk));
    this.ended = finished(stream).then(() => this.#end());
  }

  /** Resolves when everything up to the fence with this serial has been emitted. */
  reached(serial: number): Promise<void> {
    if (this.#ended || this.#passed.delete(serial)) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.set(serial, resolve));
  }

  #read(chunk: Buffer): void {
    this.#text += this.#decoder.write(chunk);
    for (let match = this.#fence.exec(this.#text); match !== null; match = this.#fence.exec(this.#text)) {
      this.#emit(this.#text.slice(0, match.index));
      this.#text = this.#text.slice(match.index + match[0].length);
      this.#pass(Number(match[1]));
    }
    // The last NUL may begin a fence whose rest is still to come.
    const open = this.#text.lastIndexOf("\0");
    const safe = open !== -1 && this.#text.length - open < LONGEST_FENCE ? open : this.#text.length;
    this.#emit(this.#text.slice(0, safe));
    this.#text = this.#text.slice(safe);
  }

  #pass(serial: number): void {
    const resolve = this.#waiting.get(serial);
    this.#waiting.delete(serial);
    if (resolve === undefined) this.#passed.add(serial);
    else resolve();
  }

  #end(): void {
    this.#ended = true;
    this.#emit(this.#text + this.#decoder.end());
    this.#text = "";
    for (const resolve of this.#waiting.values()) resolve();
    this.#waiting.clear();
  }
}

const LONGEST_FENCE = 64;
/** How long a session that has closed its input may take to exit, in ms. */
const EXIT_TIME = 1000;
/** How long the last output of a session that has ended is waited for, in ms. */
const LAST_OUTPUT = 500;

/** The process that runs the user's cells. */
export class SessionProcess {
  readonly #child: ChildProcess;
  readonly #input: Writable;
  readonly #outputs: Readonly<Record<1 | 2, FencedOutput>>;
  readonly #events: SessionEvents;

  constructor(folder: string, events: SessionEvents) {
    this.#events = events;
    this.#child = spawn(process.execPath, [join(__dirname, "session", "main.js")], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
      // A process group of its own, which can be ended as a whole: Windows has none.
      detached: process.platform !== "win32",
    });
    const fence = randomUUID();
    const [, stdout, stderr, messages, input] = this.#child.stdio;
    this.#outputs = {
      1: new FencedOutput(stdout as Readable, fence, (text) => events.output("stdout", text)),
      2: new FencedOutput(stderr as Readable, fence, (text) => events.output("stderr", text)),
    };
    this.#input = input as Writable;
    // Writing to a session that has ended fails: its exit is reported instead.
    this.#input.on("error", () => {});
    // One that closed what it reads from, but lives, would never answer again.
    this.#input.on("close", () => {
      setTimeout(() => {
        if (this.#child.exitCode === null && this.#child.signalCode === null) this.kill();
      }, EXIT_TIME).unref();
    });
    const decoder = new FrameDecoder();
    (messages as Readable).on("data", (chunk: Buffer) => {
      for (const message of decoder.push(chunk)) void this.#deliver(message as FromSession);
    });
    const why = new Promise<string>((resolve) => {
      this.#child.on("exit", (code, signal) => {
        resolve(signal === null ? `it exited with code ${code}` : `it was ended by ${signal}`);
      });
      this.#child.on("error", (error) => resolve(error.message));
    });
    const allRead = Promise.all([
      finished(messages as Readable),
      this.#outputs[1].ended,
      this.#outputs[2].ended,
    ]);
    void why.then(async (reason) => {
      this.kill();
      // Not for ever: a background process of the user's may hold the session's standard output open.
      await Promise.race([allRead, delay(LAST_OUTPUT)]);
      events.exit(reason);
    });
    this.send({ type: "start", fence });
  }

  send(message: ToSession): void {
    this.#input.write(encodeFrame(message));
  }

  /** Ends the process at once, and the processes that it has started. */
  kill(): void {
    killGroup(this.#child);
  }

  async #deliver(message: FromSession): Promise<void> {
    if (message.type === "done") {
      await Promise.all(message.fences.map((fd) => this.#outputs[fd].reached(message.serial)));
    }
    this.#events.message(message);
  }
}

function killGroup(child: ChildProcess): void {
  if (process.platform === "win32" || child.pid === undefined) {
    child.kill("SIGKILL");
    return;
  }
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    // All of them have ended already.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
