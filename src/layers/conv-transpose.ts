import * as tf from "../tensorflow.js";
import { type StockConv1D, stock } from "../tfjs/stock.js";
import { penaliseActivity } from "./activity-penalty.js";
import { dilated } from "./dilated.js";
import { oneTensor } from "./one-tensor.js";
import { perAxis } from "./per-axis.js";
import { checkUnits } from "./recurrent-args.js";
import { addWeightLike } from "./weight-like.js";

type Shape = (number | null)[];
type StockArgs = ConstructorParameters<typeof stock.Conv1D>[0];

/** Arguments of such a layer: those of `tf.layers.conv1d`, for one axis or two, and `outputPadding`. */
export type ConvTransposeArgs = Omit<StockArgs, "kernelSize" | "strides" | "dilationRate"> & {
  kernelSize: number | number[];
  strides?: number | number[];
  dilationRate?: number | number[];
  /** How far each axis is longer than the shortest that the convolution would make so long again */
  outputPadding?: number | number[] | null;
};

/** What distinguishes the layers. */
interface Kind {
  /** Keras's name. */
  readonly className: string;
  /** Over how many it goes: time, or rows and columns. */
  readonly axes: 1 | 2;
}

/**
 * The inverse of a convolution in shapes: `[batch, time, features]` to `[batch, about time × strides, filters]`, or the
 * same for rows and columns. A mask ends here.
 */
abstract class ConvTranspose extends tf.layers.Layer {
  readonly #kind: Kind;
  /** tfjs exports none of what turns names into initialisers and the like; its Conv1D does it. */
  readonly #like: StockConv1D;
  readonly #size: number[];
  readonly #strides: number[];
  readonly #rates: number[];
  readonly #more: number[] | null;

  constructor(kind: Kind, { kernelSize, strides, dilationRate, outputPadding, ...given }: ConvTransposeArgs) {
    const { activityRegularizer, ...args } = given;
    super(args);
    this.#kind = kind;
    const { className, axes } = kind;
    penaliseActivity(this, activityRegularizer ?? null);
    checkUnits(className, args.filters, "filters");
    if (![undefined, "valid", "same"].includes(args.padding))
      throw new RangeError(`Cannot build ${className}: padding must be valid or same, got ${args.padding}`);
    this.#like = new stock.Conv1D({ ...args, kernelSize: 1 });
    this.#size = perAxis(axes, kernelSize);
    this.#strides = perAxis(axes, strides);
    this.#rates = perAxis(axes, dilationRate);
    this.#more = outputPadding == null ? null : perAxis(axes, outputPadding);
  }

  override build(inputShape: Shape | Shape[]): void {
    const features = (inputShape as Shape).at(-1) ?? 0;
    const like = this.#like;
    addWeightLike(this, like, "kernel", [...this.#size, like.filters, features]);
    if (like.useBias) addWeightLike(this, like, "bias", [like.filters]);
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [batch = null, ...sizes] = inputShape as Shape;
    const lengths = sizes
      .slice(0, this.#kind.axes)
      .map((size, i) => (size === null ? null : this.#length(size, i)));
    return [batch, ...lengths, this.#like.filters];
  }

  #length(size: number, axis: number): number {
    const [stride = 1, more] = [this.#strides[axis], this.#more?.[axis]];
    const wide = ((this.#size[axis] ?? 1) - 1) * (this.#rates[axis] ?? 1) + 1;
    const isSame = this.#like.padding === "same";
    if (more === undefined) return size * stride + (isSame ? 0 : Math.max(0, wide - stride));
    const length = (size - 1) * stride + (isSame ? wide % 2 : wide) + more;
    // TensorFlow does not survive another length.
    if (Math.ceil((isSame ? length : length - wide + 1) / stride) === size) return length;
    throw new RangeError(
      `Cannot apply ${this.#kind.className}: a convolution must make the output as long as the input, ${size}, again, got outputPadding ${more}`,
    );
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const { className, axes } = this.#kind;
    return tf.tidy(() => {
      const x = oneTensor(inputs, className);
      const { padding, activation } = this.#like;
      const [kernel, bias] = this.weights.map((weight) => weight.read());
      // Time becomes the columns of a picture of one row.
      const flat = (tensor: tf.Tensor, axis: number) =>
        (axes === 1 ? tf.expandDims(tensor, axis) : tensor) as tf.Tensor4D;
      const shape = this.computeOutputShape(x.shape) as number[];
      const [rows = 1, columns] = this.#strides;
      const sums = tf.conv2dTranspose(
        flat(x, 1),
        flat(dilated(kernel as tf.Tensor, this.#rates), 0),
        (axes === 1 ? [shape[0], 1, ...shape.slice(1)] : shape) as [number, number, number, number],
        columns === undefined ? [1, rows] : [rows, columns],
        padding as "valid" | "same",
      );
      const picture = axes === 1 ? tf.squeeze(sums, [1]) : sums;
      const shifted = bias ? tf.add(picture, bias) : picture;
      return activation ? activation.apply(shifted) : shifted;
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...this.#like.getConfig(),
      ...super.getConfig(),
      kernelSize: this.#size,
      strides: this.#strides,
      dilationRate: this.#rates,
      outputPadding: this.#more,
    };
  }
}

class Conv1DTranspose extends ConvTranspose {
  static readonly className = "Conv1DTranspose";

  constructor(args: ConvTransposeArgs) {
    super({ className: Conv1DTranspose.className, axes: 1 }, args);
  }
}

class Conv2DTranspose extends ConvTranspose {
  static readonly className = "Conv2DTranspose";

  constructor(args: ConvTransposeArgs) {
    super({ className: Conv2DTranspose.className, axes: 2 }, args);
  }
}

/** The transposed convolutions of Keras's, by their classes. */
export const convTransposes = { Conv1DTranspose, Conv2DTranspose } as const;
