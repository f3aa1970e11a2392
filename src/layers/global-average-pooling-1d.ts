import * as tf from "../tensorflow.js";
import { noMask } from "../tfjs/no-mask.js";
import type { CallArguments } from "../tfjs/stock.js";
import { oneTensor } from "./one-tensor.js";

type Shape = (number | null)[];

/** Arguments of GlobalAveragePooling1D. */
export type GlobalAveragePooling1DArgs = ConstructorParameters<typeof tf.layers.Layer>[0] & {
  /** Whether the output has one step, and not none */
  keepdims?: boolean;
};

/** The mean over time: `[batch, time, features]` to `[batch, features]`. As in Keras masked steps do not count; in tfjs they do. */
export class GlobalAveragePooling1D extends tf.layers.Layer {
  static readonly className = "GlobalAveragePooling1D";
  readonly #keepdims: boolean;

  constructor({ keepdims, ...args }: GlobalAveragePooling1DArgs = {}) {
    super(args);
    this.supportsMasking = true;
    this.#keepdims = keepdims ?? false;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [batch = null, , features = null] = inputShape as Shape;
    return this.#keepdims ? [batch, 1, features] : [batch, features];
  }

  override call(inputs: tf.Tensor | tf.Tensor[], { mask }: CallArguments = {}): tf.Tensor {
    return tf.tidy(() => {
      const x = oneTensor(inputs, "GlobalAveragePooling1D");
      if (mask == null) return tf.mean(x, 1, this.#keepdims);
      const counts = tf.expandDims(tf.cast(mask, "float32"), 2);
      const kept = tf.where(tf.cast(tf.broadcastTo(counts, x.shape), "bool"), x, tf.zerosLike(x));
      return tf.div(tf.sum(kept, 1, this.#keepdims), tf.sum(counts, 1, this.#keepdims));
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), keepdims: this.#keepdims };
  }

  /** There is no time any more. */
  override computeMask(): tf.Tensor {
    // tfjs's declaration has no null, its code does.
    return noMask;
  }
}
