import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { loadElectricity, loadImdb, readNpy, readNpz } from "rnnlab/datasets";
import { readRegularFile } from "../../src/formats/regular-file.js";
import { zip } from "./archives.js";

const folder = mkdtempSync(join(tmpdir(), "rnnlab-regular-"));
after(() => rmSync(folder, { recursive: true }));

/** A link to a device that never ends, and a pipe that nobody writes to, under the name of a data file. */
function endless(name: string): string[] {
  const places = ["device", "pipe"].map((kind) => mkdtempSync(join(folder, kind)));
  const [device = "", pipe = ""] = places.map((place) => join(place, name));
  symlinkSync("/dev/zero", device);
  execFileSync("mkfifo", [pipe]);
  return places;
}

test("a file is read whole, through a link too, and refused above its bound", async () => {
  const [file, link] = [join(folder, "a"), join(folder, "link")];
  writeFileSync(file, "hello");
  symlinkSync(file, link);
  assert.equal((await readRegularFile(link)).toString(), "hello");
  await assert.rejects(readRegularFile(link, { largest: 4 }), {
    name: "RangeError",
    message: `Cannot read ${link}: it must have at most 4 bytes, got 5`,
  });
});

// Windows has neither devices to link to nor named pipes in folders.
test("devices and pipes are refused at once, whoever reads them", {
  skip: process.platform === "win32",
}, async () => {
  const readers: [name: string, read: (place: string) => Promise<unknown>][] = [
    ["a.npy", (place) => readNpy(join(place, "a.npy"))],
    ["a.npz", (place) => readNpz(join(place, "a.npz"))],
    ["Electric_Production.csv", (dataDirectory) => loadElectricity({ dataDirectory })],
    ["imdb.npz", (dataDirectory) => loadImdb({ dataDirectory })],
    [
      "checksums.json",
      (dataDirectory) => {
        writeFileSync(join(dataDirectory, "imdb.npz"), "");
        return loadImdb({ dataDirectory });
      },
    ],
  ];
  for (const [name, read] of readers) {
    const [device = "", pipe = ""] = endless(name);
    await assert.rejects(read(device), {
      name: "RangeError",
      message: /must be a regular file, got a device/,
    });
    await assert.rejects(read(pipe), {
      name: "RangeError",
      message: /must be a regular file, got a named pipe/,
    });
  }
});

test("what cannot be read is named, whoever reads it", async () => {
  const missing = join(folder, "missing");
  for (const read of [readNpy, readNpz]) {
    await assert.rejects(read(missing), {
      name: "Error",
      message: `Cannot read ${missing}: it must be a file that can be read, got ENOENT: no such file or directory, open '${missing}'`,
    });
    await assert.rejects(read(folder), {
      message: /^Cannot read .*: it must be a file that can be read, got EISDIR/,
    });
  }
});

test("an archive of arrays is refused where it unpacks to more than it may", async () => {
  const file = join(folder, "big.npz");
  const content = Buffer.alloc(2 ** 20);
  writeFileSync(file, zip(["a", "b", "c"].map((name) => ({ name: `${name}.npy`, content }))));
  assert.ok(readFileSync(file).length < 10_000);
  await assert.rejects(readNpz(file, { maxUnpackedBytes: 3 * 2 ** 20 - 1 }), {
    name: "RangeError",
    message: `Cannot read ${file}: its arrays must unpack to at most 3145727 bytes, got 3145728; set maxUnpackedBytes to allow more`,
  });
  await assert.rejects(readNpz(file, { maxUnpackedBytes: 0 }), /maxUnpackedBytes must be positive, got 0/);
});

test("a data set's file is bounded by what the data set is, and the bound can be raised", async () => {
  const dataDirectory = mkdtempSync(join(folder, "large"));
  const file = join(dataDirectory, "Electric_Production.csv");
  writeFileSync(file, Buffer.alloc(2 ** 20 + 1, "a"));
  await assert.rejects(loadElectricity({ dataDirectory }), {
    name: "RangeError",
    message: `Cannot read ${file}: it must have at most 1048576 bytes, got 1048577; set maxFileBytes to allow more`,
  });
  await assert.rejects(loadElectricity({ dataDirectory, maxFileBytes: 2 ** 21 }), {
    message: /line 1 must name two columns, DATE and the value's, got "a{99}…$/,
  });
  await assert.rejects(
    loadElectricity({ dataDirectory, maxFileBytes: 0.5 }),
    /maxFileBytes must be a positive integer, got 0.5/,
  );
});
