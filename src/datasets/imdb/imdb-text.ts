import { requireInteger } from "../../arguments.js";
import { readTarGz } from "../../formats/tar.js";
import { RandomGenerator } from "../../random/index.js";
import {
  type LoadOptions,
  loadDataset,
  type Provenance,
  provenanceOf,
  type ReadBounds,
} from "../load-dataset.js";
import { registry } from "../registry.js";
import type { RawReview } from "./reviews.js";
import { makeTextSample } from "./sample.js";

const LONGEST_REVIEW = 2 ** 20;
const SPLITS = ["train", "test"] as const;

/** How many reviews to take. */
export interface LoadImdbTextOptions extends LoadOptions {
  /** How many training reviews; all 25,000 unless given. */
  readonly trainSize?: number;
  /** How many test reviews; all 25,000 unless given. */
  readonly testSize?: number;
  /** Seed of the order, from 0 to 2³² − 1; 113 unless given. */
  readonly seed?: number;
}

/** Reviews as they were written. */
export interface TextReviews {
  /** The texts; some contain `<br />`. */
  readonly reviews: string[];
  /** 1 for a positive review, 0 for a negative one, `[reviews]`. */
  readonly labels: Int32Array;
}

/** Film reviews as texts. */
export interface ImdbText extends Provenance {
  readonly name: "imdbText";
  readonly train: TextReviews;
  readonly test: TextReviews;
}

/**
 * Loads 25,000 training and 25,000 test reviews of films as texts, half of each positive (Maas et al., Learning Word
 * Vectors for Sentiment Analysis, ACL 2011), in an order that depends on the seed alone. With a size, the first so
 * many of that order are taken.
 *
 * The file is `aclImdb_v1.tar.gz`, which is read as a stream without being unpacked; folders give split and label. The
 * sample's reviews are those of `loadImdb`'s sample.
 *
 * @param options - how many, and from where
 * @returns texts and labels
 * @throws {RangeError} when an option is none that can be, or the file is malformed or lacks a split or a label
 * @throws {Error} when real data is nowhere to be had, a file cannot be read, or a checksum differs
 * @example
 * ```ts
 * import { loadImdbText } from "rnnlab/datasets";
 * const { train, test } = await loadImdbText({ source: "sample", trainSize: 4000, testSize: 1000 });
 * console.log(train.reviews.length, test.labels.length, typeof train.reviews[0]); // 4000 1000 string
 * ```
 */
export async function loadImdbText(options: LoadImdbTextOptions = {}): Promise<ImdbText> {
  for (const name of ["trainSize", "testSize"] as const) {
    const size = options[name];
    if (size !== undefined) requireInteger("load imdbText", name, size, 1);
  }
  const loaded = await loadDataset(registry.imdbText, options, { read: readReviews, sample: makeTextSample });
  return { ...select(loaded, options), ...provenanceOf(loaded) };
}

type Splits = Readonly<Record<(typeof SPLITS)[number], readonly RawReview[]>>;

const REVIEW_PATH = /^(?:\.\/)?aclImdb\/(?<split>train|test)\/(?<label>pos|neg)\/(?<id>\d+)_\d+\.txt$/;

async function readReviews(path: string, origin: string, { maxUnpackedBytes }: ReadBounds): Promise<Splits> {
  const found = { train: new Map<string, RawReview>(), test: new Map<string, RawReview>() };
  const wanted = (name: string): boolean => REVIEW_PATH.test(name);
  for await (const { name, content } of readTarGz(path, {
    wanted,
    largest: LONGEST_REVIEW,
    maxUnpackedBytes,
    origin,
  })) {
    const { split = "", label = "", id = "" } = REVIEW_PATH.exec(name)?.groups ?? {};
    const reviews = split === "train" ? found.train : found.test;
    reviews.set(`${label} ${id.padStart(9, "0")}`, {
      text: content.toString("utf8"),
      label: label === "pos" ? 1 : 0,
    });
  }
  const sorted = (split: (typeof SPLITS)[number]): RawReview[] => {
    const labels = new Set([...found[split].values()].map(({ label }) => label));
    if (labels.size < 2) {
      throw new RangeError(
        `Cannot read ${origin}: the archive must have reviews in aclImdb/${split}/pos and aclImdb/${split}/neg, got ${found[split].size} of ${labels.size} labels`,
      );
    }
    // By label and number: the archive's own order depends on the computer that packed it.
    return [...found[split]].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, review]) => review);
  };
  return { train: sorted("train"), test: sorted("test") };
}

function select(splits: Splits, options: LoadImdbTextOptions): Omit<ImdbText, keyof Provenance> {
  const random = new RandomGenerator(options.seed ?? 113);
  const take = (split: (typeof SPLITS)[number]): TextReviews => {
    const all = splits[split];
    const size = options[`${split}Size`] ?? all.length;
    if (size > all.length) {
      throw new RangeError(`Cannot load imdbText: ${split}Size must be at most ${all.length}, got ${size}`);
    }
    const order = random.permutation(all.length).subarray(0, size);
    return {
      reviews: Array.from(order, (position) => all[position]?.text ?? ""),
      labels: Int32Array.from(order, (position) => all[position]?.label ?? 0),
    };
  };
  return { name: "imdbText", train: take("train"), test: take("test") };
}
