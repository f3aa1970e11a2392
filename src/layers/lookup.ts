import * as tf from "../tensorflow.js";
import { hashBucket } from "./hashing.js";
import { KeepsTexts, keepTexts } from "./kept-text.js";
import { oneTensor } from "./one-tensor.js";

type Shape = (number | null)[];
type Token = string | number;

/** Arguments of StringLookup and IntegerLookup; names and meanings are Keras's. */
export type LookupArgs = ConstructorParameters<typeof tf.layers.Layer>[0] & {
  /** With the special tokens in front or without them; given later by `setVocabulary()` if missing */
  vocabulary?: readonly Token[] | null;
  /** Of a vocabulary that is given later, its special tokens included */
  vocabularySize?: number | null;
  /** What becomes 0 in mode `"int"`, and does not count in the others */
  maskToken?: Token | null;
  /** Stands for all tokens that are not in the vocabulary */
  oovToken?: Token;
  /** 1 if missing; with more each has a share of such tokens, with 0 a token that is not in the vocabulary is refused */
  numOovIndices?: number;
  /** `"int"` if missing */
  outputMode?: "int" | "oneHot" | "multiHot" | "count" | "tfIdf";
  maxTokens?: number | null;
  /** Whether outputs of the other modes are as wide as `maxTokens` */
  padToMaxTokens?: boolean;
  /** For `"tfIdf"`, one for each token */
  idfWeights?: readonly number[] | null;
};

/**
 * Turns tokens into their numbers, `[…]` to `[…]`, or rows of them into counts, `[batch, n]` to `[batch, vocabulary]`,
 * as Keras does. It is never trained.
 */
abstract class Lookup extends KeepsTexts {
  readonly #args: LookupArgs;
  readonly #specials: readonly Token[];
  #tokens: readonly Token[] | undefined;
  #places: ReadonlyMap<Token, number> = new Map();
  #idfWeights: readonly number[] | undefined;

  constructor(args: LookupArgs, oovToken: Token) {
    super(args);
    this.#args = args;
    const { numOovIndices = 1, outputMode = "int", maskToken, vocabulary, idfWeights } = args;
    const refuse = (rule: string): never => {
      throw new RangeError(`Cannot build ${this.getClassName()}: ${rule}`);
    };
    if (!Number.isInteger(numOovIndices) || numOovIndices < 0)
      refuse(`num_oov_indices must be 0 or a positive integer, got ${numOovIndices}`);
    if (!["int", "oneHot", "multiHot", "count", "tfIdf"].includes(outputMode))
      refuse(`output_mode must be int, one_hot, multi_hot, count or tf_idf, got ${outputMode}`);
    const oov = Array.from({ length: numOovIndices }, () => args.oovToken ?? oovToken);
    this.#specials = maskToken == null || outputMode !== "int" ? oov : [maskToken, ...oov];
    if (vocabulary != null) this.setVocabulary(vocabulary, idfWeights ?? undefined);
  }

  /** Whether a vocabulary has been given. */
  get hasVocabulary(): boolean {
    return this.#tokens !== undefined;
  }

  /** The tokens, with the special ones in front; none before they are given. */
  get vocabulary(): readonly Token[] {
    return this.#tokens ?? [];
  }

  /** Whether each token has a weight. */
  get isWeighted(): boolean {
    return this.#args.outputMode === "tfIdf";
  }

  /**
   * @param vocabulary - the tokens, with the special ones in front or without them
   * @param idfWeights - for `"tfIdf"`, one for each of them
   * @throws {RangeError} when a token stands there twice, or the weights are of another number
   */
  setVocabulary(vocabulary: readonly Token[], idfWeights?: readonly number[]): void {
    const refuse = (rule: string): never => {
      throw new RangeError(`Cannot set vocabulary of ${this.name}: ${rule}`);
    };
    const isWhole = this.#specials.every((token, i) => token === vocabulary[i]);
    const tokens = isWhole ? vocabulary : [...this.#specials, ...vocabulary];
    const own = tokens.slice(this.#specials.length);
    if (own.length === 0) refuse("it must have at least one token, got none");
    this.#places = new Map(own.map((token, i) => [token, i + this.#specials.length]));
    if (this.#places.size !== own.length) refuse("tokens must differ, got one twice");
    if (
      this.isWeighted !== (idfWeights !== undefined) ||
      (idfWeights && idfWeights.length !== vocabulary.length)
    )
      refuse(
        `there must be an idf weight for each of ${vocabulary.length} tokens with output_mode tf_idf and none otherwise, got ${idfWeights?.length ?? "none"}`,
      );
    // Keras gives the special tokens the mean of the others.
    const mean = (idfWeights ?? []).reduce((sum, weight) => sum + weight / vocabulary.length, 0);
    this.#idfWeights =
      isWhole || !idfWeights ? idfWeights : [...this.#specials.map(() => mean), ...idfWeights];
    this.#tokens = tokens;
  }

  /** Of each place of the output. */
  get idfWeights(): Float32Array | undefined {
    const weights = new Float32Array(this.#idfWeights ? this.#width : 0);
    weights.set(this.#idfWeights ?? []);
    return this.#idfWeights && weights;
  }

  get #width(): number {
    const { padToMaxTokens, maxTokens, vocabularySize } = this.#args;
    const width = padToMaxTokens && maxTokens ? maxTokens : (this.#tokens?.length ?? vocabularySize);
    if (width != null) return width;
    throw new RangeError(`Cannot build ${this.getClassName()}: it must have a vocabulary, got none`);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const shape = inputShape as Shape;
    const { outputMode = "int" } = this.#args;
    if (outputMode === "int") return shape;
    if (shape.length !== 2)
      throw new RangeError(
        `Cannot build ${this.getClassName()}: input must have shape [batch, tokens], got [${shape.join(", ")}]`,
      );
    if (outputMode === "oneHot" && shape[1] !== 1) return [...shape, this.#width];
    return [shape[0] ?? null, this.#width];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = oneTensor(inputs, this.getClassName());
      const numbers = Int32Array.from(this.read(x), (token) => this.#number(token));
      const { outputMode = "int" } = this.#args;
      if (outputMode === "int") return tf.tensor(numbers, x.shape, "int32");
      const width = this.#width;
      const each = tf.oneHot(tf.tensor1d(numbers, "int32"), width, 1, 0, "float32");
      if (outputMode === "oneHot") return tf.reshape(each, this.computeOutputShape(x.shape) as number[]);
      const counts = tf.sum(tf.reshape(each, [...x.shape, width]), 1);
      if (outputMode === "multiHot") return tf.minimum(counts, 1);
      if (this.#idfWeights === undefined) return counts;
      return tf.mul(
        counts,
        tf.pad(tf.tensor1d([...this.#idfWeights]), [[0, width - this.#idfWeights.length]]),
      );
    });
  }

  protected abstract read(x: tf.Tensor): Iterable<Token> & ArrayLike<Token>;

  #number(token: Token): number {
    if (this.#tokens === undefined)
      throw new RangeError(`Cannot apply ${this.name}: it must have a vocabulary, got none yet`);
    const { maskToken, numOovIndices = 1, outputMode = "int" } = this.#args;
    // Its row of tf.oneHot() is one of zeros.
    if (maskToken != null && token === maskToken) return outputMode === "int" ? 0 : -1;
    const place = this.#places.get(token);
    if (place !== undefined) return place;
    const first = this.#specials.length - numOovIndices;
    if (numOovIndices === 1) return first;
    if (numOovIndices > 1) return first + hashBucket(token, numOovIndices);
    throw new RangeError(
      `Cannot apply ${this.name}: tokens must be in the vocabulary, since num_oov_indices is 0, got ${JSON.stringify(token)}`,
    );
  }

  override getConfig(): tf.serialization.ConfigDict {
    const {
      maskToken,
      oovToken,
      numOovIndices = 1,
      outputMode = "int",
      maxTokens,
      padToMaxTokens,
    } = this.#args;
    return keepTexts({
      ...super.getConfig(),
      maskToken: maskToken ?? null,
      ...(oovToken === undefined ? {} : { oovToken }),
      numOovIndices,
      outputMode,
      maxTokens: maxTokens ?? null,
      padToMaxTokens: padToMaxTokens ?? false,
      vocabulary: this.#tokens ?? null,
      idfWeights: this.#idfWeights ?? null,
    });
  }
}

/** Numbers of texts. */
export class StringLookup extends Lookup {
  static readonly className = "StringLookup";

  constructor(args: LookupArgs = {}) {
    super(args, "[UNK]");
  }

  protected override read(x: tf.Tensor): string[] {
    if (x.dtype === "string") return x.dataSync<"string">();
    throw new TypeError(`Cannot apply ${this.name}: input must be strings, got ${x.dtype}`);
  }
}

/** Numbers of whole numbers. */
export class IntegerLookup extends Lookup {
  static readonly className = "IntegerLookup";

  constructor(args: LookupArgs = {}) {
    super(args, -1);
  }

  protected override read(x: tf.Tensor): ArrayLike<number> & Iterable<number> {
    if (x.dtype !== "string") return x.dataSync();
    throw new TypeError(`Cannot apply ${this.name}: input must be numbers, got strings`);
  }
}
