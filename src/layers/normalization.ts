import * as tf from "../tensorflow.js";
import { oneTensor } from "./one-tensor.js";

type Shape = (number | null)[];
type Numbers = number | readonly Numbers[];

/** Arguments of Normalization. */
export type NormalizationArgs = ConstructorParameters<typeof tf.layers.Layer>[0] & {
  /** The axis, or axes, with a mean for each of their places; the last one if missing, none if null */
  axis?: number | number[] | null;
  /** Given instead of learned, with `variance` */
  mean?: Numbers | null;
  variance?: Numbers | null;
  /** Turns normalised values back */
  invert?: boolean;
};

/** `(x − mean) / max(√variance, 1e-7)`, with what Keras's `adapt()` has learned or the constructor was given. It is never trained. */
export class Normalization extends tf.layers.Layer {
  static readonly className = "Normalization";
  readonly #axis: number[] | null;
  readonly #mean: Numbers | null;
  readonly #variance: Numbers | null;
  readonly #invert: boolean;
  /** Sizes of the input where there is a mean for each place, 1 elsewhere */
  #shape: number[] = [];

  constructor({ axis = -1, mean, variance, invert, ...args }: NormalizationArgs = {}) {
    super(args);
    this.supportsMasking = true;
    this.#axis = axis === null ? null : [axis].flat();
    this.#mean = mean ?? null;
    this.#variance = variance ?? null;
    this.#invert = invert ?? false;
    if ((mean == null) !== (variance == null))
      throw new RangeError(
        "Cannot build Normalization: mean and variance must be given together, got one of them",
      );
  }

  override build(inputShape: Shape | Shape[]): void {
    const shape = inputShape as Shape;
    const kept = (this.#axis ?? []).map((axis) => (axis < 0 ? axis + shape.length : axis));
    this.#shape = shape.map((size, axis) => {
      if (!kept.includes(axis)) return 1;
      if (size !== null && size !== undefined && axis > 0) return size;
      throw new RangeError(
        `Cannot build Normalization: axis ${axis} must have a fixed size, got ${size ?? "null"}`,
      );
    });
    if (this.#mean === null) {
      const sizes = kept.map((axis) => this.#shape[axis] as number);
      this.addWeight("mean", sizes, "float32", tf.initializers.zeros(), undefined, false);
      this.addWeight("variance", sizes, "float32", tf.initializers.ones(), undefined, false);
      // How many values Keras has seen: it takes no part, but belongs to the file.
      this.addWeight("count", [], "float32", tf.initializers.zeros(), undefined, false);
    }
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = tf.cast(oneTensor(inputs, "Normalization"), "float32");
      const [mean, variance] = [this.#mean, this.#variance].map((given, i) => {
        const values =
          given === null ? (this.weights[i] as tf.LayerVariable).read() : tf.tensor(given as number);
        const size = this.#shape.reduce((a, b) => a * b, 1);
        return values.size === size ? values.reshape(this.#shape) : tf.broadcastTo(values, this.#shape);
      }) as [tf.Tensor, tf.Tensor];
      const deviation = tf.maximum(tf.sqrt(variance), 1e-7);
      return this.#invert ? tf.add(tf.mul(x, deviation), mean) : tf.div(tf.sub(x, mean), deviation);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      axis: this.#axis,
      mean: this.#mean as number,
      variance: this.#variance as number,
      invert: this.#invert,
    };
  }
}
