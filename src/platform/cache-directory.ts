import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { packageRoot } from "./package-root.js";

/** Set-up for all users of a machine notes here, beside its package, where it keeps what they share. */
export const SHARED_CACHE_NOTE = join(packageRoot, ".rnnlab-shared-cache");

/**
 * Where the parts of this installation may be: in the user's own cache directory, or in one that all users share.
 *
 * @returns absolute paths, the user's own first
 */
export function cacheDirectories(): string[] {
  try {
    return [cacheDirectory(), readFileSync(SHARED_CACHE_NOTE, "utf8").trim()];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return [cacheDirectory()];
  }
}

/**
 * The user's cache directory for rnnlab: `rnnlab` in `XDG_CACHE_HOME` where that is set, else in `~/Library/Caches`
 * (macOS), `%LOCALAPPDATA%` (Windows) or `~/.cache`.
 *
 * @param environment - environment variables; the process's own unless given
 * @param platform - as `process.platform`; the machine's own unless given
 * @returns an absolute path; the directory may not exist yet
 */
export function cacheDirectory(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
): string {
  return resolve(environment.XDG_CACHE_HOME || platformDirectory(environment, platform), "rnnlab");
}

function platformDirectory(
  environment: Readonly<Record<string, string | undefined>>,
  platform: string,
): string {
  const home = environment.HOME || homedir();
  if (platform === "win32") return environment.LOCALAPPDATA || join(home, "AppData", "Local");
  return platform === "darwin" ? join(home, "Library", "Caches") : join(home, ".cache");
}
