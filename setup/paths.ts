import { basename, dirname, join } from "node:path";
import { packageRoot } from "../src/platform/package-root.js";

/**
 * The folder whose `.venv` is ours: the checkout itself, or the current folder where rnnlab is a dependency.
 *
 * @returns an absolute path
 */
export function projectRoot(): string {
  return basename(dirname(packageRoot)) === "node_modules" ? process.cwd() : packageRoot;
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
