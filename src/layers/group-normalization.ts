import * as tf from "../tensorflow.js";
import { type StockLayerNormalization, stock } from "../tfjs/stock.js";
import { oneTensor } from "./one-tensor.js";
import { addWeightLike } from "./weight-like.js";

type Shape = (number | null)[];

/** Arguments of GroupNormalization; those of `tf.layers.layerNormalization`, and `groups`. */
export type GroupNormalizationArgs = Omit<
  NonNullable<Parameters<typeof tf.layers.layerNormalization>[0]>,
  "axis"
> & {
  /** How many groups the axis is divided into; one for each of its places if −1, 32 if missing */
  groups?: number;
  /** The axis of the features; the last one if missing */
  axis?: number;
};

/**
 * Normalises each group of features of each sample, over all other axes (Wu and He, 2018):
 * `(x − mean) / √(variance + epsilon) · gamma + beta`. A mask goes on, and takes no part.
 */
export class GroupNormalization extends tf.layers.Layer {
  static readonly className = "GroupNormalization";
  readonly #args: { readonly groups: number; readonly axis: number };
  /** tfjs exports none of what turns names into initialisers and the like; its LayerNormalization does it. */
  readonly #like: StockLayerNormalization;

  constructor({ groups = 32, axis = -1, ...args }: GroupNormalizationArgs = {}) {
    super(args);
    this.supportsMasking = true;
    this.#args = { groups, axis };
    this.#like = new stock.LayerNormalization(args);
  }

  override build(inputShape: Shape | Shape[]): void {
    const { axis, groups, size } = this.#places(inputShape as Shape);
    if (axis < 1 || axis >= inputShape.length)
      throw new RangeError(
        `Cannot build GroupNormalization: axis must be one of the input's besides the first, got ${axis}`,
      );
    if (groups < 1 || size % groups !== 0)
      throw new RangeError(
        `Cannot build GroupNormalization: groups must divide the ${size} features, got ${groups}`,
      );
    const like = this.#like;
    if (like.scale) addWeightLike(this, like, "gamma", [size]);
    if (like.center) addWeightLike(this, like, "beta", [size]);
    super.build(inputShape);
  }

  #places(shape: Shape): { axis: number; groups: number; size: number } {
    const { axis, groups } = this.#args;
    const place = axis < 0 ? axis + shape.length : axis;
    const size = shape[place] ?? 0;
    return { axis: place, groups: groups === -1 ? size : groups, size };
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = oneTensor(inputs, "GroupNormalization");
      const { axis, groups, size } = this.#places(x.shape);
      const grouped = tf.reshape(x, [
        ...x.shape.slice(0, axis),
        groups,
        size / groups,
        ...x.shape.slice(axis + 1),
      ]);
      const others = grouped.shape.map((_, i) => i).filter((i) => i !== 0 && i !== axis);
      const { mean, variance } = tf.moments(grouped, others, true);
      const { epsilon, scale } = this.#like;
      const normal = tf.reshape(tf.mul(tf.sub(grouped, mean), tf.rsqrt(tf.add(variance, epsilon))), x.shape);
      const along = x.shape.map((_, i) => (i === axis ? size : 1));
      return this.weights.reduce((result, weight, i) => {
        const values = tf.reshape(weight.read(), along);
        return i === 0 && scale ? tf.mul(result, values) : tf.add(result, values);
      }, normal);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.#like.getConfig(), ...super.getConfig(), ...this.#args };
  }
}
