import { briefly, requireInteger, requireOneOf } from "../arguments.js";
import type { TextSplit, TextStandardize } from "./text-analysis.js";

/** What a text becomes: indices of its tokens, or one number for each word of the vocabulary. */
export type TextOutputMode = "int" | "multiHot" | "count" | "tfIdf";

/** How texts become numbers; names and defaults are Keras's. */
export interface TextVectorizationOptions {
  /** Greatest size of the vocabulary, its special tokens included, an integer from 2; unlimited unless given. */
  readonly maxTokens?: number;
  /** `"lowerAndStripPunctuation"` unless given. */
  readonly standardize?: TextStandardize;
  /** `"whitespace"` unless given. */
  readonly split?: TextSplit;
  /** n for all n-grams of 1 to n tokens, or the lengths of the n-grams; none unless given. */
  readonly ngrams?: number | readonly number[];
  /** `"int"` unless given. */
  readonly outputMode?: TextOutputMode;
  /** Tokens of each row, for `"int"`: longer texts are cut at the end, shorter ones padded with 0. */
  readonly outputSequenceLength?: number;
  /** A vocabulary to use instead of one that `adapt` learns, with or without the special tokens in front. */
  readonly vocabulary?: readonly string[];
  /** Weights of that vocabulary, for `"tfIdf"`, as many. */
  readonly idfWeights?: readonly number[];
}

/** Options with defaults filled in. */
export interface TextSettings {
  readonly maxTokens: number | undefined;
  readonly standardize: TextStandardize;
  readonly split: TextSplit;
  readonly ngrams: readonly number[] | undefined;
  readonly outputMode: TextOutputMode;
  readonly outputSequenceLength: number | undefined;
}

/** @throws {RangeError} when an option is out of range */
export function settle(options: TextVectorizationOptions): TextSettings {
  const { standardize = "lowerAndStripPunctuation", split = "whitespace", outputMode = "int" } = options;
  if (typeof standardize === "string") {
    const known = ["lowerAndStripPunctuation", "lower", "stripPunctuation"];
    requireOneOf(ACTION, "standardize", standardize, known);
  }
  if (typeof split === "string") requireOneOf(ACTION, "split", split, ["whitespace", "character"]);
  requireOneOf(ACTION, "outputMode", outputMode, ["int", "multiHot", "count", "tfIdf"]);
  const { maxTokens, outputSequenceLength } = options;
  if (maxTokens !== undefined) requireInteger(ACTION, "maxTokens", maxTokens, 2);
  if (outputSequenceLength !== undefined) {
    requireInteger(ACTION, "outputSequenceLength", outputSequenceLength, 1);
    if (outputMode !== "int") {
      throw new RangeError(
        `Cannot ${ACTION}: outputSequenceLength must not be given for outputMode ${outputMode}, got ${outputSequenceLength}`,
      );
    }
  }
  const ngrams = lengthsOf(options.ngrams);
  if (ngrams !== undefined && split === null) {
    throw new RangeError(`Cannot ${ACTION}: ngrams need texts that are split, got split null`);
  }
  return { maxTokens, standardize, split, ngrams, outputMode, outputSequenceLength };
}

const ACTION = "create TextVectorization";

function lengthsOf(ngrams: number | readonly number[] | undefined): readonly number[] | undefined {
  if (ngrams === undefined) return undefined;
  if (typeof ngrams === "number") {
    requireInteger(ACTION, "ngrams", ngrams, 1);
    return Array.from({ length: ngrams }, (_, i) => i + 1);
  }
  if (!Array.isArray(ngrams) || ngrams.length === 0) {
    throw new RangeError(
      `Cannot ${ACTION}: ngrams must be a positive integer or several, got ${briefly(ngrams)}`,
    );
  }
  for (const length of ngrams) requireInteger(ACTION, "every length of ngrams", length, 1);
  return ngrams;
}
