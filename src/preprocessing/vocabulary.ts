import { briefly } from "../arguments.js";
import { requireFinite } from "./arrays.js";
import { requireTexts } from "./text-analysis.js";
import type { TextSettings } from "./text-vectorization-options.js";

/** The token of padding, number 0 of mode `"int"`. */
export const PADDING = "";
/** The token of all words that are not in the vocabulary. */
export const UNKNOWN = "[UNK]";

/** What the functions that check a given vocabulary say they cannot do. */
const ACTION = "set vocabulary";

/** The tokens of a TextVectorization with their numbers. */
export interface Vocabulary {
  /** With the special ones in front: the token at `[i]` has the number i */
  readonly tokens: readonly string[];
  readonly places: ReadonlyMap<string, number>;
  /** For `"tfIdf"`: a weight for each token. */
  readonly weights: readonly number[] | undefined;
}

/**
 * @param settings - of the vectorization
 * @returns the tokens that a vocabulary begins with
 */
export function specialTokens({ outputMode }: TextSettings): readonly string[] {
  return outputMode === "int" ? [PADDING, UNKNOWN] : [UNKNOWN];
}

/**
 * Makes a vocabulary of tokens that were learned.
 *
 * @param learned - without special tokens
 * @param settings - of the vectorization
 * @param weights - for `"tfIdf"`: of each token, the special ones among them
 * @returns the vocabulary
 */
export function makeVocabulary(
  learned: readonly string[],
  settings: TextSettings,
  weights: readonly number[] | undefined,
): Vocabulary {
  const specials = specialTokens(settings);
  const places = new Map(learned.map((token, i) => [token, i + specials.length] as const));
  if (settings.outputMode === "int") places.set(PADDING, 0);
  return { tokens: [...specials, ...learned], places, weights };
}

/**
 * Takes a vocabulary that was given, with or without the special tokens in front.
 *
 * @param vocabulary - the tokens
 * @param settings - of the vectorization
 * @param idfWeights - for `"tfIdf"`: of each given token
 * @returns the vocabulary
 * @throws {RangeError} when it is too large, has a token twice or not as many weights
 * @throws {TypeError} when it is no array of strings
 */
export function givenVocabulary(
  vocabulary: readonly string[],
  settings: TextSettings,
  idfWeights: readonly number[] | undefined,
): Vocabulary {
  const { maxTokens = Number.POSITIVE_INFINITY, outputMode } = settings;
  const specials = specialTokens(settings);
  const given = [...requireTexts(ACTION, vocabulary)];
  const whole = specials.every((special, i) => given[i] === special);
  const tokens = whole ? given.slice(specials.length) : given;
  requireDistinct(tokens);
  const size = tokens.length + specials.length;
  if (size > maxTokens) {
    throw new RangeError(`Cannot ${ACTION}: it must have at most ${maxTokens} tokens, got ${size}`);
  }
  if ((outputMode === "tfIdf" ? given.length : undefined) !== idfWeights?.length) {
    throw new RangeError(
      `Cannot ${ACTION}: there must be as many idfWeights as tokens for "tfIdf" and none for other modes, got ${idfWeights?.length ?? "none"} for ${given.length} tokens and "${outputMode}"`,
    );
  }
  if (idfWeights !== undefined) requireFinite(ACTION, "idfWeights", idfWeights);
  return makeVocabulary(tokens, settings, whole ? idfWeights : idfWeights && withMean(idfWeights));
}

/**
 * An unknown word has no weight of its own: Keras gives it the mean of the others.
 *
 * @param weights - of the tokens
 * @returns the same with their mean in front
 */
export function withMean(weights: readonly number[]): readonly number[] {
  return [weights.reduce((a, b) => a + b, 0) / weights.length, ...weights];
}

function requireDistinct(tokens: readonly string[]): void {
  if (tokens.length === 0) throw new RangeError(`Cannot ${ACTION}: there must be at least one token, got 0`);
  const seen = new Set<string>([PADDING]);
  tokens.forEach((token, i) => {
    if (typeof token !== "string") {
      throw new TypeError(
        `Cannot ${ACTION}: every token must be a string, got ${briefly(token)} at index ${i}`,
      );
    }
    if (seen.has(token)) {
      throw new RangeError(
        `Cannot ${ACTION}: tokens must differ and not be empty, special ones in front, got ${briefly(token)} at index ${i}`,
      );
    }
    seen.add(token);
  });
}
