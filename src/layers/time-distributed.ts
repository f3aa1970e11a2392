import * as tf from "../tensorflow.js";
import { type CallArguments, stock } from "./stock.js";

/** Layers that treat every row of a batch alike, so that the steps may be rows. */
const rowWise = ["Dense", "Activation"];

/** Applies a layer to every step. */
export class TimeDistributed extends stock.TimeDistributed {
  constructor(args: ConstructorParameters<typeof stock.TimeDistributed>[0]) {
    if (!(args.layer instanceof tf.layers.Layer))
      throw new TypeError(`Cannot build TimeDistributed: layer must be a layer, got ${args.layer}`);
    super(args);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], args: CallArguments): tf.Tensor | tf.Tensor[] {
    // The mask says which steps count, the layer inside sees one step.
    const { mask: _, ...inner } = args;
    return callOnRows(this.layer, inputs, inner) ?? super.call(inputs, inner);
  }
}

/**
 * Calls a layer on all steps at once.
 *
 * @param layer the layer inside of a TimeDistributed
 * @param inputs `[batch, time, …]`
 * @param args the arguments of the call
 * @returns `[batch, time, …]`, or nothing if the layer must see the steps one by one
 */
export function callOnRows(
  layer: tf.layers.Layer,
  inputs: tf.Tensor | tf.Tensor[],
  args: CallArguments,
): tf.Tensor | undefined {
  const [x] = Array.isArray(inputs) ? inputs : [inputs];
  if (x === undefined || !rowWise.includes(layer.getClassName())) return undefined;
  return tf.tidy(() => {
    const [batch = 0, time = 0, ...rest] = x.shape;
    const rows = layer.call(tf.reshape(x, [batch * time, ...rest]), args) as tf.Tensor;
    return tf.reshape(rows, [batch, time, ...rows.shape.slice(1)]);
  });
}
