import { type Notify, notifyByDefault } from "../display/notice.js";
import { type RegularFileOptions, withRegularFile } from "../formats/regular-file.js";
import { messageOf } from "../platform/message-of.js";
import { verifyChecksum } from "./checksum.js";
import { downloadFile } from "./download/download.js";
import { DownloadBar } from "./download/download-bar.js";
import type { DownloadProgress } from "./download/transfer.js";
import { type DataDirectories, type FilePlace, type FileSearch, findFile } from "./find-file.js";
import type { DatasetFile } from "./registry.js";

/** What a timer of Node can hold. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** From where to load a data set. */
export interface LoadOptions extends DataDirectories {
  /** `"auto"` (the default), `"real"` or `"sample"`. */
  readonly source?: "auto" | "real" | "sample";
  /** `true` never downloads. */
  readonly offline?: boolean;
  /** Another address to download the file from, such as a mirror; the registry's unless given. */
  readonly address?: string;
  /** Milliseconds without any byte after which a download is given up; 10,000 unless given. */
  readonly timeout?: number;
  /** Most bytes that the file may have, on disk or as a download; several times what it usually has unless given. */
  readonly maxFileBytes?: number;
  /** Most bytes that an archive may unpack to; several times what it usually does unless given. */
  readonly maxUnpackedBytes?: number;
  /** Called while the file is downloaded; a progress bar below the cell unless given. */
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Told, with `"auto"`, that the sample is used and why; a notice below the cell unless given. */
  readonly notify?: Notify;
}

/** Where loaded data came from. */
export interface Provenance {
  /** Whether this is the embedded sample rather than real data. */
  readonly synthetic: boolean;
  /** Path, address or "embedded sample". */
  readonly source: string;
  /** Path of the file that was read, if any. */
  readonly file?: string;
}

/** Where the data came from, without the data. */
export function provenanceOf({ synthetic, source, file }: Provenance): Provenance {
  return { synthetic, source, ...(file === undefined ? {} : { file }) };
}

/** How much of a file may come into memory. */
export interface ReadBounds {
  readonly maxFileBytes: number;
  readonly maxUnpackedBytes: number;
}

/**
 * How to make one data set from its file, or without it. What the caller's options do to it comes later: an option that
 * cannot be must not look like a file that is wrong.
 */
export interface DatasetParts<Data> {
  /** Reads the file at the path; messages call it by the origin. */
  readonly read: (path: string, origin: string, bounds: ReadBounds) => Data | Promise<Data>;
  /** Makes the embedded sample. */
  readonly sample: () => Data;
}

/**
 * Loads a data set: `"auto"` takes the file from the user's directory, else from the cache, else downloads it, else,
 * with a notice, makes the sample; `"real"` is the same without the sample; `"sample"` is the sample alone. A file that
 * is there but wrong is always an error.
 *
 * @throws {RangeError} when an option is none that can be, or the file is malformed
 * @throws {Error} when real data is nowhere to be had, a file cannot be read, or a checksum differs
 */
export async function loadDataset<Data extends object>(
  entry: DatasetFile,
  options: LoadOptions,
  parts: DatasetParts<Data>,
): Promise<Data & Provenance> {
  const { source = "auto", notify = notifyByDefault, timeout } = options;
  if (!["auto", "real", "sample"].includes(source)) {
    throw new RangeError(
      `Cannot load ${entry.name}: source must be "auto", "real" or "sample", got "${source}"`,
    );
  }
  if (timeout !== undefined && !(timeout > 0 && timeout <= LONGEST_TIMEOUT)) {
    throw new RangeError(
      `Cannot load ${entry.name}: timeout must be above 0 and at most ${LONGEST_TIMEOUT} ms, got ${timeout}`,
    );
  }
  const bounds = boundsOf(entry, options);
  const sample = (): Data & Provenance => ({
    ...parts.sample(),
    synthetic: true,
    source: "embedded sample",
  });
  if (source === "sample") return sample();
  const search = findFile(entry, options);
  if (search.found !== undefined) return await readFound(entry, search.found, { parts, bounds });
  try {
    return await download(entry, options, { search, parts, bounds });
  } catch (cause) {
    const reason = messageOf(cause);
    const repair = `put ${entry.fileName} into a directory and set RNNLAB_DATA to it`;
    if (source === "real") throw new Error(`${reason}; or ${repair}`, { cause });
    notify(`${entry.name}: the embedded sample is used, which is synthetic. ${reason}; or ${repair}`);
    return sample();
  }
}

function boundsOf(entry: DatasetFile, options: LoadOptions): ReadBounds {
  for (const name of ["maxFileBytes", "maxUnpackedBytes"] as const) {
    const bytes = options[name];
    if (bytes === undefined || (Number.isSafeInteger(bytes) && bytes > 0)) continue;
    throw new RangeError(`Cannot load ${entry.name}: ${name} must be a positive integer, got ${bytes}`);
  }
  const { maxFileBytes = entry.maxFileBytes } = options;
  return {
    maxFileBytes,
    maxUnpackedBytes: options.maxUnpackedBytes ?? entry.maxUnpackedBytes ?? maxFileBytes,
  };
}

async function readFound<Data extends object>(
  entry: DatasetFile,
  place: FilePlace,
  { parts, bounds }: { readonly parts: DatasetParts<Data>; readonly bounds: ReadBounds },
): Promise<Data & Provenance> {
  const { file } = place;
  await withPath(entry, file, async () => {
    await withRegularFile(file, atMost(bounds), () => undefined);
    await verifyChecksum(entry, file, place);
  });
  try {
    const data = await withPath(entry, file, async () => parts.read(file, file, bounds));
    return { ...data, synthetic: false, source: file, file };
  } catch (cause) {
    if (place.namedByUser || !(cause instanceof RangeError)) throw cause;
    throw new Error(`${messageOf(cause)}; delete ${file} and load again`, { cause });
  }
}

/** The bound of a file, and what its error says about it. */
export function atMost({ maxFileBytes }: ReadBounds): RegularFileOptions {
  return { largest: maxFileBytes, allowMore: "set maxFileBytes to allow more" };
}

/** Node's own errors, such as EACCES, do not say what was to be done. */
async function withPath<Value>(entry: DatasetFile, file: string, read: () => Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (cause) {
    const system =
      cause instanceof Error ? [cause, cause.cause].find((each) => Object(each).syscall) : undefined;
    if (system === undefined) throw cause;
    throw new Error(`Cannot load ${entry.name}: ${file} must be a readable file, got ${messageOf(system)}`, {
      cause,
    });
  }
}

async function download<Data extends object>(
  entry: DatasetFile,
  options: LoadOptions,
  {
    search,
    parts,
    bounds,
  }: { readonly search: FileSearch; readonly parts: DatasetParts<Data>; readonly bounds: ReadBounds },
): Promise<Data & Provenance> {
  const { offline = false, address = entry.address, timeout, onProgress } = options;
  const looked = search.looked.join(" or ");
  const file = search.cacheFile;
  if (offline) {
    throw new Error(
      `Cannot load ${entry.name}: there must be a file when offline is set, got none at ${looked}`,
    );
  }
  const bar = new DownloadBar(entry);
  try {
    const data = await downloadFile({
      address,
      file,
      // A file with a checksum has the size that it has.
      largest: options.maxFileBytes ?? (entry.sha256 === undefined ? entry.maxFileBytes : entry.bytes),
      ...(entry.sha256 === undefined ? {} : { sha256: entry.sha256 }),
      ...(timeout === undefined ? {} : { timeout }),
      onProgress: onProgress ?? ((progress) => bar.update(progress)),
      read: (path) => parts.read(path, address, bounds),
    });
    bar.finish();
    return { ...data, synthetic: false, source: address, file };
  } catch (cause) {
    const reason = messageOf(cause).replace(/^Cannot/, "cannot");
    throw new Error(`Cannot load ${entry.name}: there is no file at ${looked}, and ${reason}`, { cause });
  }
}
