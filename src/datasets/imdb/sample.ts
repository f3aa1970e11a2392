import { RandomGenerator } from "../../random/index.js";
import { type Fragment, PhraseBook } from "./phrase-book.js";
import type { IndexedReviews, RawReview } from "./reviews.js";
import { phrases } from "./sample-phrases.js";

const REVIEWS = 25_000;
const SEEDS = { train: 2011, test: 2012 };

interface SampleReview {
  readonly label: 0 | 1;
  readonly fragments: readonly Fragment[];
}

interface Splits<Reviews> {
  readonly train: Reviews;
  readonly test: Reviews;
}

let book: PhraseBook | undefined;
/** Index of each word of the book, from 1 for the most frequent one. */
let ranks: Int32Array | undefined;

/**
 * The embedded sample as numbers: reviews put together from templates that were written for this project, drawn from
 * nobody's data. A review has 3 sentences and on average 5 more; about half of them are opinions, and of these one in ten
 * contradicts the label; five of six reviews end with a verdict. Every second review is positive.
 *
 * @returns 25,000 training and 25,000 test reviews as indices from 1, without start and offset
 */
export function makeIndexSample(): Splits<IndexedReviews> {
  const train = drawReviews("train");
  const wordRanks = rankWords(train);
  const number = (drawn: readonly SampleReview[]): IndexedReviews => ({
    reviews: drawn.map(({ fragments }) => {
      const indices = new Int32Array(fragments.reduce((length, { words }) => length + words.length, 0));
      let step = 0;
      for (const { words } of fragments) for (const word of words) indices[step++] = wordRanks[word] ?? 0;
      return indices;
    }),
    labels: Int32Array.from(drawn, ({ label }) => label),
  });
  return { train: number(train), test: number(drawReviews("test")) };
}

/** The same reviews as texts. */
export function makeTextSample(): Splits<RawReview[]> {
  const split = (name: keyof typeof SEEDS): RawReview[] =>
    drawReviews(name).map(({ fragments, label }) => ({
      text: fragments
        .map(({ text }) => text)
        .join("")
        .trim(),
      label,
    }));
  return { train: split("train"), test: split("test") };
}

/** The sample's words, the most frequent one first, as they are counted in the training reviews. */
export function sampleWords(): string[] {
  const wordRanks = ranks ?? rankWords(drawReviews("train"));
  const words: string[] = [];
  phraseBook().vocabulary.forEach((word, number) => {
    words[(wordRanks[number] ?? 0) - 1] = word;
  });
  return words;
}

function phraseBook(): PhraseBook {
  book ??= new PhraseBook(phrases);
  return book;
}

function rankWords(train: readonly SampleReview[]): Int32Array {
  if (ranks !== undefined) return ranks;
  const { vocabulary } = phraseBook();
  const counts = new Int32Array(vocabulary.length);
  for (const { fragments } of train) {
    for (const { words } of fragments) for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  }
  const numbers = Array.from(vocabulary, (_, number) => number);
  numbers.sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b);
  const made = new Int32Array(vocabulary.length);
  numbers.forEach((number, position) => {
    made[number] = position + 1;
  });
  ranks = made;
  return made;
}

const space: Fragment = { text: " ", words: [] };

function drawReviews(split: keyof typeof SEEDS): SampleReview[] {
  const random = new RandomGenerator(SEEDS[split]);
  const drawer = phraseBook();
  return Array.from({ length: REVIEWS }, (_, position) => {
    const label = position % 2 === 0 ? 1 : 0;
    const fragments: Fragment[] = [];
    const add = (group: Parameters<PhraseBook["draw"]>[0]): void => {
      fragments.push(...drawer.draw(group, random), space);
    };
    const agrees = (): boolean => random.integer(10) > 0;
    let sentences = 3;
    // Whole numbers alone: a logarithm might round otherwise on another machine.
    while (random.integer(6) > 0) sentences++;
    for (let sentence = 0; sentence < sentences; sentence++) {
      if (random.integer(2) === 0) add("neutral");
      else add((label === 1) === agrees() ? "good" : "bad");
    }
    if (random.integer(6) > 0) add(label === 1 ? "goodVerdict" : "badVerdict");
    return { label, fragments };
  });
}
