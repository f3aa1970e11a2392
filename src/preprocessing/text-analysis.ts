import { briefly } from "../arguments.js";
/** How texts are made uniform: by name as Keras does, by a function of one's own, or not at all (`null`). */
export type TextStandardize =
  | "lowerAndStripPunctuation"
  | "lower"
  | "stripPunctuation"
  | ((text: string) => string)
  | null;

/** How texts are split into tokens: by name as Keras does, by a function of one's own, or not at all (`null`). */
export type TextSplit = "whitespace" | "character" | ((text: string) => readonly string[]) | null;

/** From a text to its tokens. */
export interface TextAnalysis {
  readonly standardize: TextStandardize;
  readonly split: TextSplit;
  /** Lengths of the n-grams, in the order in which they follow each other; single tokens only when undefined. */
  readonly ngrams: readonly number[] | undefined;
}

/**
 * Standardises and splits a text as TensorFlow's string ops do, which work on bytes: only ASCII letters are lowered,
 * only ASCII white space splits.
 *
 * @param text - the text
 * @param analysis - how
 * @returns its tokens, or n-grams joined by spaces
 */
export function tokenize(text: string, { standardize, split, ngrams }: TextAnalysis): readonly string[] {
  const tokens = splitText(standardizeText(text, standardize), split);
  if (ngrams === undefined) return tokens;
  const joined: string[] = [];
  for (const length of ngrams) {
    for (let end = length; end <= tokens.length; end++)
      joined.push(tokens.slice(end - length, end).join(" "));
  }
  return joined;
}

const CAPITALS = /[A-Z]+/g;
const PUNCTUATION = /[!"#$%&()*+,\-./:;<=>?@[\\\]^_`{|}~']+/g;
const WORDS = /[^\t\n\v\f\r ]+/g;

function standardizeText(text: string, standardize: TextStandardize): string {
  if (typeof standardize === "function") return standardize(text);
  const lower = standardize === "lower" || standardize === "lowerAndStripPunctuation";
  const strip = standardize === "stripPunctuation" || standardize === "lowerAndStripPunctuation";
  const lowered = lower ? text.replace(CAPITALS, (letters) => letters.toLowerCase()) : text;
  return strip ? lowered.replace(PUNCTUATION, "") : lowered;
}

function splitText(text: string, split: TextSplit): readonly string[] {
  if (split === null) return [text];
  if (typeof split === "function") return split(text);
  if (split === "character") return [...text];
  return text.match(WORDS) ?? [];
}

/**
 * Compares strings by their UTF-8 bytes, which is the order of their code points: JavaScript's own order of UTF-16
 * units puts what lies beyond U+FFFF too early.
 *
 * @param a - a string
 * @param b - another
 * @returns negative, zero or positive as a comes before, with or after b
 */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** Moves surrogates after all other units: code points beyond U+FFFF are made of them. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit;
}

/**
 * Makes sure that there are texts to go through.
 *
 * @param action - what cannot be done else, for the error
 * @param texts - anything
 * @returns the same
 * @throws {TypeError} when it is not iterable
 */
export function requireTexts(action: string, texts: Iterable<string>): Iterable<string> {
  const iterable = typeof texts === "object" && texts !== null && Symbol.iterator in texts;
  if (iterable) return texts;
  throw new TypeError(`Cannot ${action}: texts must be an array of strings, got ${briefly(texts)}`);
}
