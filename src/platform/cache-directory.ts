import { homedir } from "node:os";
import { join, resolve } from "node:path";

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
