import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
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
  readonly exists: boolean;
}

/**
 * The places of a data file, first the directory the user named, last the cache.
 *
 * @throws RangeError if the user named a directory that does not exist
 */
export function findPlaces(entry: DatasetFile, directories: DataDirectories): FilePlace[] {
  const named = directories.dataDirectory ?? process.env.RNNLAB_DATA;
  const places: FilePlace[] = [];
  if (named) {
    const directory = resolve(named);
    if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
      const name = directories.dataDirectory === undefined ? "RNNLAB_DATA" : "dataDirectory";
      throw new RangeError(`Cannot load ${entry.name}: ${name} must name a directory, got ${directory}`);
    }
    places.push(place(join(directory, entry.fileName), true));
  }
  const cache = resolve(directories.cacheDirectory ?? dataCacheDirectory());
  places.push(place(join(cache, entry.fileName), false));
  return places;
}

function place(file: string, namedByUser: boolean): FilePlace {
  return { file, namedByUser, exists: existsSync(file) };
}
