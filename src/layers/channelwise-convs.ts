import * as tf from "../tensorflow.js";
import { type StockSeparableConv, stock } from "../tfjs/stock.js";
import { penaliseActivity } from "./activity-penalty.js";
import { dilated } from "./dilated.js";
import { oneTensor } from "./one-tensor.js";
import { perAxis } from "./per-axis.js";
import { checkUnits } from "./recurrent-args.js";
import { addWeightLike } from "./weight-like.js";

type Shape = (number | null)[];
type Padding = "valid" | "same" | "causal";
type StockArgs = Parameters<typeof tf.layers.separableConv2d>[0];

/** Arguments of such a layer: those of `tf.layers.separableConv2d`, for one axis or two. */
export type ChannelwiseArgs = Omit<
  StockArgs,
  "filters" | "kernelSize" | "strides" | "dilationRate" | "padding"
> & {
  /** How many features come out; a depthwise layer has none, and puts out those of each channel */
  filters?: number;
  kernelSize: number | number[];
  strides?: number | number[];
  dilationRate?: number | number[];
  padding?: Padding;
};

/** What distinguishes the layers. */
interface Kind {
  /** Keras's name. */
  readonly className: string;
  /** Over how many it goes: time, or rows and columns. */
  readonly axes: 1 | 2;
  /** Whether the results are mixed. */
  readonly isSeparable: boolean;
}

/**
 * A convolution in which each channel has kernels of its own, with or without a mixing of their results. A mask ends
 * here.
 */
abstract class Channelwise extends tf.layers.Layer {
  readonly #kind: Kind;
  /** tfjs exports none of what turns names into initialisers and the like; its own layer does it. */
  readonly #like: StockSeparableConv;
  /** It takes the initialiser of one kernel for both. */
  readonly #mixing: StockSeparableConv;
  readonly #size: number[];
  readonly #strides: number[];
  readonly #rates: number[];
  readonly #padding: Padding;

  constructor(
    kind: Kind,
    { kernelSize, strides, dilationRate, padding = "valid", ...given }: ChannelwiseArgs,
  ) {
    const { activityRegularizer, ...args } = given;
    super(args);
    this.#kind = kind;
    const { className, axes } = kind;
    penaliseActivity(this, activityRegularizer ?? null);
    const { filters = 1, depthMultiplier = 1, pointwiseInitializer } = args;
    checkUnits(className, filters, "filters");
    checkUnits(className, depthMultiplier, "depthMultiplier");
    const plain = { ...args, filters, kernelSize: 1, padding: "valid" as const };
    this.#like = new stock.SeparableConv2D(plain);
    const mixing = pointwiseInitializer ? { depthwiseInitializer: pointwiseInitializer } : {};
    this.#mixing = new stock.SeparableConv2D({ ...plain, ...mixing });
    this.#size = perAxis(axes, kernelSize);
    this.#strides = perAxis(axes, strides);
    this.#rates = perAxis(axes, dilationRate);
    this.#padding = padding;
  }

  override build(inputShape: Shape | Shape[]): void {
    const channels = (inputShape as Shape).at(-1) ?? 0;
    const like = this.#like;
    const wide = channels * like.depthMultiplier;
    const { isSeparable } = this.#kind;
    const kernel = [...this.#size, channels, like.depthMultiplier];
    addWeightLike(this, like, "depthwise", kernel, "depthwise_kernel");
    const { pointwiseRegularizer, pointwiseConstraint } = like;
    const mixing = {
      pointwiseInitializer: this.#mixing.depthwiseInitializer,
      pointwiseRegularizer,
      pointwiseConstraint,
    };
    if (isSeparable) {
      const places = this.#size.map(() => 1);
      addWeightLike(this, mixing, "pointwise", [...places, wide, like.filters], "pointwise_kernel");
    }
    if (like.useBias) addWeightLike(this, like, "bias", [isSeparable ? like.filters : wide]);
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const shape = inputShape as Shape;
    const { axes, isSeparable } = this.#kind;
    const sizes = this.#size.map((size, i) => {
      const length = shape[i + 1] ?? null;
      const lost = this.#padding === "valid" ? (size - 1) * (this.#rates[i] ?? 1) : 0;
      return length === null ? null : Math.ceil((length - lost) / (this.#strides[i] ?? 1));
    });
    const features = isSeparable ? this.#like.filters : (shape[axes + 1] ?? 0) * this.#like.depthMultiplier;
    return [shape[0] ?? null, ...sizes, features];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const { className, axes, isSeparable } = this.#kind;
    return tf.tidy(() => {
      const input = oneTensor(inputs, className);
      const { activation } = this.#like;
      const isCausal = this.#padding === "causal";
      const before = isCausal ? ((this.#size[0] ?? 1) - 1) * (this.#rates[0] ?? 1) : 0;
      const x = isCausal
        ? tf.pad(
            input,
            input.shape.map((_, i) => [i === 1 ? before : 0, 0]),
          )
        : input;
      const [kernel, ...others] = this.weights.map((weight) => weight.read()) as [tf.Tensor, ...tf.Tensor[]];
      // Time becomes the columns of a picture of one row.
      const flat = (tensor: tf.Tensor, axis: number) =>
        (axes === 1 ? tf.expandDims(tensor, axis) : tensor) as tf.Tensor4D;
      const [rows = 1, columns = rows] = this.#strides;
      const each = tf.depthwiseConv2d(
        flat(x, 1),
        flat(dilated(kernel, this.#rates), 0),
        [rows, columns],
        isCausal ? "valid" : (this.#padding as "valid" | "same"),
      );
      const mixed = isSeparable ? tf.conv2d(each, flat(others.shift() as tf.Tensor, 0), 1, "valid") : each;
      const sums = axes === 1 ? tf.squeeze(mixed, [1]) : mixed;
      const [bias] = others;
      const shifted = bias ? tf.add(sums, bias) : sums;
      return activation ? activation.apply(shifted) : shifted;
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { filters, ...own } = this.#like.getConfig();
    const mixing = this.#mixing.getConfig();
    const { isSeparable } = this.#kind;
    return {
      ...own,
      ...super.getConfig(),
      ...(isSeparable
        ? { filters: filters ?? 1, pointwiseInitializer: mixing.depthwiseInitializer ?? null }
        : {}),
      depthMultiplier: this.#like.depthMultiplier,
      kernelSize: this.#size,
      strides: this.#strides,
      dilationRate: this.#rates,
      padding: this.#padding,
    };
  }
}

class DepthwiseConv1D extends Channelwise {
  static readonly className = "DepthwiseConv1D";

  constructor(args: ChannelwiseArgs) {
    super({ className: DepthwiseConv1D.className, axes: 1, isSeparable: false }, args);
  }
}

class DepthwiseConv2D extends Channelwise {
  static readonly className = "DepthwiseConv2D";

  constructor(args: ChannelwiseArgs) {
    super({ className: DepthwiseConv2D.className, axes: 2, isSeparable: false }, args);
  }
}

class SeparableConv1D extends Channelwise {
  static readonly className = "SeparableConv1D";

  constructor(args: ChannelwiseArgs) {
    super({ className: SeparableConv1D.className, axes: 1, isSeparable: true }, args);
  }
}

class SeparableConv2D extends Channelwise {
  static readonly className = "SeparableConv2D";

  constructor(args: ChannelwiseArgs) {
    super({ className: SeparableConv2D.className, axes: 2, isSeparable: true }, args);
  }
}

/** The convolutions of Keras's in which each channel has kernels of its own, by their classes. */
export const channelwiseConvs = {
  DepthwiseConv1D,
  DepthwiseConv2D,
  SeparableConv1D,
  SeparableConv2D,
} as const;
