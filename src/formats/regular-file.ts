import { constants, type FileHandle, open } from "node:fs/promises";
import { readError } from "./read-error.js";

// A named pipe that nobody writes to would hold `open` up for ever. Windows has neither.
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** What a file may be. */
export interface RegularFileOptions {
  /** What messages call the file; its path unless given. */
  readonly origin?: string;
  /** Most bytes that it may have; any number unless given. */
  readonly largest?: number;
  /** How the caller can allow more, for the message. */
  readonly allowMore?: string;
}

/**
 * Opens a file for as long as `use` takes. Devices, pipes and folders are refused, since they may have no end.
 *
 * @param path - of the file, or of a link to it
 * @param options - what it may be
 * @param use - gets the open file and its size in bytes
 * @returns what `use` returns
 * @throws {RangeError} when it is no regular file, or too large; it names the origin
 * @throws {Error} when it cannot be opened; it names the origin
 */
export async function withRegularFile<Result>(
  path: string,
  options: RegularFileOptions,
  use: (file: FileHandle, size: number) => Result | Promise<Result>,
): Promise<Result> {
  const { file, size } = await openRegularFile(path, options);
  try {
    return await use(file, size);
  } finally {
    await file.close();
  }
}

/** Opens a file as {@link withRegularFile} does; whoever calls this closes it. */
export async function openRegularFile(
  path: string,
  options: RegularFileOptions,
): Promise<{ readonly file: FileHandle; readonly size: number }> {
  const { origin = path, largest = Number.POSITIVE_INFINITY, allowMore } = options;
  const file = await readable(origin, () => open(path, FLAGS));
  try {
    const stats = await file.stat();
    // A folder opens, and then fails in Node's own words.
    if (stats.isDirectory()) await readable(origin, () => readBytes(file, 1));
    if (!stats.isFile()) {
      throw readError(origin, `it must be a regular file, got a ${stats.isFIFO() ? "named pipe" : "device"}`);
    }
    if (stats.size > largest) {
      const more = allowMore === undefined ? "" : `; ${allowMore}`;
      throw readError(origin, `it must have at most ${largest} bytes, got ${stats.size}${more}`);
    }
    return { file, size: stats.size };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * Reads a whole file, as {@link withRegularFile} opens it.
 *
 * @param path - of the file
 * @param options - what it may be
 * @returns its bytes
 * @throws {RangeError | Error} when {@link withRegularFile} does
 */
export async function readRegularFile(path: string, options: RegularFileOptions = {}): Promise<Buffer> {
  return await withRegularFile(path, options, (file, size) => readBytes(file, size));
}

/** Says what could not be read; the system's error says why. */
async function readable<Result>(origin: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (cause) {
    const { message, code } = cause as NodeJS.ErrnoException;
    const rule = "it must be a file that can be read";
    throw Object.assign(new Error(`Cannot read ${origin}: ${rule}, got ${message}`, { cause }), { code });
  }
}

/** Reads a number of bytes from a position on; fewer where the file has become shorter meanwhile. */
export async function readBytes(file: FileHandle, length: number, position = 0): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let end = 0;
  while (end < length) {
    const { bytesRead } = await file.read(bytes, end, length - end, position + end);
    if (bytesRead === 0) break;
    end += bytesRead;
  }
  return bytes.subarray(0, end);
}
