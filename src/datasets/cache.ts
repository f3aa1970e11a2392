import { homedir } from "node:os";
import { join } from "node:path";

/**
 * The directory where downloaded data is kept: `rnnlab/data` in the user's cache directory, which is
 * `XDG_CACHE_HOME` where that is set, else `~/Library/Caches` (macOS), `%LOCALAPPDATA%` (Windows) or `~/.cache`.
 *
 * @param environment - environment variables; the process's own unless given
 * @param platform - as `process.platform`; the machine's own unless given
 * @returns an absolute path; the directory may not exist yet
 * @example
 * ```ts
 * import { dataCacheDirectory } from "rnnlab/datasets";
 * console.log(dataCacheDirectory({ XDG_CACHE_HOME: "/tmp/cache" }, "linux")); // /tmp/cache/rnnlab/data
 * ```
 */
export function dataCacheDirectory(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
): string {
  return join(userCacheDirectory(environment, platform), "rnnlab", "data");
}

function userCacheDirectory(
  environment: Readonly<Record<string, string | undefined>>,
  platform: string,
): string {
  if (environment.XDG_CACHE_HOME) return environment.XDG_CACHE_HOME;
  const home = environment.HOME || homedir();
  if (platform === "win32") return environment.LOCALAPPDATA || join(home, "AppData", "Local");
  return platform === "darwin" ? join(home, "Library", "Caches") : join(home, ".cache");
}
