import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "../src/platform/file-lock.js";
import { undoOnExit } from "./exit.js";
import { withLock } from "./lock.js";

/**
 * A folder of the cache that is either complete or absent: it is made aside, on the same file system, and
 * moved into place when it is finished. Two set-ups at once make it once; what an interrupted one left is removed.
 *
 * @param cache - the cache directory
 * @param name - the entry's name, which holds everything the content depends on
 * @param make - fills the empty folder it is given
 * @param onWait - called with the id of a process that is making the same entry
 * @returns the path of the complete entry
 */
export async function cacheEntry(
  cache: string,
  name: string,
  make: (folder: string) => Promise<void>,
  onWait?: (pid: number) => void,
): Promise<string> {
  const entry = join(cache, name);
  if (existsSync(entry)) return entry;
  const work = async () => {
    if (existsSync(entry)) return entry;
    for (const left of readdirSync(cache)) {
      const maker = left.startsWith(`${name}.making-`) ? Number(left.split("-").at(-1)) : undefined;
      // Process ids repeat, in containers above all: one like ours is that of a process before us.
      const dead = maker === process.pid || (maker !== undefined && !isAlive(maker));
      if (dead) rmSync(join(cache, left), { recursive: true, force: true });
    }
    const aside = `${entry}.making-${process.pid}`;
    const discard = () => rmSync(aside, { recursive: true, force: true });
    const keep = undoOnExit(discard);
    try {
      mkdirSync(aside);
      await make(aside);
      moveInto(aside, entry);
    } finally {
      discard();
      keep();
    }
    return entry;
  };
  return withLock(join(cache, `${name}.lock`), work, onWait);
}

function moveInto(aside: string, entry: string): void {
  try {
    renameSync(aside, entry);
  } catch (error) {
    // Another process was faster: its entry has the same content.
    if (!existsSync(entry)) throw error;
  }
}
