import { quote } from "../../arguments.js";
import { readRegularFile } from "../../formats/regular-file.js";
import { atMost, type LoadOptions, loadDataset, type Provenance } from "../load-dataset.js";
import { registry } from "../registry.js";
import { sampleWords } from "./sample.js";

/** The words of the IMDB reviews, numbered from 1 for the most frequent one. */
export interface WordIndex extends Provenance {
  readonly name: "imdb word index";
  /** Index of each word, from 1. */
  readonly indices: ReadonlyMap<string, number>;
  /** Word of each index; the empty string at 0, which no word has. */
  readonly words: readonly string[];
}

/** From where to load the word index. */
export interface GetWordIndexOptions extends LoadOptions {
  /** Loaded reviews: their sample's index is taken for the sample, the real one for real reviews. */
  readonly of?: Provenance;
}

/**
 * Loads the word index of the IMDB reviews, as Keras's `get_word_index` does: 88,584 words by frequency. In encoded
 * reviews a word's number is its index plus 3, see `decodeReview` and `encodeReview`.
 *
 * @param options - `of` for the index that fits loaded reviews; else sources as with `loadImdb`, the file being
 * `imdb_word_index.json`
 * @returns both directions, and where they came from
 * @throws {RangeError} when the file is not an object of words and the indices 1 to their number, each once
 * @throws {Error} when real data is nowhere to be had, a file cannot be read, or a checksum differs
 * @example
 * ```ts
 * import { getWordIndex } from "rnnlab/datasets";
 * const { indices, words } = await getWordIndex({ source: "sample" });
 * console.log(words[1], indices.get("a"), indices.size === words.length - 1); // a 1 true
 * ```
 */
export async function getWordIndex(options: GetWordIndexOptions = {}): Promise<WordIndex> {
  const { of, ...rest } = options;
  const source = of === undefined ? {} : { source: of.synthetic ? ("sample" as const) : ("real" as const) };
  return await loadDataset(
    registry.imdbWordIndex,
    { ...rest, ...source },
    {
      read: async (path, origin, bounds) =>
        parseWordIndex((await readRegularFile(path, { origin, ...atMost(bounds) })).toString("utf8"), origin),
      sample: () => index(["", ...sampleWords()]),
    },
  );
}

type Words = Omit<WordIndex, keyof Provenance>;

function parseWordIndex(text: string, origin: string): Words {
  const fail = (rule: string, cause?: unknown): never => {
    throw new RangeError(`Cannot read ${origin}: ${rule}`, { cause });
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    fail("the word index must be JSON, got other text", cause);
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    return fail(
      `the word index must be an object, got ${Array.isArray(parsed) ? "an array" : typeof parsed}`,
    );
  }
  const entries: [string, unknown][] = Object.entries(parsed);
  if (entries.length === 0) fail("the word index must have words, got none");
  const words: string[] = new Array(entries.length + 1).fill("");
  for (const [word, position] of entries) {
    const free = typeof position === "number" && position > 0 && words[position] === "" && word !== "";
    if (!free) {
      return fail(
        `every word must have its own index from 1 to ${entries.length}, got ${quote(position)} for ${quote(word)}`,
      );
    }
    words[position] = word;
  }
  return index(words);
}

function index(words: readonly string[]): Words {
  const indices = new Map<string, number>();
  for (let position = 1; position < words.length; position++) indices.set(words[position] ?? "", position);
  return { name: "imdb word index", indices, words };
}
