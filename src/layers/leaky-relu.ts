import * as tf from "../tensorflow.js";
import { oneTensor } from "./one-tensor.js";

/** Arguments of LeakyReLU. */
export type LeakyReLUArgs = ConstructorParameters<typeof tf.layers.Layer>[0] & {
  /** Slope below zero; 0.3 if missing */
  negativeSlope?: number;
  /** The same under the name that tfjs and Keras 2 give it */
  alpha?: number;
};

/** `x` above zero, `negativeSlope · x` below. Other than tfjs's it lets masks pass, as Keras's does. */
export class LeakyReLU extends tf.layers.Layer {
  static readonly className = "LeakyReLU";
  readonly #negativeSlope: number;

  constructor({ negativeSlope, alpha, ...args }: LeakyReLUArgs = {}) {
    super(args);
    this.supportsMasking = true;
    this.#negativeSlope = negativeSlope ?? alpha ?? 0.3;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.leakyRelu(oneTensor(inputs, "LeakyReLU"), this.#negativeSlope);
  }

  /** Under both names, so that tfjs loads it. */
  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), alpha: this.#negativeSlope, negativeSlope: this.#negativeSlope };
  }
}
