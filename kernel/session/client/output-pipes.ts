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
 * Makes pipes for what a process writes. What Node's own `stdio: "pipe"` makes are sockets. Nobody can open these by a
 * path: a shell's `echo … > /dev/stderr` would fail in them. And each short message to one costs twice the time.
 *
 * @returns a list as long as `names`; empty where there are no such pipes, as on Windows or where the temporary folder
 * cannot be written
 */
export function makeOutputPipes(names: readonly string[]): readonly OutputPipe[] {
  if (process.platform === "win32") return [];
  const folder = newFolder();
  if (folder === undefined) return [];
  try {
    const paths = names.map((name) => join(folder, name));
    return spawnSync("mkfifo", paths).status === 0 ? paths.map(openPipe) : [];
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
