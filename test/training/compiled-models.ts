import { seededLayers } from "../../src/layers/index.js";
import { adam, rmsprop, sgd } from "../../src/optimizers/index.js";
import { RandomGenerator } from "../../src/random/index.js";
import * as tf from "../../src/tensorflow.js";
import { type FitOptions, fit } from "../../src/training/index.js";
import { quietly } from "../quiet.js";
import { weights } from "./small-model.js";

/** A model with data for it. */
export interface Trainable {
  readonly model: tf.LayersModel;
  readonly x: tf.Tensor;
  readonly y: tf.Tensor | tf.Tensor[];
  readonly options: Partial<FitOptions>;
}

const [TIME, FEATURES, ROWS] = [6, 3, 43];

/** Makes a model, and data of 43 rows, out of all that is compiled: the same for the same seed. */
export function randomTrainable(seed: number): Trainable {
  const random = new RandomGenerator(seed);
  const one = <T>(items: readonly T[]): T => items[Math.floor(random.uniform() * items.length)] as T;
  const made = seededLayers(seed);
  const depth = one([0, 1, 1, 2, 3]);
  const model = tf.sequential();
  for (let i = 0; i < depth; i++) {
    const maker = one([made.simpleRNN, made.lstm, made.gru]);
    model.add(
      maker({
        units: one([1, 3, 5, 8]),
        activation: one(["tanh", "tanh", "sigmoid", "linear"] as const),
        goBackwards: one([false, true]),
        returnSequences: i < depth - 1,
        useBias: one([true, true, false]),
        ...(i === 0 ? { inputShape: [TIME, FEATURES] } : {}),
      }),
    );
  }
  if (depth === 0) model.add(made.dense({ units: 4, inputShape: [FEATURES], activation: "tanh" }));
  if (one([true, false]))
    model.add(made.dense({ units: one([2, 7, 16]), activation: one(["relu", "tanh", "sigmoid", "linear"]) }));
  const [loss, activation, units] = one([
    ["meanSquaredError", "linear", 1],
    ["meanSquaredError", "tanh", 3],
    ["binaryCrossentropy", "sigmoid", 1],
    ["categoricalCrossentropy", "softmax", 4],
  ] as const);
  model.add(made.dense({ units, activation, useBias: one([true, false]) }));
  const optimizer = one([
    () => adam({ learningRate: 0.01, clipnorm: 1 }),
    () => adam({ epsilon: 1e-3, weightDecay: 0.01 }),
    () => rmsprop({ momentum: 0.5, centered: true, epsilon: 1e-3, learningRate: 0.003 }),
    () => sgd({ momentum: 0.9, nesterov: true, clipvalue: 0.2 }),
    () => sgd({ learningRate: 0.05, globalClipnorm: 0.5 }),
  ])();
  model.compile({ optimizer, loss, metrics: one([[], ["mae"]]) });
  const shape = depth === 0 ? [ROWS, FEATURES] : [ROWS, TIME, FEATURES];
  const x = tf.randomNormal(shape, 0, 1, "float32", seed);
  const classes = tf.tidy(() =>
    tf.equal(tf.mod(tf.range(0, ROWS), Math.max(units, 2)).expandDims(1), tf.range(0, units)).toFloat(),
  );
  const y = loss === "meanSquaredError" ? tf.randomNormal([ROWS, units], 0, 1, "float32", seed + 1) : classes;
  const sampleWeight = tf.linspace(0.5, 1.5, ROWS);
  return { model, x, y, options: { batchSize: one([8, 10, 20]), ...one([{}, { sampleWeight }]) } };
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
  return [...history.loss, ...Object.values(history.metrics).flat(), ...weights(model)];
}

/** The greatest difference of two lists, relative to numbers greater than 1. */
export function difference(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  const each = a.map((value, i) => Math.abs(value - (b[i] as number)) / Math.max(1, Math.abs(value)));
  return each.reduce((most, next) => (next <= most ? most : next), 0);
}
