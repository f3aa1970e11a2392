import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { ZipFile } from "../../src/formats/zip.js";
import { zip } from "./archives.js";

const text = Buffer.from("words ".repeat(50_000));

describe("ZipFile", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "rnnlab-zip-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  async function read(archive: Buffer, name = "a.npy"): Promise<Buffer> {
    const file = join(folder, "a.zip");
    writeFileSync(file, archive);
    return await ZipFile.using(file, "a.zip", async (opened) => Buffer.from(await opened.read(name)));
  }

  async function refuses(archive: Buffer, message: string | RegExp): Promise<void> {
    const expected = typeof message === "string" ? `Cannot read a.zip: ${message}` : message;
    await assert.rejects(read(archive), { name: "RangeError", message: expected });
  }

  it("reads stored and deflated entries, empty ones too, in any order", async () => {
    const archive = zip([
      { name: "a.npy", content: text },
      { name: "b.npy", content: text, stored: true },
      { name: "empty.npy", content: Buffer.alloc(0) },
      { name: "none.npy", content: Buffer.alloc(0), stored: true },
    ]);
    assert.deepEqual(await read(archive, "b.npy"), text);
    assert.deepEqual(await read(archive, "a.npy"), text);
    assert.equal((await read(archive, "empty.npy")).length, 0);
    assert.equal((await read(archive, "none.npy")).length, 0);
  });

  it("reads zip64 entries and directories, and archives with a comment", async () => {
    const parts = [
      { name: "first.npy", content: Buffer.from("x") },
      { name: "a.npy", content: text, zip64: true },
    ];
    assert.deepEqual(await read(zip(parts)), text);
    assert.deepEqual(await read(zip(parts, { zip64: true })), text);
    assert.deepEqual(await read(zip(parts, { comment: "PK\x05\x06".repeat(2) })), text);
  });

  it("refuses what is no zip archive, or not a whole one", async () => {
    const archive = zip([{ name: "a.npy", content: text }]);
    await refuses(Buffer.alloc(0), "the file must be a zip archive, got 0 bytes that do not end as one");
    await refuses(
      Buffer.from("<html>"),
      "the file must be a zip archive, got 6 bytes that do not end as one",
    );
    await refuses(archive.subarray(0, -30), /must be a zip archive, got \d+ bytes that do not end as one$/);
    // The end is there, and the beginning is not.
    await refuses(
      archive.subarray(100),
      /the archive must be whole, got \d+ of at least \d+ bytes$|the directory must list/,
    );
    const damaged = Buffer.from(archive);
    damaged.writeUInt32LE(0, archive.length - 22 - 51);
    await refuses(damaged, "the directory must list the entries one after the other, got something else");
  });

  it("refuses an entry that is damaged", async () => {
    const archive = zip([{ name: "a.npy", content: text }]);
    archive[60] = (archive[60] ?? 0) ^ 0xff;
    const rule = `a.npy must unpack to ${text.length} bytes with the CRC of the directory, got other data`;
    await refuses(archive, rule);
    await refuses(zip([{ name: "a.npy", content: text, checksum: 1 }]), rule);
    await refuses(zip([{ name: "a.npy", content: text, checksum: 1, stored: true }]), rule);
    await refuses(zip([{ name: "b.npy", content: text }]), "the archive must contain a.npy, got b.npy");
    await refuses(zip([]), "the archive must contain a.npy, got nothing");
  });

  it("refuses an entry that unpacks to more than its header says, without unpacking it", async () => {
    const bomb = Buffer.alloc(50_000_000);
    await refuses(
      zip([{ name: "a.npy", content: bomb, size: 100, checksum: 0 }]),
      "a.npy must unpack to 100 bytes with the CRC of the directory, got other data",
    );
  });

  it("refuses an entry that says it is larger than a gigabyte", async () => {
    await refuses(
      zip([{ name: "a.npy", content: text, size: 2 ** 31 }]),
      "a.npy must have at most 1073741824 bytes, got 2147483648",
    );
  });

  it("refuses an entry that lies beyond the end", async () => {
    await refuses(
      zip([{ name: "a.npy", content: text, packedSize: 2 ** 30 }]),
      /the archive must be whole, got \d+ of at least \d+ bytes$/,
    );
  });

  it("refuses encrypted entries and other compression methods", async () => {
    await refuses(
      zip([{ name: "a.npy", content: text, flags: 1 }]),
      "a.npy must not be encrypted, got an encrypted entry",
    );
    await refuses(
      zip([{ name: "a.npy", content: text, method: 14 }]),
      "a.npy must be stored or deflated, got compression method 14",
    );
  });

  it("refuses two entries of one name, of which another reader might take the other", async () => {
    await refuses(
      zip([
        { name: "a.npy", content: text },
        { name: "a.npy", content: Buffer.from("other") },
      ]),
      "the archive must contain a.npy once, got it twice",
    );
  });
});
