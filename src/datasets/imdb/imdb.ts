import { requireInteger } from "../../arguments.js";
import { isObjectArray, type NpyArray } from "../../formats/npy.js";
import { readNpz } from "../../formats/npz.js";
import { RandomGenerator } from "../../random/index.js";
import {
  type LoadOptions,
  loadDataset,
  type Provenance,
  provenanceOf,
  type ReadBounds,
} from "../load-dataset.js";
import { registry } from "../registry.js";
import type { IndexedReviews } from "./reviews.js";
import { makeIndexSample } from "./sample.js";
import { codingOf, type ReviewCoding } from "./words.js";

const GREATEST = 2 ** 31 - 1;
const GREATEST_INDEX = 2 ** 30;

/** Which words and reviews to take; every default is Keras's. */
export interface LoadImdbOptions extends LoadOptions, ReviewCoding {
  /** Numbers from here on become `oovChar`; unless given, the greatest number in the data, so that only that one does. */
  readonly numWords?: number;
  /** Numbers below this become `oovChar`; 0 unless given. */
  readonly skipTop?: number;
  /** Only reviews shorter than this, the start included, are kept; all unless given. */
  readonly maxLength?: number;
  /** Seed of the order, from 0 to 2³² − 1; 113 unless given. */
  readonly seed?: number;
}

/** Encoded reviews. */
export interface EncodedReviews {
  /** int32 numbers of the words, `[time]` each. */
  readonly reviews: Int32Array[];
  /** 1 for a positive review, 0 for a negative one, `[reviews]`. */
  readonly labels: Int32Array;
}

/** Film reviews as numbers. */
export interface Imdb extends Provenance {
  readonly name: "imdb";
  readonly train: EncodedReviews;
  readonly test: EncodedReviews;
  readonly startChar: number | null;
  readonly oovChar: number | null;
  readonly indexFrom: number;
}

/**
 * Loads 25,000 training and 25,000 test reviews of films as sequences of word numbers, exactly as Keras's
 * `imdb.load_data` returns them from the same file: shuffled by NumPy's `RandomState(seed)`, 1 for the start, 2 for
 * unknown words, every word's index plus 3. (Maas et al., Learning Word Vectors for Sentiment Analysis, ACL 2011.)
 *
 * The file is `imdb.npz`; nothing in it is executed. The sample has as many reviews, put together from templates.
 *
 * @param options - which words and reviews, and from where
 * @returns reviews of different lengths, int32 `[time]`, with labels `[25000]`
 * @throws {RangeError} when an option is none that can be, the file is malformed, or no review is short enough
 * @throws {Error} when real data is nowhere to be had, a file cannot be read, or a checksum differs
 * @example
 * ```ts
 * import { loadImdb } from "rnnlab/datasets";
 * const { train, test } = await loadImdb({ source: "sample", numWords: 10_000 });
 * console.log(train.reviews.length, test.labels.length, train.reviews[0]?.[0]); // 25000 25000 1
 * ```
 */
export async function loadImdb(options: LoadImdbOptions = {}): Promise<Imdb> {
  checkOptions(options);
  const loaded = await loadDataset(registry.imdb, options, { read: readReviews, sample: makeIndexSample });
  return { ...prepare(loaded, options), ...provenanceOf(loaded) };
}

type Split<Reviews> = { readonly train: Reviews; readonly test: Reviews };

function checkOptions(options: LoadImdbOptions): void {
  const { numWords, skipTop, maxLength, startChar, oovChar, indexFrom } = options;
  const least = { numWords: 1, skipTop: 0, maxLength: 1, startChar: 0, oovChar: 0, indexFrom: 0 };
  const given = { numWords, skipTop, maxLength, startChar, oovChar, indexFrom };
  for (const [name, value] of Object.entries(given)) {
    const from = least[name as keyof typeof least];
    // Index and offset together must be an int32.
    const most = name === "indexFrom" ? GREATEST_INDEX : GREATEST;
    const absent = value === undefined || (value === null && (name === "startChar" || name === "oovChar"));
    if (!absent) requireInteger("load imdb", name, value, from, most);
  }
}

async function readReviews(
  path: string,
  origin: string,
  { maxUnpackedBytes }: ReadBounds,
): Promise<Split<IndexedReviews>> {
  const read = async (split: "train" | "test"): Promise<IndexedReviews> => {
    // One split at a time: Python's lists take much more memory than the typed arrays made of them.
    const arrays = await readNpz(path, { names: [`x_${split}`, `y_${split}`], origin, maxUnpackedBytes });
    return indexed(arrays, split, origin);
  };
  return { train: await read("train"), test: await read("test") };
}

function indexed(arrays: ReadonlyMap<string, NpyArray>, split: string, origin: string): IndexedReviews {
  const fail = (rule: string): never => {
    throw new RangeError(`Cannot read ${origin}, ${split}: ${rule}`);
  };
  const [x, y] = [arrays.get(`x_${split}`), arrays.get(`y_${split}`)];
  if (x === undefined || !isObjectArray(x) || x.shape.length !== 1) {
    return fail(`x must be a list of reviews, got ${x?.dtype} of shape [${x?.shape}]`);
  }
  if (y === undefined || isObjectArray(y) || y.shape.length !== 1) {
    return fail(`y must be a list of numbers, got ${y?.dtype} of shape [${y?.shape}]`);
  }
  if (x.data.length === 0 || x.data.length !== y.data.length) {
    return fail(
      `there must be one label for each review and at least one, got ${x.data.length} and ${y.data.length}`,
    );
  }
  const reviews = x.data.map((review, position) => {
    if (!Array.isArray(review)) return fail(`review ${position} must be a list, got ${typeof review}`);
    const indices = new Int32Array(review.length);
    // Plain loops from here on: there are 12 million words, and callbacks for each take seconds.
    for (let step = 0; step < indices.length; step++) {
      const index: unknown = review[step];
      if (typeof index !== "number" || !(index >= 0 && index < GREATEST_INDEX && Number.isInteger(index))) {
        return fail(`review ${position} must hold indices of words, got ${JSON.stringify(index)}`);
      }
      indices[step] = index;
    }
    return indices;
  });
  const wrong = y.data.findIndex((label) => label !== 0 && label !== 1);
  if (wrong >= 0) fail(`label ${wrong} must be 0 or 1, got ${y.data[wrong]}`);
  return { reviews, labels: y.data };
}

function prepare(raw: Split<IndexedReviews>, options: LoadImdbOptions): Omit<Imdb, keyof Provenance> {
  const { skipTop = 0, maxLength = Number.POSITIVE_INFINITY, seed = 113 } = options;
  const coding = codingOf(options);
  // One generator for both, as in Keras: the order of the test reviews depends on the number of training reviews.
  const random = new RandomGenerator(seed);
  const train = number(raw.train, random, { coding, maxLength });
  const test = number(raw.test, random, { coding, maxLength });
  if (train.reviews.length === 0 || test.reviews.length === 0) {
    throw new RangeError(`Cannot load imdb: some reviews must be shorter than maxLength, got ${maxLength}`);
  }
  const numWords = options.numWords ?? Math.max(greatestOf(train), greatestOf(test));
  for (const split of [train, test]) limit(split, { skipTop, numWords, oovChar: coding.oovChar });
  return { name: "imdb", train, test, ...coding };
}

/** Shuffles the reviews, adds the offset and the start, and leaves out the long ones. */
function number(
  { reviews, labels }: IndexedReviews,
  random: RandomGenerator,
  options: { readonly coding: Required<ReviewCoding>; readonly maxLength: number },
): EncodedReviews {
  const { coding, maxLength } = options;
  const { startChar, indexFrom } = coding;
  const start = startChar === null ? 0 : 1;
  const order = random
    .permutation(reviews.length)
    .filter((position) => (reviews[position]?.length ?? 0) + start < maxLength);
  const lengths = Array.from(order, (position) => (reviews[position]?.length ?? 0) + start);
  // One buffer for all: 25,000 of their own take longer to allocate than to fill.
  const numbers = new Int32Array(lengths.reduce((sum, length) => sum + length, 0));
  let end = 0;
  return {
    reviews: Array.from(order, (position) => {
      const begin = end;
      if (startChar !== null) numbers[end++] = startChar;
      for (const index of reviews[position] ?? []) numbers[end++] = index + indexFrom;
      return numbers.subarray(begin, end);
    }),
    labels: Int32Array.from(order, (position) => labels[position] ?? 0),
  };
}

function greatestOf({ reviews }: EncodedReviews): number {
  let greatest = 0;
  for (const review of reviews) for (const number of review) if (number > greatest) greatest = number;
  return greatest;
}

/** Replaces, or leaves out, the numbers beyond the limits; the start is no exception, as in Keras. */
function limit(
  { reviews }: EncodedReviews,
  { skipTop, numWords, oovChar }: { skipTop: number; numWords: number; oovChar: number | null },
): void {
  const known = (value: number): boolean => value >= skipTop && value < numWords;
  reviews.forEach((review, position) => {
    if (oovChar === null) {
      reviews[position] = review.filter(known);
      return;
    }
    for (let step = 0; step < review.length; step++) {
      if (!known(review[step] ?? 0)) review[step] = oovChar;
    }
  });
}
