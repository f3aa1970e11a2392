import * as tf from "../tensorflow.js";
import { oneTensor } from "./one-tensor.js";
import { checkUnits } from "./recurrent-args.js";
import { type StockConv1D, stock } from "./stock.js";

type Shape = (number | null)[];

/** The inverse of a convolution over time in shapes: `[batch, time, features]` to `[batch, about time × strides, filters]`. */
export class Conv1DTranspose extends tf.layers.Layer {
  static readonly className = "Conv1DTranspose";
  /** tfjs exports none of what turns names into initialisers and the like; its Conv1D does it. */
  readonly #like: StockConv1D;

  constructor(args: ConstructorParameters<typeof stock.Conv1D>[0]) {
    super(args);
    checkUnits("Conv1DTranspose", args.filters, "filters");
    if (![undefined, "valid", "same"].includes(args.padding))
      throw new RangeError(
        `Cannot build Conv1DTranspose: padding must be valid or same, got ${args.padding}`,
      );
    this.#like = new stock.Conv1D({ ...args, dilationRate: 1 }) as unknown as StockConv1D;
  }

  override build(inputShape: Shape | Shape[]): void {
    const features = (inputShape as Shape).at(-1) ?? 0;
    const like = this.#like;
    const { filters, kernelSize } = like;
    const shape = [kernelSize[0] ?? 1, filters, features];
    const add = (name: "kernel" | "bias", size: number[]) =>
      this.addWeight(
        name,
        size,
        "float32",
        like[`${name}Initializer`],
        like[`${name}Regularizer`],
        true,
        like[`${name}Constraint`],
      );
    add("kernel", shape);
    if (like.useBias) add("bias", [filters]);
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [batch = null, time = null] = inputShape as Shape;
    return [batch, time === null ? null : this.#length(time), this.#like.filters];
  }

  #length(time: number): number {
    const { kernelSize, strides, padding } = this.#like;
    const [size = 1, stride = 1] = [kernelSize[0], strides[0]];
    return time * stride + (padding === "same" ? 0 : Math.max(0, size - stride));
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = oneTensor(inputs, "Conv1DTranspose");
      const { strides, padding, filters, activation } = this.#like;
      const [batch = 0, time = 0] = x.shape;
      const [kernel, bias] = this.weights.map((weight) => weight.read());
      const sums = tf.conv2dTranspose(
        tf.expandDims(x, 1) as tf.Tensor4D,
        tf.expandDims(kernel as tf.Tensor, 0) as tf.Tensor4D,
        [batch, 1, this.#length(time), filters],
        [1, strides[0] ?? 1],
        padding as "valid" | "same",
      );
      const flat = tf.squeeze(sums, [1]);
      const shifted = bias ? tf.add(flat, bias) : flat;
      return activation ? activation.apply(shifted) : shifted;
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...(this.#like as unknown as tf.layers.Layer).getConfig(), ...super.getConfig() };
  }
}
