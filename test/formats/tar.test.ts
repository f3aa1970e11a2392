import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { readTarGz } from "../../src/formats/tar.js";
import { tar, tarGz } from "./archives.js";

const LARGEST = 200_000;
const long = Buffer.from("0123456789".repeat(15_000));

describe("readTarGz()", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "rnnlab-tar-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  async function read(archive: Buffer, wanted = (_: string): boolean => true): Promise<[string, string][]> {
    const file = join(folder, "a.tar.gz");
    writeFileSync(file, archive);
    const found: [string, string][] = [];
    for await (const { name, content } of readTarGz(file, {
      wanted,
      largest: LARGEST,
      maxUnpackedBytes: 4 * LARGEST,
      origin: "a.tar.gz",
    })) {
      found.push([name, content.toString()]);
    }
    return found;
  }

  async function refuses(archive: Buffer, message: string | RegExp): Promise<void> {
    const expected = typeof message === "string" ? `Cannot read a.tar.gz: ${message}` : message;
    await assert.rejects(read(archive), { name: "RangeError", message: expected });
  }

  it("reads the files that are wanted, and passes over the rest", async () => {
    const archive = tarGz([
      { name: "folder/", type: "5" },
      { name: "folder/empty.txt" },
      { name: "folder/long.txt", content: long },
      { name: "folder/skipped.txt", content: Buffer.alloc(3 * LARGEST) },
      { name: "link.txt", type: "2" },
      { name: "last.txt", content: Buffer.from("last") },
    ]);
    assert.deepEqual(await read(archive, (name) => name !== "folder/skipped.txt"), [
      ["folder/empty.txt", ""],
      ["folder/long.txt", long.toString()],
      ["last.txt", "last"],
    ]);
  });

  it("reads names with a prefix, of pax headers and of GNU tar", async () => {
    const path = `${"p".repeat(120)}/é.txt`;
    const archive = tarGz([
      { name: "short.txt", prefix: "some/folder", content: Buffer.from("1") },
      { name: "PaxHeader", type: "x", content: Buffer.from(`11 size=1\n${path.length + 12} path=${path}\n`) },
      { name: "cut", content: Buffer.from("2") },
      { name: "././@LongLink", type: "L", content: Buffer.from(`${path}\0`) },
      { name: "cut", content: Buffer.from("3") },
      { name: "next.txt", content: Buffer.from("4") },
    ]);
    assert.deepEqual(await read(archive), [
      ["some/folder/short.txt", "1"],
      [path, "2"],
      [path, "3"],
      ["next.txt", "4"],
    ]);
  });

  it("reads a size that is written to base 256", async () => {
    const size = Buffer.alloc(12);
    size[0] = 0x80;
    size[11] = 3;
    assert.deepEqual(await read(tarGz([{ name: "a", content: Buffer.from("abc"), size }])), [["a", "abc"]]);
  });

  it("bounds what all files unpack to, and what is passed over", async () => {
    const files = Array.from({ length: 6 }, (_, i) => ({ name: `${i}`, content: long }));
    await refuses(
      tarGz(files),
      "its files must have at most 800000 bytes, got 900000; set maxUnpackedBytes to allow more",
    );
    const many = tarGz(Array.from({ length: 17 }, (_, i) => ({ name: `${i}`, content: long })));
    const first = read(many, (name) => name === "0");
    await assert.rejects(first, {
      name: "RangeError",
      message: /what is passed over must have at most 2400000 bytes, got 2408192; set maxUnpackedBytes/,
    });
  });

  it("ends reading when the caller has seen enough", async () => {
    const file = join(folder, "b.tar.gz");
    writeFileSync(file, tarGz([{ name: "a" }, { name: "b", content: long }]));
    for await (const { name } of readTarGz(file, {
      wanted: () => true,
      largest: LARGEST,
      maxUnpackedBytes: LARGEST,
    })) {
      assert.equal(name, "a");
      break;
    }
  });

  it("refuses what is no gzipped archive, or not a whole one", async () => {
    const archive = tarGz([{ name: "a", content: Buffer.from(long) }]);
    const gz = "the file must be a whole gzipped archive, got: ";
    await refuses(Buffer.alloc(0), /the archive must be whole|unexpected end of file/);
    await refuses(Buffer.from("<html>Sign in</html>"), `${gz}incorrect header check`);
    await refuses(archive.subarray(0, -20), `${gz}unexpected end of file`);
    const damaged = Buffer.from(archive);
    damaged.writeUInt32LE(1, archive.length - 8);
    await refuses(damaged, `${gz}incorrect data check`);
    await refuses(
      gzipSync(tar([{ name: "a", content: long }], { open: true }).subarray(0, 2048)),
      "the archive must be whole, got one that ends early",
    );
    await refuses(gzipSync(Buffer.alloc(100, 1)), "the archive must be whole, got one that ends early");
  });

  it("refuses a header that is damaged", async () => {
    const rule = "the archive must be a tar archive with intact headers, got another";
    await refuses(gzipSync(Buffer.alloc(1024, "a")), rule);
    await refuses(tarGz([{ name: "a", checksum: "000000\0 " }]), rule);
    await refuses(tarGz([{ name: "a", size: "0000000009x" }]), rule);
    await refuses(tarGz([{ name: "a", size: Buffer.alloc(12, 0xff) }]), rule);
  });

  it("refuses a file and a name that are too large, before it takes memory", async () => {
    await refuses(
      tarGz([{ name: "a", size: "77777777777" }]),
      "a must have at most 200000 bytes, got 8589934591",
    );
    await refuses(
      tarGz([{ name: "a", type: "L", size: "77777777777" }]),
      "a name must have at most 65536 bytes, got 8589934591",
    );
  });
});
