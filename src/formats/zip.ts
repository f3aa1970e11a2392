import type { FileHandle } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { readError } from "./read-error.js";
import { readBytes, withRegularFile } from "./regular-file.js";

const unpack = promisify(gunzip);

/** A file inside a zip archive. */
interface ZipEntry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly checksum: number;
  readonly packedSize: number;
  readonly size: number;
  /** Where its local header begins. */
  readonly offset: number;
}

const END_SIGNATURE = 0x06054b50;
const END_LENGTH = 22;
const LONGEST_COMMENT = 0xffff;
const END64_SIGNATURE = 0x06064b50;
const LOCATOR64_SIGNATURE = 0x07064b50;
const LOCATOR64_LENGTH = 20;
const CENTRAL_SIGNATURE = 0x02014b50;
const CENTRAL_LENGTH = 46;
const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_LENGTH = 30;
const ZIP64_FIELD = 1;
/** What a field of 32 bits holds when the value is in the zip64 field. */
const IN_ZIP64 = 0xffffffff;
const LARGEST_DIRECTORY = 16 * 2 ** 20;
const LARGEST_ENTRY = 2 ** 30;
const LARGEST_CHUNK = 64 * 2 ** 20;

/**
 * Reads files out of a zip archive (PKWARE's APPNOTE 6.3: stored and deflated entries, zip64). Only the directory and
 * the entries that are asked for are read; sizes are checked before memory is taken, and each entry's CRC after.
 */
export class ZipFile {
  readonly #file: FileHandle;
  readonly #size: number;
  readonly #origin: string;
  readonly #entries = new Map<string, ZipEntry>();

  private constructor(file: FileHandle, size: number, origin: string) {
    this.#file = file;
    this.#size = size;
    this.#origin = origin;
  }

  /**
   * Opens an archive for as long as `use` takes.
   *
   * @throws {RangeError} when it is no zip archive, or one that is cut off or malformed; it names the origin
   */
  static async using<Result>(
    path: string,
    origin: string,
    use: (zip: ZipFile) => Promise<Result>,
  ): Promise<Result> {
    return await withRegularFile(path, { origin }, async (file, size) => {
      const zip = new ZipFile(file, size, origin);
      await zip.#readDirectory();
      return await use(zip);
    });
  }

  /** Names of the files inside. */
  get names(): string[] {
    return [...this.#entries.keys()];
  }

  /** Whether there is such a file inside. */
  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** How many bytes a file inside unpacks to; 0 if there is none. */
  sizeOf(name: string): number {
    return this.#entries.get(name)?.size ?? 0;
  }

  /**
   * Unpacks one file.
   *
   * @param largest - most bytes that it may unpack to
   * @throws {RangeError} when there is none, or it is encrypted, of another method, too large, cut off or damaged
   */
  async read(name: string, largest = LARGEST_ENTRY): Promise<Uint8Array> {
    const entry = this.#entries.get(name);
    if (entry === undefined) {
      return this.#refuse(
        `the archive must contain ${name}, got ${this.names.slice(0, 10).join(", ") || "nothing"}`,
      );
    }
    if (entry.flags & 1) this.#refuse(`${name} must not be encrypted, got an encrypted entry`);
    if (entry.size > largest) {
      this.#refuse(`${name} must have at most ${largest} bytes, got ${entry.size}`);
    }
    const header = await this.#bytes(entry.offset, LOCAL_LENGTH);
    if (header.readUInt32LE(0) !== LOCAL_SIGNATURE)
      this.#refuse(`${name} must begin with its header, got another`);
    const start = entry.offset + LOCAL_LENGTH + header.readUInt16LE(26) + header.readUInt16LE(28);
    return await this.#unpack(entry, await this.#bytes(start, entry.packedSize));
  }

  /** Zlib itself verifies the CRC when the raw data comes as a gzip member, so no code of ours has to. */
  async #unpack({ name, method, checksum, size }: ZipEntry, packed: Buffer): Promise<Uint8Array> {
    if (method !== 0 && method !== 8) {
      this.#refuse(`${name} must be stored or deflated, got compression method ${method}`);
    }
    const head = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
    const tail = Buffer.alloc(8);
    tail.writeUInt32LE(checksum, 0);
    tail.writeUInt32LE(size, 4);
    const body = method === 8 ? [packed] : storedBlocks(packed);
    // In one piece where that is not much: else zlib makes thousands and joins them. It takes no limit of 0.
    const chunkSize = Math.min(Math.max(size, 1024), LARGEST_CHUNK);
    try {
      return await unpack(Buffer.concat([head, ...body, tail]), { chunkSize, maxOutputLength: size || 1 });
    } catch (cause) {
      return this.#refuse(
        `${name} must unpack to ${size} bytes with the CRC of the directory, got other data`,
        cause,
      );
    }
  }

  async #readDirectory(): Promise<void> {
    const { offset, size } = await this.#findDirectory();
    if (size > LARGEST_DIRECTORY) {
      this.#refuse(`the directory must have at most ${LARGEST_DIRECTORY} bytes, got ${size}`);
    }
    const directory = await this.#bytes(offset, size);
    for (let at = 0; at < size; ) {
      if (size - at < CENTRAL_LENGTH || directory.readUInt32LE(at) !== CENTRAL_SIGNATURE) {
        this.#refuse("the directory must list the entries one after the other, got something else");
      }
      const nameEnd = at + CENTRAL_LENGTH + directory.readUInt16LE(at + 28);
      const extraEnd = nameEnd + directory.readUInt16LE(at + 30);
      const end = extraEnd + directory.readUInt16LE(at + 32);
      if (end > size) this.#refuse("the directory must be whole, got one that ends inside an entry");
      const entry = this.#entryAt(directory, at, directory.subarray(nameEnd, extraEnd));
      if (this.#entries.has(entry.name))
        this.#refuse(`the archive must contain ${entry.name} once, got it twice`);
      this.#entries.set(entry.name, entry);
      at = end;
    }
  }

  #entryAt(directory: Buffer, at: number, extra: Buffer): ZipEntry {
    const nameStart = at + CENTRAL_LENGTH;
    const wide = zip64Values(extra);
    // The zip64 field holds, in this order, only the values that the entry itself has no room for.
    const value = (position: number): number => {
      const short = directory.readUInt32LE(position);
      return short === IN_ZIP64 ? (wide.shift() ?? short) : short;
    };
    const size = value(at + 24);
    const packedSize = value(at + 20);
    const offset = value(at + 42);
    return {
      name: directory.toString("utf8", nameStart, nameStart + directory.readUInt16LE(at + 28)),
      flags: directory.readUInt16LE(at + 8),
      method: directory.readUInt16LE(at + 10),
      checksum: directory.readUInt32LE(at + 16),
      packedSize,
      size,
      offset,
    };
  }

  async #findDirectory(): Promise<{ offset: number; size: number }> {
    const length = Math.min(this.#size, END_LENGTH + LONGEST_COMMENT);
    const start = this.#size - length;
    const tail = await this.#bytes(start, length);
    const at = lastSignature(tail, END_SIGNATURE);
    if (at < 0) {
      return this.#refuse(`the file must be a zip archive, got ${this.#size} bytes that do not end as one`);
    }
    const [size, offset] = [tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)];
    const locator = at - LOCATOR64_LENGTH;
    if (locator < 0 || tail.readUInt32LE(locator) !== LOCATOR64_SIGNATURE) return { offset, size };
    const end = await this.#bytes(Number(tail.readBigUInt64LE(locator + 8)), 56);
    if (end.readUInt32LE(0) !== END64_SIGNATURE)
      this.#refuse("the zip64 end must be where its locator says, got another");
    return { size: Number(end.readBigUInt64LE(40)), offset: Number(end.readBigUInt64LE(48)) };
  }

  async #bytes(position: number, length: number): Promise<Buffer> {
    if (position + length > this.#size) {
      this.#refuse(`the archive must be whole, got ${this.#size} of at least ${position + length} bytes`);
    }
    const bytes = await readBytes(this.#file, length, position);
    if (bytes.length < length)
      this.#refuse(`the archive must not shrink while it is read, got ${bytes.length} bytes`);
    return bytes;
  }

  #refuse(rule: string, cause?: unknown): never {
    throw readError(this.#origin, rule, cause);
  }
}

function lastSignature(bytes: Buffer, signature: number): number {
  for (let at = bytes.length - END_LENGTH; at >= 0; at--) {
    if (bytes.readUInt32LE(at) === signature) return at;
  }
  return -1;
}

function zip64Values(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== ZIP64_FIELD) continue;
    const field = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2));
    return Array.from({ length: Math.floor(field.length / 8) }, (_, index) =>
      Number(field.readBigUInt64LE(8 * index)),
    );
  }
  return [];
}

/** Data as deflate's blocks "without compression" (RFC 1951, 3.2.4). */
function storedBlocks(data: Buffer): Buffer[] {
  const blocks: Buffer[] = [];
  for (let start = 0; start === 0 || start < data.length; start += 0xffff) {
    const block = data.subarray(start, start + 0xffff);
    const head = Buffer.from([Number(start + 0xffff >= data.length), 0, 0, 0, 0]);
    head.writeUInt16LE(block.length, 1);
    head.writeUInt16LE(0xffff - block.length, 3);
    blocks.push(head, block);
  }
  return blocks;
}
