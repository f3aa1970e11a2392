import * as tf from "../tensorflow.js";
import { oneTensor } from "./one-tensor.js";

type Shape = (number | null)[];

/** Arguments of RMSNormalization. */
export type RMSNormalizationArgs = NonNullable<ConstructorParameters<typeof tf.layers.Layer>[0]> & {
  /** The axis of the features, which must be the last */
  axis?: number;
  epsilon?: number;
};

/**
 * Divides by the root of the mean square of the features: `x / √(mean(x²) + epsilon) · scale`. A mask ends here.
 * Source: Zhang and Sennrich, 2019.
 */
export class RMSNormalization extends tf.layers.Layer {
  static readonly className = "RMSNormalization";
  readonly #axis: number;
  readonly #epsilon: number;

  constructor({ axis = -1, epsilon = 1e-6, ...args }: RMSNormalizationArgs = {}) {
    super(args);
    this.#axis = axis;
    this.#epsilon = epsilon;
  }

  override build(inputShape: Shape | Shape[]): void {
    const shape = inputShape as Shape;
    if (this.#axis !== -1 && this.#axis !== shape.length - 1)
      throw new RangeError(`Cannot build RMSNormalization: axis must be the last one, got ${this.#axis}`);
    this.addWeight("scale", [shape.at(-1) ?? 0], "float32", tf.initializers.ones());
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = oneTensor(inputs, "RMSNormalization");
      const meanSquare = tf.mean(tf.square(x), -1, true);
      const [scale] = this.weights.map((weight) => weight.read());
      return tf.mul(tf.mul(x, tf.rsqrt(tf.add(meanSquare, this.#epsilon))), scale as tf.Tensor);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), axis: this.#axis, epsilon: this.#epsilon };
  }
}
