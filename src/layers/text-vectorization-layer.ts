import { TextVectorization, type TextVectorizationOptions } from "../preprocessing/index.js";
import * as tf from "../tensorflow.js";
import { KeepsTexts, keepTexts } from "./kept-text.js";
import { oneTensor } from "./one-tensor.js";

type Shape = (number | null)[];
type Optional<Options> = { readonly [Name in keyof Options]?: Options[Name] | null };

/** Arguments of the layer: options of TextVectorization, and two of Keras's. */
export type TextVectorizationLayerArgs = ConstructorParameters<typeof tf.layers.Layer>[0] &
  Optional<TextVectorizationOptions> & {
    /** Of a vocabulary that is given later, its special tokens included */
    vocabularySize?: number | null;
    /** Whether outputs of other modes than `"int"` are as wide as `maxTokens` */
    padToMaxTokens?: boolean;
  };

/** Options for which null is a value, and not the default. */
const NULLABLE = ["standardize", "split"];

/**
 * TextVectorization as the first layer of a model: strings `[batch]` or `[batch, 1]` to numbers of tokens
 * `[batch, outputSequenceLength]`, or `[batch, longest]`, or to one number for each token of the vocabulary.
 */
export class TextVectorizationLayer extends KeepsTexts {
  static readonly className = "TextVectorization";
  readonly #args: TextVectorizationLayerArgs;
  #vectorization: TextVectorization;

  constructor(args: TextVectorizationLayerArgs = {}) {
    super(args);
    this.#args = args;
    const { vocabulary, idfWeights, ...options } = args;
    this.#vectorization = make(vocabulary == null ? options : args);
  }

  get vectorization(): TextVectorization {
    return this.#vectorization;
  }

  /** Whether a vocabulary has been given. */
  get hasVocabulary(): boolean {
    return this.#vectorization.vocabulary.length > 0;
  }

  /** The tokens, with the special ones in front; none before they are given. */
  get vocabulary(): readonly string[] {
    return this.#vectorization.vocabulary;
  }

  /** Whether each token has a weight. */
  get isWeighted(): boolean {
    return this.#args.outputMode === "tfIdf";
  }

  /**
   * @param vocabulary - the tokens, with the special ones in front or without them
   * @param idfWeights - for `"tfIdf"`, one for each of them
   * @throws {RangeError} when the constructor of TextVectorization does
   */
  setVocabulary(vocabulary: readonly string[], idfWeights?: readonly number[]): void {
    this.#vectorization = make({ ...this.#args, vocabulary, idfWeights: idfWeights ?? null });
  }

  /** Of each place of the output. */
  get idfWeights(): Float32Array | undefined {
    const { idfWeights } = this.isWeighted && this.hasVocabulary ? this.vectorization.toJSON() : {};
    const weights = new Float32Array(idfWeights ? this.#width : 0);
    weights.set(idfWeights ?? []);
    return idfWeights && weights;
  }

  get #width(): number {
    const { padToMaxTokens, maxTokens, vocabularySize } = this.#args;
    const { length } = this.vectorization.vocabulary;
    const width = padToMaxTokens && maxTokens ? maxTokens : length || vocabularySize;
    if (width) return width;
    throw new RangeError("Cannot build TextVectorization: it must have a vocabulary, got none");
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [batch = null, texts = 1, ...more] = inputShape as Shape;
    if (texts !== 1 || more.length > 0)
      throw new RangeError(
        `Cannot build TextVectorization: input must have shape [batch] or [batch, 1], got [${(inputShape as Shape).join(", ")}]`,
      );
    const { outputMode, outputSequenceLength, split } = this.#args;
    if (outputMode && outputMode !== "int") return [batch, this.#width];
    return [batch, outputSequenceLength ?? (split === null ? 1 : null)];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = oneTensor(inputs, "TextVectorization");
      if (x.dtype !== "string")
        throw new TypeError(`Cannot apply ${this.name}: input must be strings, got ${x.dtype}`);
      const texts = x.dataSync<"string">();
      const { values, shape } = this.vectorization.transform(texts);
      const numbers = tf.tensor(values, [...shape], values instanceof Float32Array ? "float32" : "int32");
      if (!(values instanceof Float32Array)) return numbers;
      return tf.pad(numbers, [
        [0, 0],
        [0, this.#width - (numbers.shape[1] ?? 0)],
      ]);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { standardize, split, ngrams, outputMode, outputSequenceLength, maxTokens } = this.#args;
    const learned = this.hasVocabulary ? this.vectorization.toJSON() : undefined;
    return keepTexts({
      ...super.getConfig(),
      standardize,
      split,
      ngrams: ngrams ?? null,
      outputMode: outputMode ?? "int",
      outputSequenceLength: outputSequenceLength ?? null,
      maxTokens: maxTokens ?? null,
      padToMaxTokens: this.#args.padToMaxTokens ?? false,
      vocabulary: learned?.vocabulary ?? null,
      idfWeights: learned?.idfWeights ?? null,
    });
  }
}

function make(args: TextVectorizationLayerArgs): TextVectorization {
  const given = Object.entries(args).filter(([name, value]) => value != null || NULLABLE.includes(name));
  const { standardize, split, ...options } = Object.fromEntries(given);
  return new TextVectorization({
    ...options,
    ...(standardize === undefined ? {} : { standardize }),
    ...(split === undefined ? {} : { split }),
  });
}
