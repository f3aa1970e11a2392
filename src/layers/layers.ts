import * as tf from "../tensorflow.js";
import { hidden } from "../tfjs/hidden.js";
import "./register.js";
import { Bidirectional, type BidirectionalArgs } from "./bidirectional.js";
import { Dense, type DenseArgs } from "./dense.js";
import { Dropout } from "./dropout.js";
import { Embedding } from "./embedding.js";
import type { RecurrentArgs } from "./recurrent-args.js";
import { cellsOf, GRUCell, LSTMCell, SimpleRNNCell } from "./recurrent-cells.js";
import { GRU, LSTM, SimpleRNN } from "./recurrent-layers.js";
import { RNN, type RNNArgs } from "./rnn.js";
import type { Seeds } from "./seeds.js";
import { TimeDistributed, type TimeDistributedArgs } from "./time-distributed.js";

type Args<Name extends "dropout" | "embedding" | "masking"> = Parameters<(typeof tf.layers)[Name]>[0];
type Initializer = ReturnType<typeof tf.initializers.orthogonal>;

/** Makers of layers, with the names and options of `tf.layers` and Keras's defaults. */
export interface Layers {
  /** Elman's network: `[batch, time, features]` to `[batch, units]`, or `[batch, time, units]` with `returnSequences` */
  simpleRNN(args: RecurrentArgs): tf.RNN;
  /** Long short-term memory, shapes as `simpleRNN` */
  lstm(args: RecurrentArgs): tf.RNN;
  /**
   * Gated recurrent unit, shapes as `simpleRNN`; with `resetAfter`, the default, models load where rnnlab is imported
   * and not in tfjs alone
   */
  gru(args: RecurrentArgs): tf.RNN;
  /** Runs a cell, or several cells one after the other at each step; shapes as `simpleRNN` */
  rnn(args: RNNArgs): tf.RNN;
  /** One step of `simpleRNN`, for `rnn` */
  simpleRNNCell(args: RecurrentArgs): tf.layers.Layer;
  /** One step of `lstm`, for `rnn` */
  lstmCell(args: RecurrentArgs): tf.layers.Layer;
  /** One step of `gru`, for `rnn` */
  gruCell(args: RecurrentArgs): tf.layers.Layer;
  /**
   * A recurrent layer and its mirror image, or another one as `backwardLayer`: `[batch, 2 × units]`, or
   * `[batch, time, 2 × units]`, unless merged otherwise
   */
  bidirectional(args: BidirectionalArgs): tf.layers.Layer;
  /** Applies a layer to every step: `[batch, time, …]` to `[batch, time, …]` */
  timeDistributed(args: TimeDistributedArgs): tf.layers.Layer;
  /** Whole numbers to trained vectors: `[batch, time]` to `[batch, time, outputDim]`; `maskZero` masks the zeros */
  embedding(args: Args<"embedding">): tf.layers.Layer;
  /** Masks the steps whose features all equal `maskValue`, which is 0 if missing */
  masking(args?: Args<"masking">): tf.layers.Layer;
  /** Fully connected layer: `[…, features]` to `[…, units]` */
  dense(args: DenseArgs): tf.layers.Layer;
  /** Sets a share `rate` of the values to zero while training, others divided by 1 − rate */
  dropout(args: Args<"dropout">): tf.layers.Layer;
}

/**
 * Keras's recurrent layers and what models of them need, on the fused ops of `rnnlab/recurrent-ops`. Options are those
 * of `tf.layers`, defaults and numbers those of Keras 3: Glorot's *uniform* initialiser, the true sigmoid for gates, a
 * forget bias of one, GRU's `resetAfter`, one dropout mask for all steps, weights under their constraint after each
 * update, penalties of activity divided by the batch, masked steps that repeat state and output. Activations besides
 * linear, relu, tanh, sigmoid and hardSigmoid, recurrent dropout while it trains, and gradients of gradients run on
 * TensorFlow's own ops. `hardSigmoid` is tfjs's and Keras 2's (slope 1/5), `hardSigmoid6` Keras 3's (slope 1/6). Models
 * save and load as those of tfjs: where rnnlab is imported `tf.loadLayersModel()` gives these layers.
 *
 * @throws {RangeError} when a size is not a positive integer, a rate out of range, an activation unknown, or a stateful
 * layer built without a batch size
 * @example
 * ```ts
 * import { layers, tf } from "rnnlab";
 * const model = tf.sequential({
 *   layers: [
 *     layers.embedding({ inputDim: 100, outputDim: 8, maskZero: true, inputLength: 20 }),
 *     layers.bidirectional({ layer: layers.gru({ units: 16 }) }),
 *     layers.dense({ units: 1, activation: "sigmoid" }),
 *   ],
 * });
 * console.log(model.outputShape); // [ null, 1 ]
 * ```
 */
export const layers: Layers = makeLayers();

/**
 * Makes a family of layers.
 *
 * @param seeds - gives each layer its seeds; they differ in each run if missing
 * @returns the makers
 */
export function makeLayers(seeds?: Seeds): Layers {
  const counts = new Map<string, number>();
  const named = (kind: string) => {
    const count = counts.get(kind) ?? 0;
    counts.set(kind, count + 1);
    return { name: count === 0 ? kind : `${kind}_${count}` };
  };
  const kernel = () =>
    seeds ? { kernelInitializer: tf.initializers.glorotUniform({ seed: seeds.next() }) } : {};
  const recurrent = ({ dropout, recurrentDropout }: RecurrentArgs) =>
    seeds
      ? {
          ...kernel(),
          recurrentInitializer: tf.initializers.orthogonal({ seed: seeds.next() }),
          ...(dropout || recurrentDropout ? { seed: seeds.next() } : {}),
        }
      : {};
  const embeddings = () =>
    seeds
      ? {
          embeddingsInitializer: tf.initializers.randomUniform({
            minval: -0.05,
            maxval: 0.05,
            seed: seeds.next(),
          }),
        }
      : {};
  return {
    simpleRNN: (args) => new SimpleRNN({ ...named("simple_rnn"), ...recurrent(args), ...args }),
    lstm: (args) => new LSTM({ ...named("lstm"), ...recurrent(args), ...args }),
    gru: (args) => new GRU({ ...named("gru"), ...recurrent(args), ...args }),
    rnn: (args) => new RNN({ ...named("rnn"), ...(seeds ? { seed: seeds.next() } : {}), ...args }),
    simpleRNNCell: (args) => new SimpleRNNCell({ ...named("simple_rnn_cell"), ...recurrent(args), ...args }),
    lstmCell: (args) => new LSTMCell({ ...named("lstm_cell"), ...recurrent(args), ...args }),
    gruCell: (args) => new GRUCell({ ...named("gru_cell"), ...recurrent(args), ...args }),
    bidirectional: (args) => {
      const layer = new Bidirectional({ ...named("bidirectional"), ...args });
      // The mirror image is a copy, and would start from the same weights.
      for (const cell of seeds && !args.backwardLayer ? cellsOf(layer.backwardLayer) : [])
        for (const each of [cell.kernelInitializer, cell.recurrentInitializer]) reseed(each, seeds);
      return layer;
    },
    timeDistributed: (args) => new TimeDistributed({ ...named("time_distributed"), ...args }),
    embedding: (args) => new Embedding({ ...named("embedding"), ...embeddings(), ...args }),
    masking: (args) => tf.layers.masking({ ...named("masking"), ...args }),
    dense: (args) => new Dense({ ...named("dense"), ...kernel(), ...args }),
    dropout: (args) =>
      new Dropout({ ...named("dropout"), ...(seeds ? { seed: seeds.next() } : {}), ...args }),
  };
}

function reseed(initializer: Initializer, seeds: Seeds | undefined): void {
  const seeded = hidden("initializer", initializer);
  if (seeded.seed != null && seeds) seeded.seed = seeds.next();
}
