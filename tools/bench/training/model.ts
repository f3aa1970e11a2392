import * as tf from "../../../src/tensorflow.js";
import type { SampleArray } from "./samples.js";
import type { RecurrentPart, Workload } from "./workloads.js";

type Layer = tf.layers.Layer;

/** Makers of layers: those of `tf.layers`, or rnnlab's. */
export interface LayerFamily {
  simpleRNN(args: RecurrentArgs): tf.RNN;
  lstm(args: RecurrentArgs): tf.RNN;
  gru(args: RecurrentArgs): tf.RNN;
  bidirectional(args: { layer: tf.RNN; mergeMode: "concat"; inputShape?: number[] }): Layer;
  embedding(args: { inputDim: number; outputDim: number; inputLength: number; maskZero: boolean }): Layer;
  dense(args: { units: number; activation: "linear" | "sigmoid" | "softmax" }): Layer;
}

interface RecurrentArgs {
  units: number;
  activation: "relu" | "tanh";
  recurrentActivation: "sigmoid";
  returnSequences: boolean;
  /** Of rnnlab's GRU; that of tfjs cannot. */
  resetAfter?: boolean;
  recurrentInitializer: "zeros";
  inputShape?: number[];
}

const lastActivation = {
  meanSquaredError: "linear",
  binaryCrossentropy: "sigmoid",
  categoricalCrossentropy: "softmax",
} as const;

/** Builds a workload's model, not yet compiled. */
export function buildModel(workload: Workload, family: LayerFamily, resetAfter: boolean): tf.Sequential {
  const { input, time, layers, outputs, loss } = workload;
  const model = tf.sequential();
  if (typeof input !== "number")
    model.add(
      family.embedding({
        inputDim: input.vocabulary,
        outputDim: input.vector,
        inputLength: time,
        maskZero: input.masked === true,
      }),
    );
  layers.forEach((part, index) => {
    const shape = index === 0 && typeof input === "number" ? { inputShape: [time, input] } : {};
    model.add(recurrentLayer(part, family, index < layers.length - 1, resetAfter, shape));
  });
  model.add(family.dense({ units: outputs, activation: lastActivation[loss] }));
  return model;
}

function recurrentLayer(
  { cell, units, activation, bidirectional }: RecurrentPart,
  family: LayerFamily,
  returnSequences: boolean,
  resetAfter: boolean,
  shape: { inputShape?: number[] },
): Layer {
  const layer = family[cell]({
    units,
    activation: activation ?? "tanh",
    recurrentActivation: "sigmoid",
    returnSequences,
    ...(cell === "gru" && family !== tf.layers ? { resetAfter } : {}),
    // The weights are set afterwards: an orthogonal matrix would be made in vain.
    recurrentInitializer: "zeros",
    ...(bidirectional ? {} : shape),
  });
  return bidirectional ? family.bidirectional({ layer, mergeMode: "concat", ...shape }) : layer;
}

/** Gives the model the weights of a file of samples; of two biases the first, where its GRU has one. */
export function setWeights(model: tf.LayersModel, weights: readonly SampleArray[]): void {
  const tensors = weights.map(({ values, shape }, index) => {
    const wanted = model.weights[index]?.shape ?? [];
    return wanted.length < shape.length
      ? tf.tensor(values.slice(0, shape[1]), shape.slice(1))
      : tf.tensor(values, shape);
  });
  model.setWeights(tensors);
  tf.dispose(tensors);
}
