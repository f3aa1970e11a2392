import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { getWordIndex } from "rnnlab/datasets";

const FILE = "imdb_word_index.json";

describe("getWordIndex()", () => {
  let folder: string;
  before(() => {
    delete process.env.RNNLAB_DATA;
    folder = mkdtempSync(join(tmpdir(), "rnnlab-words-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  const load = (content: string): ReturnType<typeof getWordIndex> => {
    writeFileSync(join(folder, FILE), content);
    const sha256 = createHash("sha256").update(content).digest("hex");
    writeFileSync(join(folder, "checksums.json"), JSON.stringify({ [FILE]: sha256 }));
    return getWordIndex({ dataDirectory: folder, source: "real" });
  };

  it("gives both directions, for words that objects have by themselves, too", async () => {
    const { indices, words, synthetic } = await load(
      '{"film": 2, "the": 1, "constructor": 3, "__proto__": 4}',
    );
    assert.deepEqual(words, ["", "the", "film", "constructor", "__proto__"]);
    assert.deepEqual(
      [indices.get("constructor"), indices.get("__proto__"), indices.get("toString")],
      [3, 4, undefined],
    );
    assert.equal(synthetic, false);
  });

  it("gives the index that fits loaded reviews, and not the sample's for real ones", async () => {
    const cacheDirectory = join(folder, "none");
    assert.equal(
      (await getWordIndex({ of: { synthetic: true, source: "" }, dataDirectory: folder })).synthetic,
      true,
    );
    await assert.rejects(
      getWordIndex({ of: { synthetic: false, source: "" }, cacheDirectory, offline: true }),
      /^Error: Cannot load imdb word index: there must be a file when offline is set/,
    );
  });

  it("refuses what is no word index", async () => {
    const refuses = (content: string, rule: string): Promise<void> =>
      assert.rejects(load(content), {
        name: "RangeError",
        message: `Cannot read ${join(folder, FILE)}: ${rule}`,
      });
    const own = (index: string, word: string, count = 1): string =>
      `every word must have its own index from 1 to ${count}, got ${index} for "${word}"`;
    await refuses("<html>", "the word index must be JSON, got other text");
    await refuses('{"the": 1', "the word index must be JSON, got other text");
    await refuses("[1]", "the word index must be an object, got an array");
    await refuses("7", "the word index must be an object, got number");
    await refuses("{}", "the word index must have words, got none");
    await refuses('{"the": "1"}', own('"1"', "the"));
    await refuses('{"the": 0}', own("0", "the"));
    await refuses('{"the": 1.5}', own("1.5", "the"));
    await refuses('{"the": 9}', own("9", "the"));
    await refuses('{"the": 1, "a": 1}', own("1", "a", 2));
    await refuses('{"": 1}', own("1", ""));
  });
});
