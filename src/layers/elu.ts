import * as tf from "../tensorflow.js";
import { oneTensor } from "./one-tensor.js";

/** Arguments of ELU. */
export type ELUArgs = ConstructorParameters<typeof tf.layers.Layer>[0] & {
  /** What it tends to below zero, negative; 1 if missing */
  alpha?: number;
};

/** `x` above zero, `alpha · (exp(x) − 1)` below. tfjs knows an `alpha` of 1 alone, and ends masks. */
export class ELU extends tf.layers.Layer {
  static readonly className = "ELU";
  readonly #alpha: number;

  constructor({ alpha, ...args }: ELUArgs = {}) {
    super(args);
    this.supportsMasking = true;
    this.#alpha = alpha ?? 1;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = oneTensor(inputs, "ELU");
      if (this.#alpha === 1) return tf.elu(x);
      return tf.add(tf.relu(x), tf.mul(tf.elu(tf.minimum(x, 0)), this.#alpha));
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), alpha: this.#alpha };
  }
}
