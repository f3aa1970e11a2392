import {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const POLL = 100;
const HEARTBEAT = 5_000;
/** Whether a process of another machine lives can only be told from its heartbeat. */
const DEAD_AFTER = 60_000;
/** To take a dead process's lock away takes no time: who has not done it after this many ms has been killed meanwhile. */
const ABANDONED = 5_000;
/** The locks of this process. */
const held = new Set<string>();

/**
 * Does a piece of work that only one caller may do at a time, in this process or in others; the rest wait until it is
 * done. Signals are left alone: a process that dies leaves its lock behind, and the next one takes it over.
 *
 * @param path - the lock file, which exists only meanwhile
 * @param work - what to do
 * @param onWait - called once with the id of the process that holds the lock
 * @returns what the work returns
 */
export async function withFileLock<T>(
  path: string,
  work: () => Promise<T>,
  onWait: (pid: number) => void = () => {},
): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  for (let told = false; !take(path); ) {
    const holder = readHolder(path);
    if (holder === undefined) continue;
    if (!holds(path, holder)) {
      if (!removeDead(path)) await delay(POLL);
      continue;
    }
    if (!told) onWait(holder.pid);
    told = true;
    await delay(POLL);
  }
  held.add(path);
  // One that was left there is of no use to anybody while the lock is held.
  rmSync(guardOf(path), { force: true });
  const heartbeat = setInterval(() => touch(path), HEARTBEAT).unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    release(path);
  }
}

/** Gives a lock of this process back. */
export function release(path: string): void {
  held.delete(path);
  rmSync(path, { force: true });
}

interface Holder {
  readonly pid: number;
  readonly host: string;
}

function holds(path: string, { pid, host }: Holder): boolean {
  if (host !== hostname()) {
    const touched = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    return Date.now() - touched < DEAD_AFTER;
  }
  // Process ids repeat, in containers above all: one like ours may be that of a process before us.
  return pid === process.pid ? held.has(path) : isAlive(pid);
}

const guardOf = (path: string): string => `${path}.takeover`;

/**
 * Removes the lock of a dead process. One process does it at a time, and looks once more: otherwise the second would
 * remove the lock that the first one has taken since.
 *
 * @returns false if another one is at it
 */
function removeDead(path: string): boolean {
  const guard = guardOf(path);
  try {
    closeSync(openSync(guard, "wx"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const made = statSync(guard, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - made > ABANDONED) rmSync(guard, { force: true });
    return false;
  }
  try {
    const holder = readHolder(path);
    if (holder !== undefined && !holds(path, holder)) rmSync(path, { force: true });
  } finally {
    rmSync(guard, { force: true });
  }
  return true;
}

function touch(path: string): void {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch (error) {
    // Somebody deleted the lock by hand: there is nothing left to keep alive.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
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

function readHolder(path: string): Holder | undefined {
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
 * @param pid - its id
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
