import * as tf from "../tensorflow.js";
import { type CallArguments, type StockDense, stock } from "../tfjs/stock.js";
import { AttentionLayer, type AttentionLayerArgs } from "./attention-layer.js";
import { allOf, causalMask, type Masks, maskedSoftmax } from "./attention-weights.js";
import { checkUnits } from "./recurrent-args.js";
import { addWeightLike } from "./weight-like.js";

type Shape = (number | null)[];
type DenseArgs = ConstructorParameters<typeof stock.Dense>[0];

/** Arguments of MultiHeadAttention. */
export type MultiHeadAttentionArgs = AttentionLayerArgs & {
  numHeads: number;
  /** Size of each head's queries and keys */
  keyDim: number;
  /** Size of each head's values; `keyDim` if missing */
  valueDim?: number | null;
  /** Size of the output; that of the query if missing */
  outputShape?: number | number[] | null;
  useBias?: boolean;
  /**
   * What a query sees whose values are all masked, where scores are dropped or put out: their mean, in Keras before 3.10,
   * or nothing, if missing; the mean in any other case
   */
  allMasked?: "mean" | "nothing";
  /** Whether layers that run later do not find the masks of the inputs, as in Keras from 3.8 on; true if missing */
  takesMasksAway?: boolean;
} & Pick<
    DenseArgs,
    | "kernelInitializer"
    | "biasInitializer"
    | "kernelRegularizer"
    | "biasRegularizer"
    | "kernelConstraint"
    | "biasConstraint"
  >;

const parts = ["query", "key", "value", "attention_output"] as const;

/**
 * Attention of several heads at a time, between projections: inputs are `[query, value]`, `[query, value, key]` or
 * `[query, value, key, mask]`, where the mask is `[batch, queries, values]`, the others `[batch, time, features]`. The
 * scores are `[batch, heads, queries, values]`. Source: Vaswani et al., 2017.
 */
export class MultiHeadAttention extends AttentionLayer {
  static readonly className = "MultiHeadAttention";
  protected readonly inputNames = ["query", "value", "key", "mask"] as const;
  readonly takesMasksAway: boolean;
  readonly #args: MultiHeadAttentionArgs;
  /** Of what stands in its arguments: tfjs exports none of what turns names into initialisers and the like. */
  readonly #like: StockDense;

  constructor(args: MultiHeadAttentionArgs) {
    super(args);
    for (const size of ["numHeads", "keyDim"] as const) checkUnits("MultiHeadAttention", args[size], size);
    if (args.valueDim != null) checkUnits("MultiHeadAttention", args.valueDim, "valueDim");
    const width = [args.outputShape ?? 1].flat();
    if (width.length !== 1)
      throw new RangeError(
        `Cannot build MultiHeadAttention: outputShape must be one size, got ${width.length}`,
      );
    checkUnits("MultiHeadAttention", width[0] ?? 0, "outputShape");
    this.takesMasksAway = args.takesMasksAway ?? true;
    this.#args = args;
    const { kernelInitializer = "glorotUniform" } = args;
    this.#like = new stock.Dense({ ...args, units: 1, kernelInitializer });
  }

  override build(inputShape: Shape | Shape[]): void {
    const [query, value, key = value] = inputShape as [Shape, Shape, Shape?];
    if ([query, value, key].some((shape) => shape.length !== 3))
      throw new RangeError(
        `Cannot build MultiHeadAttention: inputs must have shape [batch, time, features], got ${[query, value, key].map((shape) => `[${shape.join(", ")}]`).join(", ")}`,
      );
    const { numHeads, keyDim, valueDim, outputShape, useBias = true } = this.#args;
    const width = valueDim ?? keyDim;
    const outputs = [outputShape ?? query.at(-1) ?? 0].flat()[0] as number;
    const sizes = {
      query: [query.at(-1) ?? 0, numHeads, keyDim],
      key: [key.at(-1) ?? 0, numHeads, keyDim],
      value: [value.at(-1) ?? 0, numHeads, width],
      attention_output: [numHeads, width, outputs],
    };
    for (const part of parts) {
      const add = (kind: "kernel" | "bias", shape: number[]) =>
        addWeightLike(this, this.#like, kind, shape, `${part}/${kind}`);
      add("kernel", sizes[part]);
      if (useBias) add("bias", part === "attention_output" ? [outputs] : sizes[part].slice(1));
    }
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    const [query, value] = inputShape as [Shape, Shape];
    const [batch = null, time = null, features = null] = query;
    const { numHeads, outputShape } = this.#args;
    const outputs = [batch, time, [outputShape ?? features].flat()[0] as number];
    return this.returnsScores ? [outputs, [batch, numHeads, time, value[1] ?? null]] : outputs;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], args: CallArguments = {}): tf.Tensor | tf.Tensor[] {
    return tf.tidy(() => {
      const [query, value, key, asked] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor?, tf.Tensor?];
      const { keyDim, allMasked = "nothing" } = this.#args;
      const [queries, values] = [query.shape[1] ?? 0, value.shape[1] ?? 0];
      const [ofQuery, ofValue, ofKey] = (args.mask ?? []) as Masks;
      const mask = allOf(
        ofQuery && tf.expandDims(ofQuery, -1),
        ofValue && tf.expandDims(ofValue, -2),
        ofKey && tf.expandDims(ofKey, -2),
        args.useCausalMask ? causalMask(queries, values) : null,
        asked,
      );
      // For all heads.
      const shared = mask && (mask.rank === 4 ? mask : tf.expandDims(mask, 1));
      const q = tf.mul(this.#heads("query", query), 1 / Math.sqrt(keyDim));
      const scores = tf.matMul(q, this.#heads("key", key ?? value), false, true);
      const shares = maskedSoftmax(scores, shared);
      const isNothing = allMasked === "nothing" && (this.drops || args.returnAttentionScores);
      const weights = shared && isNothing ? tf.mul(shares, tf.cast(shared, "float32")) : shares;
      const heads = tf.transpose(
        tf.matMul(this.dropped(weights, args), this.#heads("value", value)),
        [0, 2, 1, 3],
      );
      const outputs = this.#joined(heads);
      return args.returnAttentionScores ? [outputs, weights] : outputs;
    });
  }

  /** `[batch, time, features]` to `[batch, heads, time, size]` */
  #heads(part: (typeof parts)[number], x: tf.Tensor): tf.Tensor {
    const [kernel, bias] = this.#weightsOf(part);
    const [batch = 0, time = 0, features = 0] = x.shape;
    const [, heads = 0, size = 0] = kernel.shape;
    const product = tf.matMul(
      tf.reshape(x, [batch * time, features]),
      tf.reshape(kernel, [features, heads * size]),
    );
    const all = tf.reshape(product, [batch, time, heads, size]);
    return tf.transpose(bias ? tf.add(all, bias) : all, [0, 2, 1, 3]);
  }

  /** `[batch, time, heads, size]` to `[batch, time, outputs]` */
  #joined(x: tf.Tensor): tf.Tensor {
    const [kernel, bias] = this.#weightsOf("attention_output");
    const [batch = 0, time = 0, heads = 0, size = 0] = x.shape;
    const outputs = kernel.shape[2] ?? 0;
    const product = tf.matMul(
      tf.reshape(x, [batch * time, heads * size]),
      tf.reshape(kernel, [heads * size, outputs]),
    );
    const all = tf.reshape(product, [batch, time, outputs]);
    return bias ? tf.add(all, bias) : all;
  }

  #weightsOf(part: (typeof parts)[number]): [kernel: tf.Tensor, bias: tf.Tensor | undefined] {
    const count = this.weights.length / parts.length;
    const first = parts.indexOf(part) * count;
    const [kernel, bias] = this.weights.slice(first, first + count).map((weight) => weight.read());
    return [kernel as tf.Tensor, bias];
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { numHeads, keyDim, valueDim, outputShape, useBias = true } = this.#args;
    const { allMasked = "nothing" } = this.#args;
    // Of the stand-in: initialisers and the like, as configurations.
    const { units: _, name: __, activation: ___, ...like } = this.#like.getConfig();
    return {
      ...like,
      ...super.getConfig(),
      numHeads,
      keyDim,
      valueDim: valueDim ?? keyDim,
      outputShape: outputShape ?? null,
      useBias,
      allMasked,
      takesMasksAway: this.takesMasksAway,
    };
  }
}
