import * as tf from "../tensorflow.js";
import { oneTensor } from "./one-tensor.js";

type LayerArgs = ConstructorParameters<typeof tf.layers.Layer>[0];

/** Arguments of ReLU, with Keras's names and defaults. */
export type ReLUArgs = LayerArgs & {
  /** The greatest output; none if missing */
  maxValue?: number | null;
  /** Slope below the threshold; 0 if missing */
  negativeSlope?: number;
  /** Values up to here are on the slope; 0 if missing */
  threshold?: number;
};

/** `x` above the threshold, at most `maxValue`; `negativeSlope · (x − threshold)` elsewhere. tfjs knows `maxValue` alone. */
export class ReLU extends tf.layers.Layer {
  static readonly className = "ReLU";
  readonly #maxValue: number | null;
  readonly #negativeSlope: number;
  readonly #threshold: number;

  constructor({ maxValue, negativeSlope, threshold, ...args }: ReLUArgs = {}) {
    super(args);
    this.supportsMasking = true;
    this.#maxValue = maxValue ?? null;
    this.#negativeSlope = negativeSlope ?? 0;
    this.#threshold = threshold ?? 0;
    for (const [name, value] of Object.entries({ maxValue, negativeSlope })) {
      if (value != null && !(value >= 0))
        throw new RangeError(`Cannot build ReLU: ${name} must be at least 0, got ${value}`);
    }
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = oneTensor(inputs, "ReLU");
      const threshold = this.#threshold;
      const above = threshold === 0 ? tf.relu(x) : tf.mul(x, tf.step(tf.sub(x, threshold)));
      const kept = this.#maxValue === null ? above : tf.clipByValue(above, 0, this.#maxValue);
      if (this.#negativeSlope === 0) return kept;
      return tf.sub(kept, tf.mul(tf.relu(tf.sub(threshold, x)), this.#negativeSlope));
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    const [maxValue, negativeSlope, threshold] = [this.#maxValue, this.#negativeSlope, this.#threshold];
    return { ...super.getConfig(), maxValue, negativeSlope, threshold };
  }
}
