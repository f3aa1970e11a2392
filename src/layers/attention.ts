import * as tf from "../tensorflow.js";
import type { CallArguments } from "../tfjs/stock.js";
import { AttentionLayer, type AttentionLayerArgs } from "./attention-layer.js";
import { allOf, causalMask, type Masks, maskedSoftmax } from "./attention-weights.js";

type Shape = (number | null)[];

/** Arguments of AdditiveAttention. */
export type AdditiveAttentionArgs = AttentionLayerArgs & {
  /** Whether scores are scaled by a weight */
  useScale?: boolean;
};

/** Arguments of Attention. */
export type AttentionArgs = AdditiveAttentionArgs & {
  /** `"dot"`, the product of query and key, if missing; `"concat"`: the sum of tanh of their sum */
  scoreMode?: "dot" | "concat";
};

/**
 * Attention without projections: inputs are `[query, value]` or `[query, value, key]`, each `[batch, time, features]`;
 * the output is a mean of the values for each query, the scores are `[batch, queries, values]`. Masked values do not
 * count, masked queries give zeros.
 */
abstract class DenseAttention extends AttentionLayer {
  protected readonly inputNames = ["query", "value", "key"] as const;
  protected readonly args: AdditiveAttentionArgs;

  constructor(args: AdditiveAttentionArgs) {
    super(args);
    this.args = args;
  }

  protected abstract scores(query: tf.Tensor, key: tf.Tensor): tf.Tensor;

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    const [query, value] = inputShape as [Shape, Shape];
    const outputs = [...query.slice(0, -1), value.at(-1) ?? null];
    return this.returnsScores ? [outputs, [...query.slice(0, -1), value.at(-2) ?? null]] : outputs;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], args: CallArguments = {}): tf.Tensor | tf.Tensor[] {
    return tf.tidy(() => {
      const [query, value, key = value] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor?];
      const [ofQuery, ofValue] = (args.mask ?? []) as Masks;
      const scores = this.scores(query, key);
      const mask = allOf(
        ofValue && tf.expandDims(ofValue, -2),
        args.useCausalMask ? causalMask(scores.shape.at(-2) ?? 0, scores.shape.at(-1) ?? 0) : null,
      );
      const weights = maskedSoftmax(scores, mask);
      const kept = this.dropped(weights, args);
      const outputs = tf.matMul(kept, value);
      const counted = ofQuery ? tf.mul(outputs, tf.cast(tf.expandDims(ofQuery, -1), "float32")) : outputs;
      return args.returnAttentionScores ? [counted, kept] : counted;
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), useScale: this.args.useScale ?? false };
  }
}

/** Luong's attention: scores are `q·k`, or `w·Σ tanh(q + k)`. Source: Luong, Pham, Manning, 2015. */
export class Attention extends DenseAttention {
  static readonly className = "Attention";
  readonly #isDot: boolean;

  constructor(args: AttentionArgs = {}) {
    super(args);
    const { scoreMode = "dot" } = args;
    if (scoreMode !== "dot" && scoreMode !== "concat")
      throw new RangeError(`Cannot build Attention: scoreMode must be dot or concat, got ${scoreMode}`);
    this.#isDot = scoreMode === "dot";
  }

  override build(inputShape: Shape | Shape[]): void {
    const one = tf.initializers.ones();
    if (this.args.useScale) this.addWeight("scale", [], "float32", one);
    if (!this.#isDot) this.addWeight("concat_score_weight", [], "float32", one);
    super.build(inputShape);
  }

  protected override scores(query: tf.Tensor, key: tf.Tensor): tf.Tensor {
    const weights = this.weights.map((weight) => weight.read());
    const scale = this.args.useScale ? weights[0] : undefined;
    if (this.#isDot) {
      const product = tf.matMul(query, key, false, true);
      return scale ? tf.mul(product, scale) : product;
    }
    const sums = tf.add(tf.expandDims(query, -2), tf.expandDims(key, -3));
    const total = tf.sum(tf.tanh(scale ? tf.mul(sums, scale) : sums), -1);
    return tf.mul(total, weights.at(-1) as tf.Tensor);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), scoreMode: this.#isDot ? "dot" : "concat" };
  }
}

/** Bahdanau's attention: scores are `Σ w ⊙ tanh(q + k)`. Source: Bahdanau, Cho, Bengio, 2015. */
export class AdditiveAttention extends DenseAttention {
  static readonly className = "AdditiveAttention";

  constructor({ useScale = true, ...args }: AdditiveAttentionArgs = {}) {
    super({ ...args, useScale });
  }

  override build(inputShape: Shape | Shape[]): void {
    const [, value] = inputShape as [Shape, Shape];
    if (this.args.useScale)
      this.addWeight("scale", [value.at(-1) ?? 0], "float32", tf.initializers.glorotUniform({}));
    super.build(inputShape);
  }

  protected override scores(query: tf.Tensor, key: tf.Tensor): tf.Tensor {
    const terms = tf.tanh(tf.add(tf.expandDims(query, -2), tf.expandDims(key, -3)));
    const [scale] = this.weights;
    return tf.sum(scale ? tf.mul(terms, scale.read()) : terms, -1);
  }
}
