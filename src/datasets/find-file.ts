import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { dataCacheDirectory } from "./cache.js";
import type { DatasetFile } from "./registry.js";

/** Where a loader looks for its files. */
export interface DataDirectories {
  /** Directory of real data files; `RNNLAB_DATA` unless given. */
  readonly dataDirectory?: string;
  /** Directory of downloaded files; the user's cache directory unless given. */
  readonly cacheDirectory?: string;
}

/** A place where a data file may lie. */
export interface FilePlace {
  readonly file: string;
  /** Whether the user named the directory, rather than it being the cache. */
  readonly namedByUser: boolean;
}

/** Where a data file lies, or may lie. */
export interface FileSearch {
  /** The first place that has the file. */
  readonly found: FilePlace | undefined;
  /** Every path where it was looked for. */
  readonly looked: readonly string[];
  /** Where a download is put. */
  readonly cacheFile: string;
}

/**
 * Looks for a data file: first in the directory that the user named, then in the cache.
 *
 * @throws {RangeError} when the user named a directory that does not exist
 */
export function findFile(entry: DatasetFile, directories: DataDirectories): FileSearch {
  const named = directories.dataDirectory ?? process.env.RNNLAB_DATA;
  const cacheFile = resolve(directories.cacheDirectory ?? dataCacheDirectory(), entry.fileName);
  const places: FilePlace[] = [{ file: cacheFile, namedByUser: false }];
  if (named) {
    const directory = resolve(named);
    if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
      const name = directories.dataDirectory === undefined ? "RNNLAB_DATA" : "dataDirectory";
      throw new RangeError(`Cannot load ${entry.name}: ${name} must name a directory, got ${directory}`);
    }
    places.unshift({ file: resolve(directory, entry.fileName), namedByUser: true });
  }
  return {
    found: places.find(({ file }) => existsSync(file)),
    looked: places.map(({ file }) => file),
    cacheFile,
  };
}
