import { accessSync, constants, existsSync, readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { cacheDirectory } from "../src/platform/cache-directory.js";
import { packageRoot } from "../src/platform/package-root.js";
import { isPlain } from "./plain-folder.js";

/**
 * The folder whose `.venv` is ours: the checkout itself, or the project that has rnnlab among its packages. A copy that
 * belongs to no project, because it was installed globally or by npx, has its `.venv` in the user's cache directory.
 *
 * @param copy - the folder of rnnlab
 * @param current - the folder in which the command was given
 * @returns an absolute path, which need not exist
 */
export function projectRoot(copy: string = packageRoot, current: string = process.cwd()): string {
  if (basename(dirname(copy)) !== "node_modules") return copy;
  return projectAbove(current, copy) ?? projectOf(copy) ?? cacheDirectory();
}

/**
 * The nearest folder upwards that has this copy among its packages. Package managers may link it there.
 *
 * @param folder - where the search begins
 * @param copy - the folder of rnnlab
 * @returns its path, if there is one
 */
export function projectAbove(folder: string, copy: string): string | undefined {
  const installed = join(folder, "node_modules", basename(copy));
  if (existsSync(installed) && realpathSync(installed) === realpathSync(copy)) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : projectAbove(parent, copy);
}

/** The folder with the packages, if somebody's package.json is there, and not that of npx's own cache. */
function projectOf(copy: string): string | undefined {
  const folder = dirname(dirname(copy));
  const manifest = join(folder, "package.json");
  if (!existsSync(manifest)) return undefined;
  return JSON.parse(readFileSync(manifest, "utf8"))._npx === undefined ? folder : undefined;
}

/**
 * A path as a report shows it.
 *
 * @param path - an absolute path
 * @returns the path from the current folder where it is within, else the path as it is
 */
export function shownPath(path: string): string {
  const within = relative(process.cwd(), path);
  return within === "" || within.startsWith("..") ? path : within;
}

/**
 * The project's Python virtual environment.
 *
 * @param root - the project's folder
 * @returns an absolute path, which need not exist
 */
export function venvDirectory(root: string = projectRoot()): string {
  return join(root, ".venv");
}

/**
 * The Python of a virtual environment.
 *
 * @param venv - the environment's folder
 * @returns the path of its interpreter
 */
export function venvPython(venv: string = venvDirectory()): string {
  return process.platform === "win32" ? join(venv, "Scripts", "python.exe") : join(venv, "bin", "python");
}

/**
 * What a person types to start the JupyterLab that set-up has installed.
 *
 * @param root - the project's folder
 * @returns a command for the shell
 */
export function labCommand(root: string = projectRoot()): string {
  if (root === packageRoot) return "npm run lab";
  const jupyter = shownPath(join(dirname(venvPython(venvDirectory(root))), "jupyter"));
  return `${isPlain(jupyter) ? jupyter : JSON.stringify(jupyter)} lab`;
}

/**
 * Whether the user may write into a folder.
 *
 * @param folder - its path
 * @returns false for whatever reason they cannot
 */
export function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
