import { mkdirSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { SHARED_CACHE_NOTE } from "../src/platform/cache-directory.js";
import { SetupError } from "./setup-error.js";

/** Where all users of a machine share what set-up prepares, unless another folder is given. */
export const SYSTEM_CACHE =
  process.platform === "win32"
    ? join(process.env.PROGRAMDATA ?? "C:\\ProgramData", "rnnlab")
    : "/usr/local/share/rnnlab";

const EVERYBODY_READS = 0o004;
const EVERYBODY_ENTERS = 0o001;

/**
 * Lets everybody read what this process writes from now on, and makes the folder.
 *
 * @param cache - the folder that is shared
 * @param needed - what besides must be readable, so far as it is there
 * @throws {SetupError} when other users cannot read one of them, before anything is downloaded
 */
export function startSharing(cache: string, needed: readonly string[]): void {
  process.umask(0o022);
  mkdirSync(cache, { recursive: true });
  requireOpen([cache, ...needed]);
}

/**
 * Notes beside the package where the shared folder is, if everybody can read all that the kernels need.
 *
 * @param cache - the folder that is shared
 * @param needed - what besides must be readable
 * @returns one line about the result
 * @throws {SetupError} when other users cannot read one of them
 */
export function shareCache(cache: string, needed: readonly string[]): string {
  requireOpen([cache, ...needed]);
  writeFileSync(SHARED_CACHE_NOTE, `${cache}\n`);
  return `for all users, in ${cache}`;
}

function requireOpen(paths: readonly string[]): void {
  const closed = paths.flatMap((path) => {
    const at = closedAt(path);
    return at === undefined ? [] : [at === path ? path : `${path} (because of ${at})`];
  });
  if (closed.length > 0) {
    throw new SetupError(
      `Cannot share this installation: all users must be able to read ${closed.join(" and ")}`,
      "install Node, Python and rnnlab where everybody may read, such as /opt, with umask 022; delete a .venv that was made with another Python; then: npx rnnlab setup --system, with --python PATH where the first Python of your PATH is closed",
    );
  }
}

/**
 * What keeps other users from reading a file or a folder.
 *
 * @param path - where it is; links are followed
 * @returns the path itself or a folder above it; undefined if everybody can read it
 */
export function closedAt(path: string): string | undefined {
  if (process.platform === "win32") return undefined;
  try {
    const real = realpathSync(path);
    if ((statSync(real).mode & EVERYBODY_READS) === 0) return path;
    for (let folder = dirname(real); ; folder = dirname(folder)) {
      if ((statSync(folder).mode & EVERYBODY_ENTERS) === 0) return folder;
      if (folder === dirname(folder)) return undefined;
    }
  } catch (error) {
    // Not even this user can.
    if ((error as NodeJS.ErrnoException).code === "EACCES") return path;
    throw error;
  }
}
