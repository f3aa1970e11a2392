import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { venvPython } from "../../../setup/paths.js";
import { findPython } from "../../../setup/python.js";
import { endProcessGroup } from "../../../src/platform/end-process.js";
import { packageRoot } from "../../../src/platform/package-root.js";
import { KEPT_ERRORS } from "./engine.js";

/** A line of JSON from an adapter. */
export type Line = Readonly<Record<string, unknown>>;

/** How long an adapter has to end once its input has, in ms. */
const GRACE = 20_000;

/** A Python program of ours, which takes lines of JSON and answers with lines of JSON. */
export class PythonLines {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #receive: (line: Line) => void;
  readonly #ended: Promise<unknown>;
  #errors = "";

  /**
   * @param python - the interpreter
   * @param program - the file's name in cli/sweep/adapters, and its arguments
   * @param handlers - what is called for each line, and when it ends without having been asked to
   */
  constructor(
    python: string,
    [file, ...args]: readonly [string, ...string[]],
    handlers: { readonly line: (line: Line) => void; readonly lost: (reason: string) => void },
  ) {
    this.#receive = handlers.line;
    const path = join(packageRoot, "cli/sweep/adapters", file);
    // In a group of its own it does not get the terminal's Ctrl-C, which is for the sweep.
    this.#child = spawn(python, [path, ...args], {
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
      env: { ...process.env, PYTHONUNBUFFERED: "1", PYTHONDONTWRITEBYTECODE: "1" },
    });
    const { stdin, stdout, stderr } = this.#child;
    stdin.on("error", () => {});
    stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#errors = (this.#errors + text).slice(-KEPT_ERRORS);
    });
    const lines = createInterface({ input: stdout });
    lines.on("line", (text) => this.#receive(JSON.parse(text) as Line));
    this.#child.on("error", (error) => handlers.lost(`${python} cannot be started: ${error.message}`));
    this.#ended = once(this.#child, "close").then(
      () => handlers.lost(`its adapter has ended: ${lastLine(this.#errors)}`),
      // Told already.
      () => undefined,
    );
  }

  send(line: Line): void {
    this.#child.stdin.write(`${JSON.stringify(line)}\n`);
  }

  /** Ends the program by the end of its input, and if it does not listen, by force. */
  async close(): Promise<void> {
    this.#child.stdin.end();
    const { pid } = this.#child;
    const timer = setTimeout(() => {
      if (pid !== undefined) endProcessGroup(pid);
    }, GRACE);
    await this.#ended;
    clearTimeout(timer);
  }
}

/**
 * The Python that adapters run in.
 *
 * @param given - by `--python`
 * @returns that, or the project's own, or the first that is found
 */
export async function adapterPython(given: string | undefined): Promise<string> {
  if (given !== undefined) return given;
  const own = venvPython();
  return existsSync(own) ? own : (await findPython()).path;
}

const lastLine = (text: string): string => text.trim().split("\n").at(-1) || "it said nothing";
