import { deflateRawSync, gzipSync } from "node:zlib";

/** One file of a zip archive, and how its headers differ from the truth. */
export interface ZipPart {
  readonly name: string;
  readonly content: Buffer;
  readonly stored?: boolean;
  readonly zip64?: boolean;
  readonly method?: number;
  readonly flags?: number;
  readonly checksum?: number;
  readonly size?: number;
  readonly packedSize?: number;
}

/** Builds a zip archive after PKWARE's specification. */
export function zip(parts: readonly ZipPart[], options: { comment?: string; zip64?: boolean } = {}): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const part of parts) {
    const packed = part.stored ? part.content : deflateRawSync(part.content);
    const name = Buffer.from(part.name);
    const { flags = 0, size = part.content.length, packedSize = packed.length } = part;
    const method = part.method ?? (part.stored ? 0 : 8);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(part.checksum ?? crc32(part.content), 10);
    common.writeUInt32LE(part.zip64 ? 0xffffffff : packedSize, 14);
    common.writeUInt32LE(part.zip64 ? 0xffffffff : size, 18);
    common.writeUInt16LE(name.length, 22);
    const wide = Buffer.alloc(20);
    wide.writeUInt16LE(1, 0);
    wide.writeUInt16LE(16, 2);
    wide.writeBigUInt64LE(BigInt(size), 4);
    wide.writeBigUInt64LE(BigInt(packedSize), 12);
    const extra = part.zip64 ? wide : Buffer.alloc(0);
    common.writeUInt16LE(extra.length, 24);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, name, extra, packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    centrals.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), common, rest, name, extra]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(options.zip64 ? 0xffffffff : directory.length, 12);
  end.writeUInt32LE(options.zip64 ? 0xffffffff : offset, 16);
  const comment = Buffer.from(options.comment ?? "");
  end.writeUInt16LE(comment.length, 20);
  const wideEnd = options.zip64 ? zip64End(directory.length, offset) : Buffer.alloc(0);
  return Buffer.concat([...locals, directory, wideEnd, end, comment]);
}

function zip64End(size: number, offset: number): Buffer {
  const end = Buffer.alloc(56);
  end.write("PK\x06\x06", "latin1");
  end.writeBigUInt64LE(BigInt(size), 40);
  end.writeBigUInt64LE(BigInt(offset), 48);
  const locator = Buffer.alloc(20);
  locator.write("PK\x06\x07", "latin1");
  locator.writeBigUInt64LE(BigInt(offset + size), 8);
  return Buffer.concat([end, locator]);
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** One entry of a tar archive. */
export interface TarPart {
  readonly name: string;
  readonly content?: Buffer;
  readonly type?: string;
  readonly prefix?: string;
  /** As the header says it, instead of the content's own. */
  readonly size?: string | Buffer;
  readonly checksum?: string;
}

/** Builds a tar archive after POSIX, with the two blocks of zeros at its end unless `open`. */
export function tar(parts: readonly TarPart[], options: { open?: boolean } = {}): Buffer {
  const blocks = parts.flatMap(
    ({ name, content = Buffer.alloc(0), type = "0", prefix = "", size, checksum }) => {
      const header = Buffer.alloc(512);
      header.write(name, 0, 100);
      const length = size ?? content.length.toString(8).padStart(11, "0");
      if (typeof length === "string") header.write(length, 124);
      else length.copy(header, 124);
      header.write(type, 156);
      header.write("ustar\x0000", 257, "latin1");
      header.write(prefix, 345);
      header.fill(" ", 148, 156);
      const sum = header.reduce((total, byte) => total + byte, 0);
      header.write(checksum ?? `${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
      return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
    },
  );
  return Buffer.concat([...blocks, Buffer.alloc(options.open ? 0 : 1024)]);
}

export function tarGz(parts: readonly TarPart[]): Buffer {
  return gzipSync(tar(parts));
}
