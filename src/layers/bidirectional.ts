import * as tf from "../tensorflow.js";
import { applyApart, maskOf } from "./call-arguments.js";
import { cast } from "./run-recurrent.js";
import { type CallArguments, type StockBidirectional, stock } from "./stock.js";

type Inputs = Parameters<tf.layers.Layer["apply"]>[0];

/** Runs a recurrent layer and its mirror image, which reads from the last step to the first, and joins their outputs. */
export class Bidirectional extends stock.Bidirectional {
  constructor(args: ConstructorParameters<typeof stock.Bidirectional>[0]) {
    if (!(args.layer instanceof tf.RNN))
      throw new TypeError(
        `Cannot build Bidirectional: layer must be a recurrent layer, got ${(args.layer as tf.layers.Layer)?.getClassName?.() ?? args.layer}`,
      );
    super(args);
  }

  override apply(inputs: Inputs, args?: CallArguments): ReturnType<StockBidirectional["apply"]> {
    return applyApart(this, (x, own) => super.apply(x, own), inputs, args);
  }

  override computeMask(
    inputs: tf.Tensor | tf.Tensor[],
    mask?: tf.Tensor | tf.Tensor[],
  ): tf.Tensor | tf.Tensor[] {
    return super.computeMask(inputs, maskOf(inputs, mask));
  }

  override call(inputs: tf.Tensor | tf.Tensor[], args: CallArguments = {}): tf.Tensor | tf.Tensor[] {
    return tf.tidy(() => {
      const { initialState, ...shared } = args;
      const half = (initialState?.length ?? 0) / 2;
      const run = (layer: StockBidirectional["forwardLayer"], states: tf.Tensor[] | undefined) => {
        const results = layer.call(inputs, states ? { ...shared, initialState: states } : shared);
        return (Array.isArray(results) ? results : [results]) as [tf.Tensor, ...tf.Tensor[]];
      };
      const [ahead, ...states] = run(this.forwardLayer, initialState?.slice(0, half));
      const [back, ...backStates] = run(this.backwardLayer, initialState?.slice(half));
      const inOrder = this.returnSequences ? tf.reverse(back, 1) : back;
      const merged = merge[this.mergeMode ?? "none"](ahead, inOrder);
      const outputs = this.returnSequences && args.mask ? zeroMasked(merged, args.mask) : merged;
      if (this.returnState) return [...outputs, ...states, ...backStates];
      return outputs.length === 1 ? (outputs[0] as tf.Tensor) : outputs;
    });
  }

  /** tfjs asks the layer that both were copied from, which has none. */
  override get losses(): StockBidirectional["losses"] {
    return [...this.forwardLayer.losses, ...this.backwardLayer.losses];
  }

  protected override disposeWeights(): number {
    const layers = [this.forwardLayer, this.backwardLayer] as unknown as { disposeWeights(): number }[];
    return layers.reduce((count, layer) => count + layer.disposeWeights(), 0);
  }
}

/** As in Keras, and other than from a recurrent layer by itself, nothing comes from masked steps. */
function zeroMasked(sequences: readonly tf.Tensor[], mask: tf.Tensor): tf.Tensor[] {
  const counts = tf.expandDims(cast(mask, "float32"), 2);
  return sequences.map((sequence) => tf.mul(sequence, counts));
}

const merge = {
  concat: (a: tf.Tensor, b: tf.Tensor) => [tf.concat([a, b], -1)],
  sum: (a: tf.Tensor, b: tf.Tensor) => [tf.add(a, b)],
  ave: (a: tf.Tensor, b: tf.Tensor) => [tf.mul(tf.add(a, b), 0.5)],
  mul: (a: tf.Tensor, b: tf.Tensor) => [tf.mul(a, b)],
  none: (a: tf.Tensor, b: tf.Tensor) => [a, b],
};
