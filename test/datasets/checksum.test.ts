import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { verifyChecksum } from "../../src/datasets/checksum.js";

// printf 'hello' | sha256sum, and printf 'hello world' | sha256sum
const HELLO = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
const HELLO_WORLD = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9";

describe("verifyChecksum()", () => {
  const entry = { name: "toy", fileName: "toy.txt", address: "http://localhost/", licence: "none", bytes: 5 };
  let directory: string;
  let file: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "rnnlab-checksum-"));
    file = join(directory, "toy.txt");
    writeFileSync(file, "hello");
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const declare = (declared: unknown): void =>
    writeFileSync(join(directory, "checksums.json"), JSON.stringify(declared));

  it("accepts the registry's checksum, and any content where there is none", async () => {
    await verifyChecksum({ ...entry, sha256: HELLO }, file, { namedByUser: false });
    await verifyChecksum(entry, file, { namedByUser: true });
  });

  it("refuses another content, and says how to repair it", async () => {
    const rule = `Cannot load toy: checksum differs (expected ${HELLO_WORLD}, got ${HELLO})`;
    await assert.rejects(verifyChecksum({ ...entry, sha256: HELLO_WORLD }, file, { namedByUser: false }), {
      message: `${rule}; delete ${file} and load again`,
    });
    await assert.rejects(verifyChecksum({ ...entry, sha256: HELLO_WORLD }, file, { namedByUser: true }), {
      message: `${rule}; put the right file at ${file}, or declare this one in checksums.json beside it`,
    });
  });

  it("accepts a known substitute from the user's directory, and only from there", async () => {
    const known = { ...entry, sha256: HELLO_WORLD, substitutes: [HELLO.toUpperCase()] };
    await verifyChecksum(known, file, { namedByUser: true });
    await assert.rejects(verifyChecksum(known, file, { namedByUser: false }), /checksum differs/);
    declare({ "toy.txt": HELLO_WORLD });
    await assert.rejects(verifyChecksum(known, file, { namedByUser: true }), /checksum differs/);
  });

  it("accepts a local substitute that the user's directory declares, and only there", async () => {
    declare({ "toy.txt": HELLO, "other.txt": HELLO_WORLD });
    const known = { ...entry, sha256: HELLO_WORLD };
    await verifyChecksum(known, file, { namedByUser: true });
    await assert.rejects(verifyChecksum(known, file, { namedByUser: false }), /checksum differs/);
  });

  it("refuses a file that is not the one that its directory declares", async () => {
    declare({ "toy.txt": HELLO_WORLD });
    await assert.rejects(verifyChecksum(entry, file, { namedByUser: true }), /checksum differs/);
  });

  it("refuses a checksums.json that is malformed", async () => {
    const rule = `Cannot load toy: ${join(directory, "checksums.json")} must be an object of file names and sha256 checksums`;
    declare({ "toy.txt": "abc" });
    await assert.rejects(
      verifyChecksum(entry, file, { namedByUser: true }),
      new TypeError(`${rule}, got "abc" for toy.txt`),
    );
    declare(null);
    await assert.rejects(
      verifyChecksum(entry, file, { namedByUser: true }),
      new TypeError(`${rule}, got null`),
    );
    writeFileSync(join(directory, "checksums.json"), "{");
    await assert.rejects(verifyChecksum(entry, file, { namedByUser: true }), {
      message: `${rule}, got no valid JSON`,
    });
  });
});
