import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync } from "node:fs";
import { resolve } from "node:path";
import type { Duplex, Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { endProcessGroup } from "../../../src/platform/end-process.js";
import { encodeFrame, FrameDecoder, sessionFormat } from "../../shared/framing.js";
import type { Notebook } from "../../shared/language.js";
import { writeSessionArguments } from "../../shared/session-arguments.js";
import type { FromInspector, ToSession } from "../../shared/session-messages.js";
import { readFromInspector } from "./check-messages.js";
import { makeOutputPipes } from "./output-pipes.js";
import { type OutputEvents, OutputStreams } from "./output-streams.js";

/** What the owner of a session process hears from it. */
export interface SessionEvents extends OutputEvents {
  /** The inspector of its main thread answers, or tells of something. */
  inspector(message: FromInspector): void;
  /** The inspector cannot be heard any more: the user's code has written where it answers. */
  inspectorLost(why: string): void;
  /** The process has ended; `why` says how. */
  exit(why: string): void;
}

/** What Node prints when it ends while the watchdog is connected to it, which is always. */
const NODE_NOTICE = "Waiting for the debugger to disconnect...\n";
/** How long a session that no longer sends or receives may take to exit, in ms. */
const EXIT_TIME = 1000;
const OUT_OF_MEMORY =
  "it ran out of memory; to allow it 8 GiB: npx rnnlab install --node-option=--max-old-space-size=8192";
const HINTS: Partial<Record<NodeJS.Signals, string>> = {
  SIGKILL: ", as the system does when memory is short",
};
/**
 * What lets Node.js outlive terminated code. It keeps a stack of whose callback runs, which terminated code leaves
 * unbalanced: the first option has it not end the process for that. Node.js 22 has `AsyncLocalStorage` on promise hooks,
 * which need that stack, unless the second one asks it for what Node.js 24 does by itself. Node.js 20 has nothing else.
 */
const OPTIONS = ["--no-force-async-hooks-checks", "--experimental-async-context-frame"].filter((option) =>
  process.allowedNodeEnvironmentFlags.has(option),
);
/** What a session writes, on its file descriptors 1, 2 and 3; what it reads is on 4. */
const OUTPUTS = ["stdout", "stderr", "messages"];
/** How long the last output of a session that has ended is waited for, in ms. */
const LAST_OUTPUT = 500;

/** The process that runs the user's cells. */
export class SessionProcess {
  readonly #child: ChildProcess;
  readonly #input: Duplex;
  #killedFor: string | undefined;

  constructor({ folder, language }: Notebook, events: SessionEvents) {
    const pipes = makeOutputPipes(OUTPUTS);
    const fence = randomUUID();
    const start = resolve(__dirname, "../start.js");
    this.#child = spawn(
      process.execPath,
      [...OPTIONS, start, ...writeSessionArguments({ language, fence })],
      {
        cwd: folder,
        stdio: ["ignore", ...OUTPUTS.map((_, index) => pipes[index]?.descriptor ?? "pipe"), "pipe"],
        // A process group of its own, which can be ended as a whole: Windows has none.
        detached: process.platform !== "win32",
      },
    );
    for (const { descriptor } of pipes) closeSync(descriptor);
    const [, ...stdio] = this.#child.stdio;
    const [stdout, stderr, messages] = OUTPUTS.map((_, index) => pipes[index]?.source ?? stdio[index]) as [
      Readable,
      Readable,
      Readable,
    ];
    const [input] = stdio.slice(OUTPUTS.length);
    let outOfMemory = false;
    const output = new OutputStreams(fence, stdout, stderr, messages, {
      relief: () => events.relief(),
      message: (message) => events.message(message),
      failed: (why) => this.kill(why),
      output: (name, text) => {
        outOfMemory ||= name === "stderr" && text.includes("JavaScript heap out of memory");
        events.output(name, text.replace(NODE_NOTICE, ""));
      },
    });
    this.#input = input as Duplex;
    this.#listenToInspector(fence, events);
    // Writing to a session that has ended fails: its exit is reported instead.
    this.#input.on("error", () => {});
    for (const [fd, stream] of [messages, input].entries()) this.#endWith(stream as Readable, fd + 3);
    const ended = new Promise<string>((resolve) => {
      this.#child.on("exit", (code, signal) => {
        resolve(
          signal === null ? `it exited with code ${code}` : `it was ended by ${signal}${HINTS[signal] ?? ""}`,
        );
      });
      this.#child.on("error", (error) => resolve(error.message));
    });
    void ended.then(async (how) => {
      this.kill();
      output.readOn();
      // Not for ever: a background process of the user's may hold the session's standard output open.
      await Promise.race([output.ended, delay(LAST_OUTPUT, undefined, { ref: false })]);
      events.exit(this.#killedFor ?? (outOfMemory ? OUT_OF_MEMORY : how));
    });
  }

  /** What it reads from is a socket, on which the watchdog answers for the inspector. */
  #listenToInspector(fence: string, events: SessionEvents): void {
    const decoder = new FrameDecoder(sessionFormat(fence));
    let lost = false;
    this.#input.on("data", (chunk: Buffer) => {
      // Nothing but a debugger needs it: the session goes on.
      if (lost) return;
      try {
        for (const message of decoder.push(chunk)) events.inspector(readFromInspector(message));
      } catch (error) {
        lost = true;
        events.inspectorLost((error as Error).message);
      }
    });
  }

  /** Ends a session that has closed a file descriptor which it needs for messages, but lives: it would never answer again. */
  #endWith(stream: Readable, fd: number): void {
    stream.on("close", () => {
      setTimeout(() => {
        if (this.#child.exitCode === null && this.#child.signalCode === null)
          this.kill(`it closed file descriptor ${fd}, which is the kernel's`);
      }, EXIT_TIME).unref();
    });
  }

  /** Its id, which is also that of its process group; undefined if it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(message: ToSession): void {
    this.#input.write(encodeFrame(message));
  }

  /** Ends the process at once, and the processes that it has started; `why` is then what its owner hears. */
  kill(why?: string): void {
    this.#killedFor ??= why;
    if (this.pid !== undefined) endProcessGroup(this.pid);
  }
}
