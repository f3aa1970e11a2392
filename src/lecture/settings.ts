import { statSync } from "node:fs";

/** How a lecture runs. */
export interface LectureSettings {
  /** `"full"`: as published; `"quick"`: fewer epochs or rows, to see whether everything runs */
  readonly size: "quick" | "full";
  /** Seed of all random numbers, an integer from 0 to 2³² − 1 */
  readonly seed: number;
  /** Directory of real data files, if the user named one */
  readonly dataDirectory: string | undefined;
}

/**
 * Reads how a lecture runs from the environment: `RNNLAB_SIZE` (`quick` or `full`, which is the default),
 * `RNNLAB_SEED` (7 unless given) and `RNNLAB_DATA` (a directory).
 *
 * @param environment - the variables; those of the process unless given
 * @returns the settings
 * @throws {RangeError} when a variable has a value that cannot be
 * @example
 * ```ts
 * import { lectureSettings } from "rnnlab/lecture";
 * const { size, seed } = lectureSettings({ RNNLAB_SIZE: "quick" });
 * console.log(size, seed); // quick 7
 * ```
 */
export function lectureSettings(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): LectureSettings {
  // An empty variable counts as unset, as in a shell.
  const size = environment.RNNLAB_SIZE || "full";
  const seed = environment.RNNLAB_SEED || "7";
  const dataDirectory = environment.RNNLAB_DATA || undefined;
  if (size !== "quick" && size !== "full") {
    throw new RangeError(`Cannot read settings: RNNLAB_SIZE must be quick or full, got ${size}`);
  }
  if (!/^\d+$/.test(seed) || Number(seed) > 0xffffffff) {
    throw new RangeError(
      `Cannot read settings: RNNLAB_SEED must be an integer from 0 to 4294967295, got ${seed}`,
    );
  }
  if (dataDirectory !== undefined && !statSync(dataDirectory, { throwIfNoEntry: false })?.isDirectory()) {
    throw new RangeError(`Cannot read settings: RNNLAB_DATA must be a directory, got ${dataDirectory}`);
  }
  return { size, seed: Number(seed), dataDirectory };
}
