import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { loadMnist } from "rnnlab/datasets";
import { zip } from "../formats/archives.js";
import { FileServer } from "./file-server.js";
import { realDataDirectory } from "./real-data.js";

describe("loadMnist()", () => {
  let folder: string;
  before(() => {
    delete process.env.RNNLAB_DATA;
    folder = mkdtempSync(join(tmpdir(), "rnnlab-mnist-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  const npy = (shape: number[], content: Buffer, descr = "|u1"): Buffer => {
    const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.map((length) => `${length},`).join(" ")}), }`;
    const header = text.padEnd(117).concat("\n");
    const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0]);
    return Buffer.concat([start, Buffer.from(header), content]);
  };
  const images = npy([2, 28, 28], Buffer.alloc(2 * 784, 7));
  const labels = npy([2], Buffer.from([3, 9]));

  const load = (x: Buffer, y: Buffer): ReturnType<typeof loadMnist> => {
    const content = zip([
      { name: "x_train.npy", content: x },
      { name: "y_train.npy", content: y },
      { name: "x_test.npy", content: images },
      { name: "y_test.npy", content: labels },
    ]);
    writeFileSync(join(folder, "mnist.npz"), content);
    const sha256 = createHash("sha256").update(content).digest("hex");
    writeFileSync(join(folder, "checksums.json"), JSON.stringify({ "mnist.npz": sha256 }));
    return loadMnist({ dataDirectory: folder, source: "real" });
  };

  it("reads pictures and labels", async () => {
    const { train, test, synthetic } = await load(images, labels);
    assert.deepEqual(train, {
      images: new Uint8Array(2 * 784).fill(7),
      shape: [2, 28, 28],
      labels: Uint8Array.of(3, 9),
    });
    assert.deepEqual([test.shape, synthetic], [[2, 28, 28], false]);
  });

  it("refuses arrays of other shapes and types", async () => {
    const refuses = (x: Buffer, y: Buffer, rule: string): Promise<void> =>
      assert.rejects(load(x, y), {
        name: "RangeError",
        message: `Cannot read ${join(folder, "mnist.npz")}, train: ${rule}`,
      });
    const pictures = "x must be uint8 of shape [pictures, 28, 28], got";
    await refuses(npy([2, 784], Buffer.alloc(2 * 784)), labels, `${pictures} uint8 of shape [2,784]`);
    await refuses(npy([1, 14, 28], Buffer.alloc(392)), labels, `${pictures} uint8 of shape [1,14,28]`);
    await refuses(
      npy([0, 28, 28], Buffer.alloc(0)),
      npy([0], Buffer.alloc(0)),
      `${pictures} uint8 of shape [0,28,28]`,
    );
    await refuses(
      npy([2, 28, 28], Buffer.alloc(8 * 784), "<f4"),
      labels,
      `${pictures} float32 of shape [2,28,28]`,
    );
    await refuses(images, npy([3], Buffer.alloc(3)), "y must be uint8 of shape [2], got uint8 of shape [3]");
    await refuses(images, npy([2], Buffer.from([3, 10])), "label 1 must be from 0 to 9, got 10");
  });

  it("takes no other file than the canonical one from a download, and says so with the sample", async () => {
    const server = await FileServer.start((_, response) => response.end("<html>Sign in</html>"));
    const cacheDirectory = join(folder, "cache");
    const notices: string[] = [];
    const options = {
      cacheDirectory,
      address: server.address,
      notify: (message: string) => notices.push(message),
    };
    const { synthetic } = await loadMnist(options);
    assert.deepEqual([synthetic, notices.length, readdirSync(cacheDirectory)], [true, 1, []]);
    const where = `there is no file at ${join(cacheDirectory, "mnist.npz")}, and cannot download ${server.address}`;
    assert.ok(notices[0]?.includes(`${where}: checksum differs (expected 731c5ac6`), notices[0]);
    server.close();
  });

  const dataDirectory = realDataDirectory("mnist");
  if (dataDirectory !== undefined) {
    it("reads the real pictures", async () => {
      const { train, test } = await loadMnist({ dataDirectory, source: "real" });
      assert.deepEqual(
        [train.shape, test.shape],
        [
          [60_000, 28, 28],
          [10_000, 28, 28],
        ],
      );
      // The published first labels, and the mean grey level that every tutorial divides out.
      assert.deepEqual([...train.labels.subarray(0, 10)], [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
      assert.deepEqual([...test.labels.subarray(0, 10)], [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
      const mean = train.images.reduce((sum, grey) => sum + grey, 0) / train.images.length / 255;
      assert.equal(mean.toFixed(4), "0.1307");
    });
  }
});
