import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";

/** The folder of the rnnlab package: the checkout, or `node_modules/rnnlab` where it was installed. */
export const packageRoot = findPackageRoot(__dirname);

function findPackageRoot(folder: string): string {
  if (existsSync(join(folder, "package.json"))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error("Cannot find the rnnlab package: no package.json above the script");
  return findPackageRoot(parent);
}

/**
 * The folder whose `.venv` is ours: the checkout itself, or the current folder where rnnlab is a dependency.
 *
 * @returns an absolute path
 */
export function projectRoot(): string {
  return basename(dirname(packageRoot)) === "node_modules" ? process.cwd() : packageRoot;
}

/**
 * The user's cache directory for rnnlab: `XDG_CACHE_HOME/rnnlab` or the platform's own place.
 *
 * @param env the environment, by default the process's own
 * @param platform the platform, by default this one
 * @returns an absolute path, which need not exist
 */
export function cacheDirectory(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  if (env.XDG_CACHE_HOME) return resolve(env.XDG_CACHE_HOME, "rnnlab");
  if (platform === "win32")
    return join(env.LOCALAPPDATA ?? join(homedir(), "AppData", "Local"), "rnnlab", "cache");
  if (platform === "darwin") return join(homedir(), "Library", "Caches", "rnnlab");
  return join(env.HOME || homedir(), ".cache", "rnnlab");
}

/**
 * The project's Python virtual environment.
 *
 * @param root the project's folder
 * @returns an absolute path, which need not exist
 */
export function venvDirectory(root: string = projectRoot()): string {
  return join(root, ".venv");
}

/**
 * The Python of a virtual environment.
 *
 * @param venv the environment's folder
 * @returns the path of its interpreter
 */
export function venvPython(venv: string = venvDirectory()): string {
  return process.platform === "win32" ? join(venv, "Scripts", "python.exe") : join(venv, "bin", "python");
}
