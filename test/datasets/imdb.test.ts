import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import {
  decodeReview,
  type EncodedReviews,
  encodeReview,
  getWordIndex,
  type LoadImdbOptions,
  loadImdb,
  loadImdbText,
} from "rnnlab/datasets";
import { zip } from "../formats/archives.js";
import { readGolden } from "../golden/read-golden.js";
import { realDataDirectory } from "./real-data.js";

/** The options as Keras calls them. */
interface KerasOptions {
  num_words?: number;
  skip_top?: number;
  maxlen?: number;
  seed?: number;
  start_char?: number | null;
  oov_char?: number | null;
  index_from?: number;
}

interface Summary {
  count: number;
  words: number;
  longest: number;
  greatest: number;
  positive: number;
  first: number[];
  reviews: string;
  labels: string;
}

interface Golden {
  file: string;
  small: { options: KerasOptions; train: Lists; test: Lists }[];
  real: { sha256: string; runs: { options: KerasOptions; train: Summary; test: Summary }[] };
}

interface Lists {
  reviews: number[][];
  labels: number[];
}

const golden = readGolden<Golden>("imdb");

function translate(options: KerasOptions): LoadImdbOptions {
  const { num_words, skip_top, maxlen, seed, start_char, oov_char, index_from } = options;
  const translated = {
    numWords: num_words,
    skipTop: skip_top,
    maxLength: maxlen,
    seed,
    startChar: start_char,
    oovChar: oov_char,
    indexFrom: index_from,
  };
  return Object.fromEntries(Object.entries(translated).filter(([, value]) => value !== undefined));
}

function summary({ reviews, labels }: EncodedReviews): Summary {
  const hash = createHash("sha256");
  let [words, longest, greatest] = [0, 0, 0];
  for (const review of reviews) {
    hash.update(Int32Array.of(review.length, ...review));
    words += review.length;
    longest = Math.max(longest, review.length);
    for (const word of review) greatest = Math.max(greatest, word);
  }
  return {
    count: reviews.length,
    words,
    longest,
    greatest,
    positive: labels.reduce((sum, label) => sum + label, 0),
    first: [...(reviews[0] ?? [])],
    reviews: hash.digest("hex"),
    labels: createHash("sha256").update(labels).digest("hex"),
  };
}

const lists = ({ reviews, labels }: EncodedReviews): Lists => ({
  reviews: reviews.map((review) => [...review]),
  labels: [...labels],
});

describe("loadImdb()", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "rnnlab-imdb-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  /** Puts a file where it is looked for, with its checksum declared. */
  function place(content: Buffer, name = "imdb.npz"): void {
    writeFileSync(join(folder, name), content);
    const sha256 = createHash("sha256").update(content).digest("hex");
    writeFileSync(join(folder, "checksums.json"), JSON.stringify({ [name]: sha256 }));
  }

  const npy = (descr: string, shape: string, body: Buffer): Buffer => {
    const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`
      .padEnd(117)
      .concat("\n");
    const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0]);
    return Buffer.concat([start, Buffer.from(header), body]);
  };

  for (const { options, train, test } of golden.small) {
    it(`equals Keras's load_data(${JSON.stringify(options)}) on a small file, element for element`, async () => {
      place(Buffer.from(golden.file, "base64"));
      const loaded = await loadImdb({ ...translate(options), dataDirectory: folder, source: "real" });
      assert.deepEqual(lists(loaded.train), train);
      assert.deepEqual(lists(loaded.test), test);
      assert.deepEqual([loaded.synthetic, loaded.file], [false, join(folder, "imdb.npz")]);
    });
  }

  const dataDirectory = realDataDirectory("imdb");
  if (dataDirectory !== undefined) {
    for (const { options, train, test } of golden.real.runs) {
      it(`equals Keras's load_data(${JSON.stringify(options)}) on the real file`, async () => {
        const loaded = await loadImdb({ ...translate(options), dataDirectory, source: "real" });
        assert.deepEqual(summary(loaded.train), train);
        assert.deepEqual(summary(loaded.test), test);
      });
    }
  }

  it("refuses options that cannot be", async () => {
    const refuses = (options: LoadImdbOptions, rule: string): Promise<void> =>
      assert.rejects(loadImdb({ source: "sample", ...options }), {
        name: "RangeError",
        message: `Cannot load imdb: ${rule}`,
      });
    await refuses({ numWords: 0 }, "numWords must be an integer from 1 to 2147483647, got 0");
    await refuses({ skipTop: -1 }, "skipTop must be an integer from 0 to 2147483647, got -1");
    await refuses({ maxLength: 1.5 }, "maxLength must be an integer from 1 to 2147483647, got 1.5");
    await refuses(
      { indexFrom: 2 ** 31 },
      "indexFrom must be an integer from 0 to 1073741824, got 2147483648",
    );
    await refuses({ startChar: Number.NaN }, "startChar must be an integer from 0 to 2147483647, got NaN");
    await refuses({ maxLength: 1 }, "some reviews must be shorter than maxLength, got 1");
  });

  it("does not blame the file, nor fall to the sample, for an option that leaves no review", async () => {
    place(Buffer.from(golden.file, "base64"));
    await assert.rejects(loadImdb({ dataDirectory: folder, maxLength: 1 }), {
      name: "RangeError",
      message: "Cannot load imdb: some reviews must be shorter than maxLength, got 1",
    });
  });

  it("refuses a file whose arrays are not reviews and labels", async () => {
    const small = { dataDirectory: folder, source: "real" as const };
    const labels = npy("|u1", "(1,)", Buffer.from([1]));
    const archive = (x: Buffer, y: Buffer): Buffer =>
      zip([
        { name: "x_train.npy", content: x },
        { name: "y_train.npy", content: y },
      ]);
    const refuses = async (content: Buffer, rule: string): Promise<void> => {
      place(content);
      const message = `Cannot read ${join(folder, "imdb.npz")}${rule}`;
      await assert.rejects(loadImdb(small), { name: "RangeError", message });
    };
    const objects = (count: number, ...content: string[]): Buffer =>
      npy("|O", `(${count},)`, pickled(count, content));
    await refuses(
      Buffer.from("<html>"),
      ": the file must be a zip archive, got 6 bytes that do not end as one",
    );
    await refuses(
      zip([{ name: "a.npy", content: labels }]),
      ": the archive must contain x_train.npy, got a.npy",
    );
    await refuses(archive(labels, labels), ", train: x must be a list of reviews, got uint8 of shape [1]");
    await refuses(
      archive(objects(1, "]"), objects(1, "]")),
      ", train: y must be a list of numbers, got object of shape [1]",
    );
    await refuses(
      archive(objects(0), npy("|u1", "(0,)", Buffer.alloc(0))),
      ", train: there must be one label for each review and at least one, got 0 and 0",
    );
    await refuses(
      archive(objects(2, "]", "]"), labels),
      ", train: there must be one label for each review and at least one, got 2 and 1",
    );
    await refuses(archive(objects(1, "K\x05"), labels), ", train: review 0 must be a list, got number");
    await refuses(
      archive(objects(1, "(U\x03thel"), labels),
      ', train: review 0 must hold indices of words, got "the"',
    );
    await refuses(
      archive(objects(1, "(Nl"), labels),
      ", train: review 0 must hold indices of words, got null",
    );
    await refuses(
      archive(objects(1, "(J\xff\xff\xff\xffl"), labels),
      ", train: review 0 must hold indices of words, got -1",
    );
    await refuses(
      archive(objects(1, "]"), npy("|u1", "(1,)", Buffer.from([2]))),
      ", train: label 0 must be 0 or 1, got 2",
    );
  });

  it("refuses another file than the canonical one, unless the directory declares it", async () => {
    const content = Buffer.from(golden.file, "base64");
    writeFileSync(join(folder, "imdb.npz"), content);
    rmSync(join(folder, "checksums.json"), { force: true });
    await assert.rejects(loadImdb({ dataDirectory: folder }), {
      message:
        /^Cannot load imdb: checksum differs \(expected 69664113be.*declare this one in checksums\.json/,
    });
  });
});

/** An object array as Python 2 pickled it. */
function pickled(count: number, elements: readonly string[]): Buffer {
  const parts = [
    "\x80\x02cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R",
    `(K\x01K${String.fromCharCode(count)}\x85cnumpy\ndtype\nU\x02O8K\x00K\x01\x87R(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?tb\x89](`,
    ...elements,
    "etb.",
  ];
  return Buffer.from(parts.join(""), "latin1");
}

describe("decodeReview() and encodeReview()", () => {
  it("are each other's inverse on every review of the sample", async () => {
    const imdb = await loadImdb({ source: "sample", numWords: 300 });
    const wordIndex = await getWordIndex({ of: imdb });
    for (const review of imdb.test.reviews.slice(0, 2000)) {
      const text = decodeReview(review, wordIndex, imdb);
      assert.deepEqual(encodeReview(text, wordIndex, imdb), review);
    }
  });

  it("number the sample's texts as its numbers", async () => {
    const options = { source: "sample" as const, seed: 5 };
    const [imdb, texts] = [await loadImdb(options), await loadImdbText(options)];
    const wordIndex = await getWordIndex({ of: imdb });
    // As in Keras, without numWords the greatest number alone is unknown.
    const numWords = wordIndex.words.length - 1 + imdb.indexFrom;
    for (let position = 0; position < 500; position++) {
      const encoded = encodeReview(texts.train.reviews[position]!, wordIndex, { numWords });
      assert.deepEqual(encoded, imdb.train.reviews[position]);
      assert.equal(texts.train.labels[position], imdb.train.labels[position]);
    }
  });

  it("leave out padding and start, and mark unknown words", async () => {
    const wordIndex = await getWordIndex({ source: "sample" });
    const number = (word: string): number => wordIndex.indices.get(word)! + 3;
    const review = [0, 0, 1, number("the"), 2, number("film"), 999_999, 0];
    assert.equal(decodeReview(review, wordIndex), "the ? film ?");
    assert.deepEqual([...encodeReview("The ? film?!", wordIndex)], [1, number("the"), 2, number("film")]);
    assert.deepEqual([...encodeReview("xyzzy film", wordIndex)], [1, 2, number("film")]);
    assert.deepEqual([...encodeReview("", wordIndex)], [1]);
  });

  it("obey another coding", async () => {
    const wordIndex = await getWordIndex({ source: "sample" });
    const coding = { startChar: null, oovChar: null, indexFrom: 0 };
    const number = (word: string): number => wordIndex.indices.get(word)!;
    const encoded = encodeReview("the xyzzy film", wordIndex, coding);
    assert.deepEqual([...encoded], [number("the"), number("film")]);
    assert.equal(decodeReview(encoded, wordIndex, coding), "the film");
    assert.deepEqual(
      [...encodeReview("the film", wordIndex, { numWords: number("film") + 3 })],
      [1, number("the") + 3, 2],
    );
    const skipTop = number("the") + 4;
    assert.deepEqual([...encodeReview("the film", wordIndex, { skipTop })], [2, 2, number("film") + 3]);
  });

  it("refuse what is no number of a word", async () => {
    const wordIndex = await getWordIndex({ source: "sample" });
    for (const number of [-1, 0.5, Number.NaN]) {
      assert.throws(() => decodeReview([1, number], wordIndex), {
        name: "RangeError",
        message: `Cannot decode review: numbers must be non-negative integers, got ${number}`,
      });
    }
  });

  const dataDirectory = realDataDirectory("imdbWordIndex");
  if (dataDirectory !== undefined) {
    it("are each other's inverse on every word of the real index", async () => {
      const wordIndex = await getWordIndex({ dataDirectory, source: "real" });
      assert.equal(wordIndex.indices.size, 88_584);
      const all = Int32Array.from({ length: 88_585 }, (_, index) => (index === 0 ? 1 : index + 3));
      assert.deepEqual(encodeReview(decodeReview(all, wordIndex), wordIndex), all);
    });
  }
});
