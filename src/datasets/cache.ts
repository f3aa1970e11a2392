import { join } from "node:path";
import { cacheDirectory } from "../platform/cache-directory.js";

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
  return join(cacheDirectory(environment, platform), "data");
}
