import { spawnSync } from "node:child_process";
import { constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";

/** A pipe: what a process writes to the file descriptor can be read here. */
export interface OutputPipe {
  readonly source: Readable;
  /** To be closed once the process has it. */
  readonly descriptor: number;
}

/**
 * Makes pipes for the standard output and error of a process. What Node's own `stdio: "pipe"` makes are sockets, which
 * nobody can open by a path: a shell's `echo … > /dev/stderr` would fail in them.
 *
 * @returns undefined where there are no such pipes, as on Windows or where the temporary folder cannot be written
 */
export function makeOutputPipes(): readonly [OutputPipe, OutputPipe] | undefined {
  if (process.platform === "win32") return undefined;
  const folder = newFolder();
  if (folder === undefined) return undefined;
  try {
    const [stdout, stderr] = ["stdout", "stderr"].map((name) => join(folder, name)) as [string, string];
    if (spawnSync("mkfifo", [stdout, stderr]).status !== 0) return undefined;
    return [openPipe(stdout), openPipe(stderr)];
  } finally {
    // They are open: the names have done their work.
    rmSync(folder, { recursive: true, force: true });
  }
}

function newFolder(): string | undefined {
  try {
    return mkdtempSync(join(tmpdir(), "rnnlab-pipes-"));
  } catch {
    // Node's own pipes do for all but a path to them.
    return undefined;
  }
}

function openPipe(path: string): OutputPipe {
  // Without O_NONBLOCK this would wait for the other end to be opened.
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return {
    source: new Socket({ fd, readable: true, writable: false }),
    descriptor: openSync(path, constants.O_WRONLY),
  };
}
