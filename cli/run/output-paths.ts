import { accessSync, constants, mkdirSync, type Stats, statSync } from "node:fs";
import { basename, dirname, extname, join, resolve, sep } from "node:path";
import { messageOf } from "../../src/platform/message-of.js";
import { UsageError } from "../../src/platform/usage-error.js";

/**
 * Where the executed notebooks go: `NAME.executed.ipynb` beside each, or where `--output` says. That is a folder if there
 * is one of that name, if it ends in a slash, or if there are several notebooks.
 *
 * @param notebooks - their paths
 * @param output - the option's value
 * @returns a path for each
 * @throws {UsageError} when two notebooks would have the same file
 */
export function outputPaths(notebooks: readonly string[], output: string | undefined): string[] {
  const paths = notebooks.map((notebook) => {
    const name = basename(notebook);
    if (output === undefined)
      return join(dirname(notebook), `${basename(name, extname(name))}.executed.ipynb`);
    return isFolder(output, notebooks.length) ? join(output, name) : output;
  });
  const seen = new Map<string, string>();
  for (const [index, path] of paths.entries()) {
    const [key, notebook = ""] = [resolve(path), notebooks[index]];
    const other = seen.get(key);
    if (other !== undefined)
      throw new UsageError(
        `each notebook must have an output of its own, got ${path} for ${other} and ${notebook}`,
      );
    seen.set(key, notebook);
  }
  return paths;
}

function isFolder(output: string, notebooks: number): boolean {
  const stats = statsOf(output);
  if (stats !== undefined && !stats.isDirectory() && notebooks > 1)
    throw new UsageError(`--output must be a folder for ${notebooks} notebooks, got the file ${output}`);
  return stats?.isDirectory() ?? (notebooks > 1 || output.endsWith("/") || output.endsWith(sep));
}

/** Undefined also where there can be no such file: {@link prepareOutput} says why. */
function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/**
 * Sees to it that a file can be written, before anything runs.
 *
 * @param path - of the file; its folder is made
 * @throws {Error} when it cannot
 */
export function prepareOutput(path: string): void {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory()) throw new Error("it must be a file, got a folder");
    mkdirSync(dirname(path), { recursive: true });
    // A file is replaced, a device is written to.
    accessSync(stats === undefined || stats.isFile() ? dirname(path) : path, constants.W_OK);
  } catch (cause) {
    throw new Error(`Cannot write ${path}: ${messageOf(cause)}`, { cause });
  }
}
