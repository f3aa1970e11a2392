import { type ChildProcess, spawn } from "node:child_process";
import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { endProcessGroup } from "../src/platform/end-process.js";
import { undoOnExit } from "./exit.js";

/** How to run a command. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds after which the command and all its children are ended; by default there is no limit. */
  readonly timeout?: number;
  /** Milliseconds without any output after which they are ended. */
  readonly silence?: number;
  /** A folder whose growth counts as output, for downloads that print nothing. */
  readonly growing?: string;
  /** How many of the last lines of its output an error shows, by default 12. */
  readonly lines?: number;
}

/** A command that did not end with status 0; the message holds the end of what it printed. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

const TAIL_LINES = 12;

/**
 * Runs a command without a terminal and waits for its end. The command gets its own process group, so that
 * a limit or Ctrl-C ends its children too.
 *
 * @param command - the program
 * @param args - its arguments
 * @param options - folder, environment and limits
 * @returns what it wrote on standard output
 * @throws {CommandError} when it cannot start, fails, or passes a limit
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const line = [command, ...args].join(" ");
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: process.platform !== "win32",
    windowsHide: true,
  });
  const keep = undoOnExit(() => endGroup(child));
  let stdout = "";
  let output = "";
  let ended: string | undefined;
  const end = (reason: string) => {
    ended = reason;
    endGroup(child);
  };
  const total = options.timeout;
  const totalTimer = total && setTimeout(() => end(`no result after ${total / 1000} s`), total);
  const silence = options.silence;
  const silenceTimer = silence
    ? setTimeout(() => end(`no output for ${silence / 1000} s`), silence)
    : undefined;
  const { growing } = options;
  let size = 0;
  const growthTimer = growing
    ? setInterval(() => {
        const now = sizeOf(growing);
        if (now !== size) silenceTimer?.refresh();
        size = now;
      }, 1000)
    : undefined;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    output += text;
    silenceTimer?.refresh();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    silenceTimer?.refresh();
  });
  try {
    const status = await new Promise<string>((settle, reject) => {
      child.on("error", (cause) => reject(new CommandError(`${line}: ${cause.message}`, { cause })));
      child.on("close", (code, signal) => settle(signal ?? String(code)));
    });
    if (ended !== undefined) throw new CommandError(`${line}: ${ended}${tail(output, options.lines)}`);
    if (status !== "0") throw new CommandError(`${line}: ended with ${status}${tail(output, options.lines)}`);
    return stdout;
  } finally {
    clearTimeout(totalTimer);
    clearTimeout(silenceTimer);
    clearInterval(growthTimer);
    keep();
  }
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  endProcessGroup(child.pid);
}

/**
 * The bytes of all files below a folder.
 *
 * @param folder - a path; one that is missing counts as empty
 * @returns the sum, without following links
 */
export function sizeOf(folder: string): number {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(folder).reduce((sum, name) => sum + sizeOf(join(folder, name)), 0);
}

function tail(output: string, count = TAIL_LINES): string {
  const lines = output
    .split(/\r?\n|\r/)
    .filter((line) => line.trim() !== "")
    .slice(-count);
  return lines.length === 0 ? "" : `\n    ${lines.join("\n    ")}`;
}
