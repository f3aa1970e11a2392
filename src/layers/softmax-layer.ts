import * as tf from "../tensorflow.js";
import type { CallArguments } from "../tfjs/stock.js";
import { oneTensor } from "./one-tensor.js";

/** Arguments of Softmax. */
export type SoftmaxArgs = ConstructorParameters<typeof tf.layers.Layer>[0] & {
  /** The axis, or axes, whose values add up to one; the last one if missing */
  axis?: number | number[];
};

/**
 * `exp(x) / Σ exp(x)` over an axis. A mask must have the shape of the input: what it leaves out is zero, as in Keras 3.
 * tfjs's takes the axis of time if none is given.
 */
export class Softmax extends tf.layers.Layer {
  static readonly className = "Softmax";
  readonly #axis: number | number[];

  constructor({ axis, ...args }: SoftmaxArgs = {}) {
    super(args);
    this.supportsMasking = true;
    this.#axis = axis ?? -1;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], { mask }: CallArguments = {}): tf.Tensor {
    return tf.tidy(() => {
      const x = oneTensor(inputs, "Softmax");
      if (mask == null) return this.#softmax(x);
      if (mask.shape.join() !== x.shape.join())
        throw new RangeError(
          `Cannot apply Softmax: a mask must have the shape of the input, [${x.shape.join(", ")}], got [${mask.shape.join(", ")}]`,
        );
      const kept = tf.cast(mask, "bool");
      const outputs = this.#softmax(tf.where(kept, x, tf.fill(x.shape, -1e9)));
      return tf.where(kept, outputs, tf.zerosLike(outputs));
    });
  }

  #softmax(x: tf.Tensor): tf.Tensor {
    return tf.exp(tf.sub(x, tf.logSumExp(x, this.#axis, true)));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), axis: this.#axis };
  }
}
