import * as tf from "../tensorflow.js";
import { type CallArguments, stock } from "../tfjs/stock.js";
import { type ActivityRegularizer, penaliseActivity } from "./activity-penalty.js";

/** Arguments of TimeDistributed: those of `tf.layers`, and one of Keras's. */
export type TimeDistributedArgs = ConstructorParameters<typeof stock.TimeDistributed>[0] & {
  /** Penalty of the outputs, divided by the size of the batch */
  activityRegularizer?: ActivityRegularizer;
};

/** Layers that treat every row of a batch alike, so that the steps may be rows. */
const rowWise = ["Dense", "Activation", "Embedding", "SimpleRNN", "LSTM", "GRU", "Bidirectional"];

/** Applies a layer to every step. */
export class TimeDistributed extends stock.TimeDistributed {
  constructor(args: TimeDistributedArgs) {
    if (!(args.layer instanceof tf.layers.Layer))
      throw new TypeError(`Cannot build TimeDistributed: layer must be a layer, got ${args.layer}`);
    if ((args.layer as tf.RNN).returnState)
      throw new RangeError("Cannot build TimeDistributed: returnState of its layer must be false, got true");
    super(args);
    penaliseActivity(this, args.activityRegularizer);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], args: CallArguments): tf.Tensor | tf.Tensor[] {
    const [x] = [inputs].flat() as [tf.Tensor];
    const { mask, ...rest } = args;
    // Of each step the layer inside gets its part of the mask, `[batch, …]`. Where only the steps themselves are masked
    // there is nothing left to tell it.
    const inner = mask?.rank > 2 ? { ...rest, mask } : rest;
    if (rowWise.includes(this.layer.getClassName()) && !this.layer.stateful)
      return callOnRows(this.layer, x, inner);
    return tf.tidy(() => {
      const masks: tf.Tensor[] = inner.mask ? tf.unstack(inner.mask, 1) : [];
      const steps = tf.unstack(x, 1).map((step, i) => {
        const outputs = this.layer.call(step, inner.mask ? { ...rest, mask: masks[i] } : { ...rest });
        return [outputs].flat()[0] as tf.Tensor;
      });
      return tf.stack(steps, 1);
    });
  }

  /** Like Keras's, without the activity of the layer inside: it is this one that is applied. */
  override calculateLosses(): tf.Scalar[] {
    return this.layer.calculateLosses();
  }
}

/**
 * Calls a layer on all steps at once.
 *
 * @param layer - the layer inside of a TimeDistributed, which treats every row of a batch alike
 * @param x - `[batch, time, …]`
 * @param args - the arguments of the call; a mask is `[batch, time, …]`, too
 * @returns `[batch, time, …]`
 */
export function callOnRows(layer: tf.layers.Layer, x: tf.Tensor, args: CallArguments): tf.Tensor {
  return tf.tidy(() => {
    const [batch = 0, time = 0] = x.shape;
    const rows = (tensor: tf.Tensor) => tf.reshape(tensor, [batch * time, ...tensor.shape.slice(2)]);
    const outputs = layer.call(rows(x), args.mask ? { ...args, mask: rows(args.mask) } : args) as tf.Tensor;
    return tf.reshape(outputs, [batch, time, ...outputs.shape.slice(1)]);
  });
}
