import { RandomGenerator } from "../random/index.js";
import * as tf from "../tensorflow.js";
import { orthogonalMatrix } from "./orthogonal-matrix.js";

type Arguments<Name extends "dense" | "dropout" | "simpleRNN" | "lstm" | "gru" | "timeDistributed"> =
  Parameters<(typeof tf.layers)[Name]>[0];
type Initializer = ReturnType<typeof tf.initializers.orthogonal>;

/** Layers whose random numbers all come from one seed. */
export interface SeededLayers {
  /** Fully connected layer: `[…, features]` to `[…, units]` */
  dense(args: Arguments<"dense">): tf.layers.Layer;
  /** Sets a share `rate` of the values to zero while training, others divided by 1 − rate */
  dropout(args: Arguments<"dropout">): tf.layers.Layer;
  /** Elman's network: `[batch, time, features]` to `[batch, units]`, or `[batch, time, units]` with `returnSequences` */
  simpleRNN(args: Arguments<"simpleRNN">): tf.layers.Layer;
  /** Long short-term memory, shapes as `simpleRNN` */
  lstm(args: Arguments<"lstm">): tf.layers.Layer;
  /** Gated recurrent unit, shapes as `simpleRNN`; the reset gate acts before the product, as tfjs has it */
  gru(args: Arguments<"gru">): tf.layers.Layer;
  /** Applies a layer to every step: `[batch, time, …]` to `[batch, time, …]` */
  timeDistributed(args: Arguments<"timeDistributed">): tf.layers.Layer;
}

/**
 * Makes tfjs layers that start from the same weights, and drop the same values, in every run with the same seed.
 * Their defaults are those of Keras 3 where tfjs has others: Glorot's *uniform* initialiser for input weights, the
 * true sigmoid, not its piecewise linear stand-in, for gates, an LSTM's forget bias of one, and names such as `lstm_1`.
 * Arguments that are given win.
 *
 * @param seed - an integer from 0 to 2³² − 1
 * @returns the makers of the layers
 * @throws RangeError if the seed is out of range; `dropout` if its rate is not from 0 to less than 1
 * @example
 * ```ts
 * import { tf } from "rnnlab";
 * import { seededLayers } from "rnnlab/layers";
 * const layers = seededLayers(7);
 * const model = tf.sequential({
 *   layers: [layers.gru({ units: 4, inputShape: [15, 1] }), layers.dropout({ rate: 0.2 }), layers.dense({ units: 1 })],
 * });
 * console.log(model.countParams()); // 77
 * ```
 */
export function seededLayers(seed: number): SeededLayers {
  const random = new RandomGenerator(seed);
  // Zero is left out: tfjs takes a seed of 0 as none.
  const nextSeed = () => 1 + random.integer(0xffffffff);
  const counts = new Map<string, number>();
  const named = (kind: string) => {
    const count = counts.get(kind) ?? 0;
    counts.set(kind, count + 1);
    return { name: count === 0 ? kind : `${kind}_${count}` };
  };
  const kernel = () => ({ kernelInitializer: tf.initializers.glorotUniform({ seed: nextSeed() }) });
  const recurrent = () => ({ ...kernel(), recurrentInitializer: orthogonal(nextSeed()) });
  const gates = () => ({ ...recurrent(), recurrentActivation: "sigmoid" as const });
  return {
    dense: (args) => tf.layers.dense({ ...named("dense"), ...kernel(), ...args }),
    dropout: (args) => seededDropout({ ...named("dropout"), ...args }, nextSeed()),
    simpleRNN: (args) => tf.layers.simpleRNN({ ...named("simple_rnn"), ...recurrent(), ...args }),
    lstm: (args) =>
      builtTidily(tf.layers.lstm({ ...named("lstm"), ...gates(), unitForgetBias: true, ...args })),
    gru: (args) => tf.layers.gru({ ...named("gru"), ...gates(), ...args }),
    timeDistributed: (args) => tf.layers.timeDistributed({ ...named("time_distributed"), ...args }),
  };
}

/** tfjs's initialiser, drawn by our own faster and silent code. */
function orthogonal(seed: number): Initializer {
  const initializer = tf.initializers.orthogonal({ seed });
  initializer.apply = (shape) => {
    const sizes = shape.map((size) => size ?? 1);
    const columns = sizes.at(-1) ?? 1;
    const rows = tf.util.sizeFromShape(sizes) / columns;
    return tf.tensor(orthogonalMatrix(rows, columns, seed), sizes);
  };
  return initializer;
}

/** tfjs leaves four tensors behind when it joins an LSTM's forget bias to the other biases. */
function builtTidily(layer: tf.layers.Layer): tf.layers.Layer {
  const build = layer.build.bind(layer);
  layer.build = (shape) => tf.tidy(() => build(shape));
  return layer;
}

/** tfjs's own seeded dropout drops the same places at every step: this one draws new ones each time. */
function seededDropout(args: Arguments<"dropout">, seed: number): tf.layers.Layer {
  const { rate, noiseShape } = args;
  if (!(rate >= 0 && rate < 1)) {
    throw new RangeError(`Cannot build Dropout: rate must be at least 0 and less than 1, got ${rate}`);
  }
  const random = new RandomGenerator(seed);
  const layer = tf.layers.dropout(args);
  const call = layer.call.bind(layer);
  layer.call = (inputs, kwargs) => {
    const input = Array.isArray(inputs) ? inputs[0] : inputs;
    if (kwargs.training !== true || input === undefined) return call(inputs, kwargs);
    const noise = noiseShape?.map((size: number | null, axis) => size ?? input.shape[axis] ?? 1);
    return tf.dropout(input, rate, noise, 1 + random.integer(0xffffffff));
  };
  return layer;
}
