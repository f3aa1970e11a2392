import { statSync } from "node:fs";

/** What tells a file from what it was; empty if there is none. Not every tool dates what it writes: the size and the place on the disk count, too. */
export function stampOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? "" : [found.mtimeMs, found.size, found.ino].join();
}
