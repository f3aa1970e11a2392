import { reviewWords } from "./review-words.js";
import type { WordIndex } from "./word-index.js";

/** What stands in a decoded review for a word that is not known. */
const UNKNOWN = "?";
const PADDING = 0;

/** How words are numbered in reviews; `loadImdb`'s result has these properties, too. */
export interface ReviewCoding {
  /** Number at the beginning of each review; 1 unless given, null for none. */
  readonly startChar?: number | null;
  /** Number of unknown words; 2 unless given, null to leave them out. */
  readonly oovChar?: number | null;
  /** What is added to a word's index; 3 unless given. */
  readonly indexFrom?: number;
}

/** How to encode a review of one's own. */
export interface EncodeReviewOptions extends ReviewCoding {
  /** Numbers from here on are unknown words; no limit unless given. */
  readonly numWords?: number;
  /** Numbers below this are unknown words; 0 unless given. */
  readonly skipTop?: number;
}

/** The options with Keras's defaults. */
export function codingOf(options: ReviewCoding): Required<ReviewCoding> {
  const { startChar = 1, oovChar = 2, indexFrom = 3 } = options;
  return { startChar, oovChar, indexFrom };
}

/**
 * Writes an encoded review as words, joined by spaces. Padding and the start are left out, unknown words are `?`.
 * `encodeReview` is the inverse.
 *
 * @param review - numbers `[time]`, such as one of `loadImdb`'s reviews or a padded row
 * @param wordIndex - from `getWordIndex`
 * @param coding - how the review is numbered; Keras's defaults unless given
 * @returns the text
 * @throws {RangeError} when a number is not a non-negative integer
 * @example
 * ```ts
 * import { decodeReview, getWordIndex, loadImdb } from "rnnlab/datasets";
 * const imdb = await loadImdb({ source: "sample" });
 * const wordIndex = await getWordIndex({ of: imdb });
 * const index = wordIndex.indices.get("film") ?? 0;
 * console.log(decodeReview([0, 0, 1, index + imdb.indexFrom, 2], wordIndex, imdb)); // film ?
 * ```
 */
export function decodeReview(
  review: ArrayLike<number>,
  wordIndex: WordIndex,
  coding: ReviewCoding = {},
): string {
  const { startChar, oovChar, indexFrom } = codingOf(coding);
  const words: string[] = [];
  let begun = false;
  for (const number of Array.from(review)) {
    if (!Number.isInteger(number) || number < 0) {
      throw new RangeError(`Cannot decode review: numbers must be non-negative integers, got ${number}`);
    }
    if (number === PADDING) continue;
    const isStart = !begun && number === startChar;
    begun = true;
    if (!isStart)
      words.push((number === oovChar ? undefined : wordIndex.words[number - indexFrom]) || UNKNOWN);
  }
  return words.join(" ");
}

/**
 * Numbers the words of a text as `loadImdb` does: the start, then each word's index plus `indexFrom`, where words that
 * are not in the index, or beyond the limits, are unknown. Letters become small and punctuation goes, as in the data; a
 * question mark that stands alone is an unknown word, as `decodeReview` writes it.
 *
 * @param text - a review
 * @param wordIndex - from `getWordIndex`
 * @param options - how to number, and which words are known; Keras's defaults unless given
 * @returns int32 numbers `[time]`
 * @example
 * ```ts
 * import { decodeReview, encodeReview, getWordIndex } from "rnnlab/datasets";
 * const wordIndex = await getWordIndex({ source: "sample" });
 * const review = encodeReview("The film was WONDERFUL!", wordIndex);
 * console.log(review.length, decodeReview(review, wordIndex)); // 5 the film was wonderful
 * ```
 */
export function encodeReview(
  text: string,
  wordIndex: WordIndex,
  options: EncodeReviewOptions = {},
): Int32Array {
  const { numWords = Number.POSITIVE_INFINITY, skipTop = 0 } = options;
  const { startChar, oovChar, indexFrom } = codingOf(options);
  const numbers: number[] = startChar === null ? [] : [startChar];
  for (const piece of text.split(/[ \t\n\r\f\v]+/)) {
    const words = piece === UNKNOWN ? [UNKNOWN] : reviewWords(piece);
    for (const word of words) {
      const index = wordIndex.indices.get(word);
      numbers.push(index === undefined ? Number.NaN : index + indexFrom);
    }
  }
  const limited = numbers.map((number) => (number >= skipTop && number < numWords ? number : oovChar));
  return Int32Array.from(limited.filter((number) => number !== null));
}
