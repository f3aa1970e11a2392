import type { FileHandle } from "node:fs/promises";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { readError } from "./read-error.js";
import { openRegularFile } from "./regular-file.js";

/** A file of a tar archive. */
export interface TarFile {
  readonly name: string;
  readonly content: Buffer;
}

/** Which files to read from an archive. */
export interface ReadTarGzOptions {
  readonly wanted: (name: string) => boolean;
  /** Most bytes that one wanted file may have. */
  readonly largest: number;
  /** Most bytes that all wanted files may have together; what is passed over may have three times as many. */
  readonly maxUnpackedBytes: number;
  /** What messages call the archive; its path unless given. */
  readonly origin?: string;
}

const BLOCK = 512;
const LONGEST_NAME = 65_536;

/**
 * Streams the wanted files out of a gzipped tar archive (POSIX.1-2001 ustar with pax headers, GNU long names), one at
 * a time: what is not wanted is passed over without being kept. Nothing is written to disk and links are ignored, so
 * an archive's names cannot lead anywhere.
 *
 * @throws {RangeError} when it is no such archive, cut off, damaged, or a wanted file is too large; it names the origin
 */
export async function* readTarGz(file: string, options: ReadTarGzOptions): AsyncGenerator<TarFile> {
  const { wanted, largest, maxUnpackedBytes, origin = file } = options;
  const limit = (kind: string, most: number, got: number): void => {
    if (got <= most) return;
    throw readError(
      origin,
      `${kind} must have at most ${most} bytes, got ${got}; set maxUnpackedBytes to allow more`,
    );
  };
  const bytes = new ByteStream((await openRegularFile(file, { origin })).file, origin);
  let kept = 0;
  let passed = 0;
  try {
    /** Name from a header that stands before the file's own. */
    let longName: string | undefined;
    for (;;) {
      const header = await bytes.take(BLOCK);
      // Two blocks of zeros end an archive, and one is enough to know.
      if (header.every((byte) => byte === 0)) return;
      const { name, size, type } = parseHeader(header, origin);
      const padding = (BLOCK - (size % BLOCK)) % BLOCK;
      if (type === "x" || type === "L") {
        if (size > LONGEST_NAME)
          throw readError(origin, `a name must have at most ${LONGEST_NAME} bytes, got ${size}`);
        const text = (await bytes.take(size)).toString("utf8");
        longName = type === "L" ? text.replace(/\0.*$/s, "") : (paxPath(text) ?? longName);
        await bytes.skip(padding);
        continue;
      }
      const fullName = longName ?? name;
      longName = undefined;
      if ((type === "0" || type === "\0") && wanted(fullName)) {
        if (size > largest)
          throw readError(origin, `${fullName} must have at most ${largest} bytes, got ${size}`);
        kept += size;
        limit("its files", maxUnpackedBytes, kept);
        const content = await bytes.take(size);
        await bytes.skip(padding);
        yield { name: fullName, content };
      } else {
        passed += BLOCK + size;
        limit("what is passed over", 3 * maxUnpackedBytes, passed);
        await bytes.skip(size + padding);
      }
    }
  } finally {
    bytes.close();
  }
}

/** Takes as many bytes as wanted from a stream that comes in chunks. */
class ByteStream {
  readonly #origin: string;
  readonly #source: NodeJS.ReadableStream & { destroy(): void };
  readonly #chunks: AsyncIterator<Buffer | string>;
  #chunk: Buffer = Buffer.alloc(0);

  constructor(file: FileHandle, origin: string) {
    this.#origin = origin;
    const gunzip = createGunzip();
    // The iterator reports the error; the callback is there because a pipeline demands one.
    pipeline(file.createReadStream(), gunzip, () => undefined);
    this.#source = gunzip;
    this.#chunks = gunzip[Symbol.asyncIterator]();
  }

  async take(length: number): Promise<Buffer> {
    if (this.#chunk.length >= length) return this.#cut(length);
    const parts: Buffer[] = [];
    let missing = length;
    while (missing > 0) {
      if (this.#chunk.length === 0) await this.#next();
      const part = this.#cut(Math.min(missing, this.#chunk.length));
      parts.push(part);
      missing -= part.length;
    }
    return Buffer.concat(parts, length);
  }

  async skip(length: number): Promise<void> {
    for (let left = length; left > 0; ) {
      if (this.#chunk.length === 0) await this.#next();
      left -= this.#cut(Math.min(left, this.#chunk.length)).length;
    }
  }

  close(): void {
    this.#source.destroy();
  }

  #cut(length: number): Buffer {
    const part = this.#chunk.subarray(0, length);
    this.#chunk = this.#chunk.subarray(length);
    return part;
  }

  async #next(): Promise<void> {
    const { done, value } = await this.#chunks.next().catch((cause: unknown) => {
      const message = cause instanceof Error ? cause.message : String(cause);
      throw readError(this.#origin, `the file must be a whole gzipped archive, got: ${message}`, cause);
    });
    if (done || typeof value === "string") {
      throw readError(this.#origin, "the archive must be whole, got one that ends early");
    }
    this.#chunk = value;
  }
}

function parseHeader(header: Buffer, origin: string): { name: string; size: number; type: string } {
  const text = (start: number, end: number): string =>
    header.toString("utf8", start, end).replace(/\0.*$/s, "");
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  const size = parseNumber(header.subarray(124, 136));
  if (parseNumber(header.subarray(148, 156)) !== sum || !Number.isSafeInteger(size)) {
    throw readError(origin, "the archive must be a tar archive with intact headers, got another");
  }
  const prefix = text(257, 262) === "ustar" ? text(345, 500) : "";
  const name = text(0, 100);
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    size,
    type: header.toString("latin1", 156, 157),
  };
}

/** Octal digits, or base 256 where the first bit is set. */
function parseNumber(field: Buffer): number {
  if ((field[0] ?? 0) & 0x80) {
    return field.subarray(1).reduce((value, byte) => value * 256 + byte, 0);
  }
  const digits = field.toString("latin1").replace(/\0.*$/s, "").trim();
  return /^[0-7]*$/.test(digits) ? Number.parseInt(digits || "0", 8) : Number.NaN;
}

/** A pax header is a list of "LENGTH KEY=VALUE" lines. */
function paxPath(text: string): string | undefined {
  return /(?:^|\n)\d+ path=(?<path>.*)\n/.exec(text)?.groups?.path;
}
