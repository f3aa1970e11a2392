import { inspect } from "node:util";
import { briefly } from "../arguments.js";
import type { NumericSeries, ShapedValues } from "./arrays.js";
import { padSequences } from "./pad-sequences.js";
import { requireTexts, tokenize } from "./text-analysis.js";
import { settle, type TextSettings, type TextVectorizationOptions } from "./text-vectorization-options.js";
import { TokenCounts } from "./token-counts.js";
import {
  givenVocabulary,
  makeVocabulary,
  PADDING,
  specialTokens,
  UNKNOWN,
  type Vocabulary,
  withMean,
} from "./vocabulary.js";

/** What a TextVectorization is saved as: its options without functions, and the vocabulary. */
export type TextVectorizationState = TextVectorizationOptions & { readonly vocabulary: readonly string[] };

/**
 * Turns texts into numbers with a vocabulary learned from them, as Keras's TextVectorization does: standardise, split,
 * n-grams, look up. The vocabulary has the most frequent tokens first, tokens of one frequency in descending order of
 * their bytes. In mode `"int"` 0 is padding and 1 any unknown word; in the others 0 is any unknown word.
 *
 * It differs from Keras in one point: texts without any token give a row of one padding, never a row of none.
 *
 * @example
 * ```ts
 * import { TextVectorization } from "rnnlab/preprocessing";
 * const vectorization = new TextVectorization({ maxTokens: 5 }).adapt(["a good film", "A good, good plot!"]);
 * console.log(vectorization.vocabulary.slice(1).join(" ")); // [UNK] good a plot
 * console.log([...vectorization.transform(["A bad plot"]).values].join(" ")); // 3 1 4
 * ```
 */
export class TextVectorization {
  readonly #settings: TextSettings;
  #vocabulary: Vocabulary | undefined;

  /**
   * @param options - as Keras's, in camelCase
   * @throws {RangeError} when an option is out of range, or the vocabulary is too large or has a token twice
   * @throws {TypeError} when the vocabulary is no array of strings
   */
  constructor(options: TextVectorizationOptions = {}) {
    this.#settings = settle(options);
    const { vocabulary, idfWeights } = options;
    if (vocabulary !== undefined) this.#vocabulary = givenVocabulary(vocabulary, this.#settings, idfWeights);
  }

  /**
   * Restores a vectorization from what `toJSON` gave.
   *
   * @param state - the saved state
   * @returns one that gives the same numbers
   * @throws {RangeError | TypeError} when the constructor does
   * @example
   * ```ts
   * import { TextVectorization } from "rnnlab/preprocessing";
   * const saved = JSON.stringify(new TextVectorization().adapt(["to be or not to be"]));
   * const restored = TextVectorization.fromJSON(JSON.parse(saved));
   * console.log(restored.encode("not to be").join(" ")); // 5 2 3
   * ```
   */
  static fromJSON(state: TextVectorizationState): TextVectorization {
    if (!Array.isArray(state?.vocabulary)) {
      throw new TypeError(
        `Cannot restore TextVectorization: the state must be what toJSON gave, got ${briefly(state)}`,
      );
    }
    return new TextVectorization(state);
  }

  /** The vocabulary with its special tokens: the token at `[i]` has the number i. Empty before `adapt`. */
  get vocabulary(): readonly string[] {
    return this.#vocabulary?.tokens ?? [];
  }

  /**
   * Learns the vocabulary, and the weights of `"tfIdf"`; what was learned before is forgotten.
   *
   * @param texts - training texts; an iterable, so that they need not all be in memory
   * @returns this vectorization
   * @throws {RangeError} when there is no token in the texts
   * @throws {TypeError} when a text is no string
   */
  adapt(texts: Iterable<string>): this {
    const action = "adapt TextVectorization";
    const counts = new TokenCounts();
    let documents = 0;
    for (const text of requireTexts(action, texts)) {
      for (const token of this.#tokenize(action, text, documents)) counts.add(token, documents);
      documents += 1;
    }
    counts.forget([PADDING, UNKNOWN]);
    if (counts.size === 0) {
      throw new RangeError(
        `Cannot ${action}: the texts must have at least one token, got none in ${documents} texts`,
      );
    }
    const { maxTokens = Number.POSITIVE_INFINITY, outputMode } = this.#settings;
    const learned = counts.mostFrequent(maxTokens - specialTokens(this.#settings).length);
    const weights = learned.map(([, entry]) => Math.log(1 + documents / (1 + entry.documents)));
    this.#vocabulary = makeVocabulary(
      learned.map(([token]) => token),
      this.#settings,
      outputMode === "tfIdf" ? withMean(weights) : undefined,
    );
    return this;
  }

  /**
   * @param text - one text
   * @returns its tokens, or n-grams, before they are looked up
   * @throws {TypeError} when the text is no string
   */
  tokenize(text: string): readonly string[] {
    return this.#tokenize("tokenize text", text, 0);
  }

  /**
   * Looks up the tokens of one text, without padding: what `LengthBatches` takes.
   *
   * @param text - the text
   * @returns int32 numbers `[tokens]`, cut to `outputSequenceLength`; 1 for unknown words
   * @throws {RangeError} when there is no vocabulary yet, or the mode is not `"int"`
   * @throws {TypeError} when the text is no string
   */
  encode(text: string): Int32Array {
    const action = "encode text";
    if (this.#settings.outputMode !== "int") {
      throw new RangeError(`Cannot ${action}: outputMode must be "int", got "${this.#settings.outputMode}"`);
    }
    return this.#lookUp(action, text, 0);
  }

  /**
   * Turns numbers back into tokens: the inverse of `encode`, except for what it lost.
   *
   * @param numbers - numbers of tokens; padding is left out
   * @returns the tokens joined by spaces, `[UNK]` for unknown words
   * @throws {RangeError} when there is no vocabulary yet, or a number is none of it
   */
  decode(numbers: NumericSeries): string {
    const action = "decode text";
    const { tokens } = this.#requireVocabulary(action);
    const words = Array.from(numbers, (number) => {
      const token = tokens[number];
      if (token !== undefined) return token;
      throw new RangeError(
        `Cannot ${action}: numbers must be integers from 0 to ${tokens.length - 1}, got ${number}`,
      );
    });
    return words.filter((word) => word !== PADDING).join(" ");
  }

  /**
   * Turns texts into a rectangle of numbers.
   *
   * @param texts - n texts
   * @returns for `"int"` int32 `[n, outputSequenceLength]`, or `[n, longest]`, padded with 0 at the end; for the other
   * modes float32 `[n, vocabulary]`
   * @throws {RangeError} when there is no vocabulary yet, or there are no texts
   * @throws {TypeError} when a text is no string
   */
  transform(texts: readonly string[]): ShapedValues {
    const action = "transform with TextVectorization";
    const rows = Array.from(requireTexts(action, texts), (text, i) => this.#lookUp(action, text, i));
    if (rows.length === 0) throw new RangeError(`Cannot ${action}: there must be at least one text, got 0`);
    const { outputMode, outputSequenceLength } = this.#settings;
    if (outputMode !== "int") return this.#bagOfWords(rows);
    const maxLength =
      outputSequenceLength ?? rows.reduce((longest, { length }) => Math.max(longest, length), 1);
    return padSequences(rows, { maxLength, padding: "post", truncating: "post" });
  }

  /**
   * What `JSON.stringify` saves.
   *
   * @returns the state that `TextVectorization.fromJSON` takes
   * @throws {RangeError} when there is no vocabulary yet, or standardize or split is a function
   */
  toJSON(): TextVectorizationState {
    const action = "save TextVectorization";
    const { tokens, weights } = this.#requireVocabulary(action);
    const { maxTokens, standardize, split, ngrams, outputMode, outputSequenceLength } = this.#settings;
    if (typeof standardize === "function" || typeof split === "function") {
      throw new RangeError(`Cannot ${action}: standardize and split must not be functions, got a function`);
    }
    return {
      standardize,
      split,
      outputMode,
      ...(maxTokens === undefined ? {} : { maxTokens }),
      ...(ngrams === undefined ? {} : { ngrams }),
      ...(outputSequenceLength === undefined ? {} : { outputSequenceLength }),
      vocabulary: tokens,
      ...(weights === undefined ? {} : { idfWeights: weights }),
    };
  }

  /** How a notebook and `console.log` show it: the settings and the first tokens. */
  [inspect.custom](): string {
    return `TextVectorization ${inspect({ ...this.#settings, vocabulary: this.vocabulary }, { maxArrayLength: 20 })}`;
  }

  #tokenize(action: string, text: unknown, row: number): readonly string[] {
    if (typeof text === "string") return tokenize(text, this.#settings);
    throw new TypeError(
      `Cannot ${action}: every text must be a string, got ${briefly(text)} at index ${row}`,
    );
  }

  #requireVocabulary(action: string): Vocabulary {
    if (this.#vocabulary !== undefined) return this.#vocabulary;
    throw new RangeError(`Cannot ${action}: it must have a vocabulary, got none yet; call adapt(texts)`);
  }

  #lookUp(action: string, text: unknown, row: number): Int32Array {
    const { places } = this.#requireVocabulary(action);
    const unknownPlace = specialTokens(this.#settings).length - 1;
    const tokens = this.#tokenize(action, text, row);
    // Empty tokens, which functions of one's own may give, are padding: only mode "int" has a number for it.
    const kept = places.has(PADDING) ? tokens : tokens.filter((token) => token !== PADDING);
    const numbers = Int32Array.from(kept, (token) => places.get(token) ?? unknownPlace);
    return numbers.subarray(0, this.#settings.outputSequenceLength);
  }

  #bagOfWords(rows: readonly Int32Array[]): ShapedValues<Float32Array> {
    const { tokens, weights } = this.#requireVocabulary("transform with TextVectorization");
    const width = tokens.length;
    const values = new Float32Array(rows.length * width);
    rows.forEach((numbers, row) => {
      for (const number of numbers) {
        const place = row * width + number;
        values[place] = this.#settings.outputMode === "multiHot" ? 1 : (values[place] ?? 0) + 1;
      }
    });
    if (weights === undefined) return { values, shape: [rows.length, width] };
    return {
      values: values.map((count, i) => count * (weights[i % width] ?? 0)),
      shape: [rows.length, width],
    };
  }
}
