import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { undoOnExit } from "./exit.js";

const POLL = 100;
/** The locks of this process. */
const held = new Set<string>();

/**
 * Does a piece of work that only one process may do at a time; others wait until it is done.
 *
 * @param path the lock file, which exists only meanwhile; that of a process that died is taken over
 * @param work what to do
 * @param onWait called once with the id of the process that holds the lock
 * @returns what the work returns
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  onWait: (pid: number) => void = () => {},
): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  for (let told = false; !take(path); ) {
    const holder = readHolder(path);
    if (holder === undefined) continue;
    // Process ids repeat, in containers above all: one like ours may be that of a process before us.
    const holds = holder.pid === process.pid ? held.has(path) : isAlive(holder.pid);
    if (holder.host === hostname() && !holds) {
      rmSync(path, { force: true });
      continue;
    }
    if (!told) onWait(holder.pid);
    told = true;
    await delay(POLL);
  }
  held.add(path);
  const release = () => {
    held.delete(path);
    rmSync(path, { force: true });
  };
  const keep = undoOnExit(release);
  try {
    return await work();
  } finally {
    release();
    keep();
  }
}

/** Creates the lock with its content in one step: a hard link to a finished file. */
function take(path: string): boolean {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, JSON.stringify({ pid: process.pid, host: hostname() }));
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function readHolder(path: string): { pid: number; host: string } | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(`Cannot read the lock ${path}: delete it and try again`, { cause: error });
  }
}

/**
 * Whether a process of this machine is running.
 *
 * @param pid its id
 * @returns true if it runs, also when it belongs to another user
 */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
