import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { encodeReview, getWordIndex, loadImdb, loadImdbText } from "rnnlab/datasets";
import { type TarPart, tarGz } from "../formats/archives.js";
import { realDataDirectory } from "./real-data.js";

const FILE = "aclImdb_v1.tar.gz";

describe("loadImdbText()", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "rnnlab-text-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  const load = (parts: TarPart[], options: object = {}): ReturnType<typeof loadImdbText> => {
    const content = tarGz(parts);
    writeFileSync(join(folder, FILE), content);
    const sha256 = createHash("sha256").update(content).digest("hex");
    writeFileSync(join(folder, "checksums.json"), JSON.stringify({ [FILE]: sha256 }));
    return loadImdbText({ dataDirectory: folder, source: "real", ...options });
  };
  const part = (path: string): TarPart => ({ name: `aclImdb/${path}`, content: Buffer.from(`é ${path}`) });
  const paths = [
    "train/neg/0_2.txt",
    "train/pos/10_9.txt",
    "train/pos/2_7.txt",
    "test/neg/0_1.txt",
    "test/pos/0_10.txt",
  ];

  it("takes split and label from the folders, and leaves the rest of the archive out", async () => {
    const others = [
      "README",
      "imdb.vocab",
      "train/unsup/0_0.txt",
      "train/urls_pos.txt",
      "train/pos/../../x_1.txt",
    ];
    const { train, test } = await load([...others, ...paths].map(part));
    const labelled = (reviews: string[], labels: Int32Array): string[] =>
      reviews.map((text, position) => `${labels[position]} ${text}`).sort();
    assert.deepEqual(labelled(train.reviews, train.labels), [
      "0 é train/neg/0_2.txt",
      "1 é train/pos/10_9.txt",
      "1 é train/pos/2_7.txt",
    ]);
    assert.deepEqual(labelled(test.reviews, test.labels), ["0 é test/neg/0_1.txt", "1 é test/pos/0_10.txt"]);
  });

  it("has an order that depends on the seed and not on the archive", async () => {
    const first = await load(paths.map(part), { seed: 3 });
    const second = await load(paths.toReversed().map(part), { seed: 3 });
    assert.deepEqual(first.train, second.train);
    assert.deepEqual(first.test, second.test);
    const few = await load(paths.map(part), { seed: 3, trainSize: 2 });
    assert.deepEqual(few.train.reviews, first.train.reviews.slice(0, 2));
  });

  it("refuses an archive that lacks a split or a label, and sizes that cannot be", async () => {
    const rule = (split: string, found: number): RegExp =>
      new RegExp(
        `^RangeError: Cannot read .*: the archive must have reviews in aclImdb/${split}/pos and aclImdb/${split}/neg, got ${found} of`,
      );
    await assert.rejects(load([]), rule("train", 0));
    await assert.rejects(
      load(paths.filter((path) => path !== "test/pos/0_10.txt").map(part)),
      rule("test", 1),
    );
    const size = /^RangeError: Cannot load imdbText: trainSize must be at most 3, got 4$/;
    await assert.rejects(load(paths.map(part), { trainSize: 4 }), size);
    await assert.rejects(loadImdbText({ testSize: 0 }), {
      message: "Cannot load imdbText: testSize must be a positive integer, got 0",
    });
  });

  const dataDirectory = realDataDirectory("imdbText");
  if (dataDirectory !== undefined) {
    it("has the real texts of the real numbers", async () => {
      const options = { dataDirectory, source: "real" as const };
      const texts = await loadImdbText(options);
      const imdb = await loadImdb({ ...options, numWords: 100_000 });
      const wordIndex = await getWordIndex(options);
      for (const split of ["train", "test"] as const) {
        assert.equal(texts[split].reviews.length, 25_000);
        assert.equal(
          texts[split].labels.reduce((sum, label) => sum + label, 0),
          12_500,
        );
        // The order of the two files differs: a text's numbers tell which review it is. Whether letters beyond ASCII were
        // made small depends on the Python that wrote the file.
        const labels = new Map(
          imdb[split].reviews.map((review, i) => [review.join(), imdb[split].labels[i]]),
        );
        const ascii = [...texts[split].reviews.keys()]
          .slice(0, 2000)
          .filter((i) => /^[\0-\x7f]*$/.test(texts[split].reviews[i]!));
        assert.ok(ascii.length > 1500);
        for (const i of ascii) {
          const encoded = encodeReview(texts[split].reviews[i]!, wordIndex, { oovChar: null });
          assert.equal(labels.get(encoded.join()), texts[split].labels[i], texts[split].reviews[i]);
        }
      }
    });
  }
});
