import assert from "node:assert/strict";
import { seededLayers } from "../../src/layers/index.js";
import { adam, rmsprop, sgd } from "../../src/optimizers/index.js";
import { RandomGenerator } from "../../src/random/index.js";
import * as tf from "../../src/tensorflow.js";
import { type FitOptions, fit, trainingStep } from "../../src/training/index.js";
import { quietly } from "../quiet.js";
import { weights } from "./small-model.js";

/** A model with data for it. */
export interface Trainable {
  readonly model: tf.LayersModel;
  readonly x: tf.Tensor;
  readonly y: tf.Tensor | tf.Tensor[];
  readonly options: Partial<FitOptions>;
}

const [TIME, FEATURES, ROWS, WORDS] = [6, 3, 43, 12];

type Draw = <T>(items: readonly T[]) => T;
type Makers = ReturnType<typeof seededLayers>;

const optimizers = [
  () => adam({ learningRate: 0.01, clipnorm: 1 }),
  () => adam({ epsilon: 1e-3, weightDecay: 0.01 }),
  () => rmsprop({ momentum: 0.5, centered: true, epsilon: 1e-3, learningRate: 0.003 }),
  () => sgd({ momentum: 0.9, nesterov: true, clipvalue: 0.2 }),
  () => sgd({ learningRate: 0.05, globalClipnorm: 0.5 }),
];

/** Losses with an activation and a number of units that fit. */
const endings = [
  ["meanSquaredError", "linear", 1],
  ["meanSquaredError", "tanh", 3],
  ["meanAbsoluteError", "linear", 2],
  ["meanSquaredLogarithmicError", "relu", 2],
  ["logcosh", "elu", 1],
  ["poisson", "softplus", 1],
  ["squaredHinge", "linear", 1],
  ["binaryCrossentropy", "sigmoid", 1],
  ["categoricalCrossentropy", "softmax", 4],
  ["kullbackLeiblerDivergence", "softmax", 3],
  ["sparseCategoricalCrossentropy", "softmax", 5],
] as const;

/** A recurrent layer, or two that read in opposite directions. */
function recurrentLayer(one: Draw, made: Makers, returnSequences: boolean, first: object): tf.layers.Layer {
  const isTwofold = one([false, false, true]);
  const maker = one([made.simpleRNN, made.lstm, made.gru]);
  const layer = maker({
    units: one([1, 3, 5, 8]),
    activation: one(["tanh", "tanh", "sigmoid", "linear"] as const),
    goBackwards: isTwofold ? false : one([false, true]),
    returnSequences,
    useBias: one([true, true, false]),
    dropout: one([0, 0, 0.25]),
    ...one([{}, {}, { kernelRegularizer: "l1l2", recurrentRegularizer: "l1l2" } as const]),
    ...(isTwofold ? {} : first),
  });
  if (!isTwofold) return layer;
  const mergeMode = one(["concat", "concat", "sum", "ave", "mul"] as const);
  return made.bidirectional({ layer: layer as tf.RNN, mergeMode, ...first });
}

/** Makes a model, and data of 43 rows, out of all that is compiled: the same for the same seed. */
export function randomTrainable(seed: number): Trainable {
  const random = new RandomGenerator(seed);
  const one: Draw = (items) => items[Math.floor(random.uniform() * items.length)] as (typeof items)[number];
  const made = seededLayers(seed);
  const depth = one([0, 1, 1, 2, 3]);
  const hasWords = one([false, true]);
  const [loss, activation, units] = one(endings);
  const isSequence = depth > 0 && loss === "meanSquaredError" && one([false, true]);
  const model = tf.sequential();
  const outputDim = FEATURES;
  if (hasWords)
    model.add(
      made.embedding({ inputDim: WORDS, outputDim, inputLength: TIME, maskZero: one([false, true]) }),
    );
  const first = hasWords ? {} : { inputShape: depth === 0 ? [FEATURES] : [TIME, FEATURES] };
  for (let i = 0; i < depth; i++)
    model.add(recurrentLayer(one, made, isSequence || i < depth - 1, i === 0 ? first : {}));
  if (depth === 0 && hasWords) model.add(one([tf.layers.flatten, tf.layers.globalAveragePooling1d])({}));
  if (depth === 0) model.add(made.dense({ units: 4, activation: "tanh", ...first }));
  if (one([false, false, true])) model.add(made.dropout({ rate: 0.3 }));
  if (one([true, false]))
    model.add(made.dense({ units: one([2, 7, 16]), activation: one(["relu", "tanh", "sigmoid", "linear"]) }));
  model.add(made.dense({ units, activation, useBias: one([true, false]) }));
  model.compile({ optimizer: one(optimizers)(), loss, metrics: one([[], ["mae"]]) });
  const options = {
    batchSize: one([8, 10, 20]),
    ...one([{}, { sampleWeight: tf.linspace(0.5, 1.5, ROWS) }]),
  };
  const shape = [ROWS, ...(model.inputs[0]?.shape.slice(1) ?? [])] as number[];
  const noise = tf.randomNormal(shape, 0, 1, "float32", seed);
  const x = hasWords ? tf.relu(tf.floor(tf.mul(noise, 4))).clipByValue(0, WORDS - 1) : noise;
  return {
    model,
    x: hasWords && one([false, true]) ? x.toInt() : x,
    y: targets(loss, [ROWS, ...(model.outputs[0]?.shape.slice(1) ?? [])] as number[], seed),
    options: isSequence ? { batchSize: options.batchSize } : options,
  };
}

/** What the loss takes for targets. */
function targets(loss: string, shape: readonly number[], seed: number): tf.Tensor {
  const classes = tf.mod(tf.range(0, ROWS), Math.max(shape[1] ?? 1, 2)).expandDims(1);
  if (loss.startsWith("sparse")) return classes;
  if (/cross|Leibler/.test(loss)) return tf.equal(classes, tf.range(0, shape[1] ?? 1)).toFloat();
  const numbers = tf.randomNormal([...shape], 0, 1, "float32", seed + 1);
  if (loss.includes("Hinge")) return tf.sign(numbers);
  return /Logarithmic|poisson/.test(loss) ? tf.abs(numbers) : numbers;
}

/** Trains, and gives the losses of epochs, then all weights. */
export async function numbersOf(
  { model, x, y, options }: Trainable,
  more: Partial<FitOptions> = {},
): Promise<number[]> {
  const history = await quietly(() =>
    fit(model, x, y, {
      epochs: Math.ceil(50 / Math.ceil(ROWS / (options.batchSize ?? 32))),
      ...options,
      ...more,
    }),
  );
  const validated = [history.valLoss ?? [], ...Object.values(history.metrics)];
  return [...history.loss, ...validated.flat(), ...weights(model)];
}

/** The greatest difference of two lists, relative to numbers greater than 1. */
export function difference(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  const each = a.map((value, i) => Math.abs(value - (b[i] as number)) / Math.max(1, Math.abs(value)));
  return each.reduce((most, next) => (next <= most ? most : next), 0);
}

/** How far compiled steps may be from steps op by op, as {@link difference} counts. */
export const TOLERANCE = 1e-5;

/** Trains twice from the same start, compiled and op by op, and compares losses, metrics and weights. */
export async function requireSame(
  name: string,
  make: () => Trainable,
  more: (trainable: Trainable) => Partial<FitOptions> = () => ({}),
): Promise<void> {
  const [compiled, opByOp] = [make(), make()];
  opByOp.model.setWeights(compiled.model.getWeights());
  const got = await numbersOf(compiled, more(compiled));
  assert.deepEqual(trainingStep(compiled.model), { compiled: true }, name);
  const expected = await numbersOf(opByOp, { ...more(opByOp), compileStep: false });
  const off = difference(got, expected);
  assert.ok(off <= TOLERANCE, `${name}: ${off}`);
}
