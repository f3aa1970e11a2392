import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

/** A file in a cache entry: the folder of the installation that it belongs to. */
export const OWNER_FILE = "installation";

/**
 * Removes entries of earlier builds, and those of installations that are gone.
 *
 * @param cache - the cache directory
 * @param prefix - how the entries of a kind begin
 * @param name - the entry that is kept
 */
export function removeEarlier(cache: string, prefix: string, name: string): void {
  for (const other of readdirSync(cache)) {
    const isEarlier = other.startsWith(prefix) && !other.startsWith(name);
    if (isEarlier || ownerIsGone(join(cache, other)))
      rmSync(join(cache, other), { recursive: true, force: true });
  }
}

function ownerIsGone(entry: string): boolean {
  const owner = join(entry, OWNER_FILE);
  return existsSync(owner) && !existsSync(readFileSync(owner, "utf8"));
}
