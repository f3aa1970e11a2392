import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { undoOnExit } from "./exit.js";
import { SetupError } from "./setup-error.js";

/**
 * Whether a path has only characters that shells and makefiles take as they are.
 *
 * @param path - the path
 * @returns false for one with spaces, quotes or letters with accents
 */
export const isPlain = (path: string): boolean => /^[\w./\\:~-]+$/.test(path);

/**
 * Works in a temporary folder whose path has neither spaces nor quotes nor letters with accents: gyp writes paths into
 * makefiles as they are, where `make` and the shell take such a path apart. What lies elsewhere is linked into it.
 *
 * @param what - what is made there, for messages
 * @param work - does the work in the empty folder that it is given, which is removed afterwards
 * @param temporary - the folders for temporary files, the first that will do is used
 * @returns what the work returns
 * @throws {SetupError} when none of the temporary folders has such a path
 */
export async function inPlainFolder<T>(
  what: string,
  work: (folder: string) => Promise<T>,
  temporary: readonly string[] = [tmpdir(), ...(process.platform === "win32" ? [] : ["/tmp", "/var/tmp"])],
): Promise<T> {
  const parent = temporary.find(isPlain);
  if (parent === undefined) {
    throw new SetupError(
      `Cannot compile ${what}: the path of the temporary folder must have letters without accents, digits, ".", "_" and "-" only, got ${JSON.stringify(temporary[0])}`,
      "set TMPDIR (Windows: TEMP) to such a folder; then: npx rnnlab setup",
    );
  }
  const folder = mkdtempSync(join(parent, "rnnlab-build-"));
  const discard = () => rmSync(folder, { recursive: true, force: true });
  const keep = undoOnExit(discard);
  try {
    return await work(folder);
  } finally {
    discard();
    keep();
  }
}
