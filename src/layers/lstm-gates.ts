import * as tf from "../tensorflow.js";
import { LSTM, type Recurrent } from "./recurrent-layers.js";

/** What happens inside an LSTM, step by step; each `[batch, time, units]`, float32. */
export interface LstmGates {
  /** i: which share of the candidate is written into the cell */
  readonly input: tf.Tensor3D;
  /** f: which share of the cell's content is kept */
  readonly forget: tf.Tensor3D;
  /** g: what could be written */
  readonly candidate: tf.Tensor3D;
  /** o: which share of the content is shown */
  readonly output: tf.Tensor3D;
  /** c = f ⊙ c₋₁ + i ⊙ g: the content after the step */
  readonly cell: tf.Tensor3D;
  /** h = o ⊙ a(c): what the layer returns */
  readonly state: tf.Tensor3D;
}

/**
 * Opens an LSTM layer and shows its gates at work, which the layer itself computes and throws away. The states are those
 * that the layer returns for the same input, starting from zeros; no masks, no dropout, forwards in time.
 *
 * @param layer - a built LSTM of `rnnlab/layers`; of a bidirectional one its `forwardLayer`
 * @param inputs - float32 `[batch, time, features]`
 * @returns gates, cell and state, which the caller disposes of
 * @throws {TypeError} when the layer is no LSTM
 * @throws {RangeError} when the layer has no weights yet, or the inputs another shape
 * @example
 * ```ts
 * import { tf } from "rnnlab";
 * import { layers, lstmGates } from "rnnlab/layers";
 * const layer = layers.lstm({ units: 3, inputShape: [5, 2] });
 * tf.sequential({ layers: [layer] });
 * console.log(lstmGates(layer, tf.ones([1, 5, 2])).forget.shape); // [ 1, 5, 3 ]
 * ```
 */
export function lstmGates(layer: tf.layers.Layer, inputs: tf.Tensor3D): LstmGates {
  if (!(layer instanceof LSTM)) {
    throw new TypeError(`Cannot show gates: the layer must be an LSTM, got ${layer.getClassName()}`);
  }
  const { cell } = layer as Recurrent;
  if (!layer.built) {
    throw new RangeError(
      "Cannot show gates: the layer must be built, got one without weights; add it to a model",
    );
  }
  const kernel = cell.kernel.read() as tf.Tensor2D;
  if (inputs.rank !== 3 || inputs.shape[2] !== kernel.shape[0]) {
    throw new RangeError(
      `Cannot show gates: inputs must have shape [batch, time, ${kernel.shape[0]}], got [${inputs.shape.join(", ")}]`,
    );
  }
  return tf.tidy(() => {
    const act = (x: tf.Tensor) => cell.activation.apply(x);
    const gate = (x: tf.Tensor) => (cell.recurrentActivation as typeof cell.activation).apply(x);
    let h: tf.Tensor = tf.zeros([inputs.shape[0], cell.units]);
    let c: tf.Tensor = tf.zeros([inputs.shape[0], cell.units]);
    const steps = tf.unstack(inputs, 1).map((x) => {
      const sum = tf.add(tf.matMul(x as tf.Tensor2D, kernel), tf.matMul(h, cell.recurrentKernel.read()));
      const [i, f, g, o] = tf.split(cell.bias ? tf.add(sum, cell.bias.read()) : sum, 4, 1) as Four;
      const gates = { input: gate(i), forget: gate(f), candidate: act(g), output: gate(o) };
      c = tf.add(tf.mul(gates.forget, c), tf.mul(gates.input, gates.candidate));
      h = tf.mul(gates.output, act(c));
      return { ...gates, cell: c, state: h };
    });
    const through = (name: keyof LstmGates) =>
      tf.stack(
        steps.map((step) => step[name]),
        1,
      ) as tf.Tensor3D;
    return {
      input: through("input"),
      forget: through("forget"),
      candidate: through("candidate"),
      output: through("output"),
      cell: through("cell"),
      state: through("state"),
    };
  });
}

type Four = [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
