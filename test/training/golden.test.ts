import assert from "node:assert/strict";
import { test } from "node:test";
import { adam, sgd } from "../../src/optimizers/index.js";
import * as tf from "../../src/tensorflow.js";
import { type Callback, earlyStopping, fit, reduceOnPlateau } from "../../src/training/index.js";
import { readGolden } from "../golden/read-golden.js";
import { quietly } from "../quiet.js";

interface Decisions {
  options: Record<string, number | boolean>;
  losses: number[];
  epochs: number;
  rates: number[];
  weight: number;
}

interface Golden {
  epochs: number;
  batchSize: number;
  validationSplit: number;
  features: number;
  x: number[];
  targets: Record<string, number[]>;
  sampleWeight: number[];
  start: Record<string, number[][]>;
  cases: {
    loss: string;
    activation: "linear" | "sigmoid" | "softmax";
    target: string;
    units: number;
    metrics: string[];
    weighting: "none" | "sample" | "class";
    penalty: boolean;
    saturated: boolean;
    history: Record<string, number[]>;
    weights: number[][];
  }[];
  stopping: (Decisions & { mode: "min" | "max" })[];
  plateau: Decisions[];
}

const golden = readGolden<Golden>("training");
const camelCase = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

function assertNear(got: ArrayLike<number>, expected: readonly number[], name: string): void {
  assert.equal(got.length, expected.length, name);
  expected.forEach((value, i) => {
    const difference = Math.abs(got[i]! - value);
    assert.ok(difference <= 2e-5 * (1 + Math.abs(value)), `${name} ${i}: ${got[i]}, Keras has ${value}`);
  });
}

/** Keras casts whole numbers, so that they train to the same. */
const runs = golden.cases.flatMap((expected) =>
  (expected.target === "number" ? (["float32"] as const) : (["float32", "int32"] as const)).map((dtype) => ({
    ...expected,
    dtype,
  })),
);

for (const { dtype, ...expected } of runs) {
  const { loss, weighting, penalty, saturated } = expected;
  const title = `${dtype}, ${weighting} weights${penalty ? ", a penalty" : ""}${saturated ? ", saturated" : ""}`;
  test(`fit() trains to the numbers of Keras: ${loss}, ${title}`, async () => {
    const samples = golden.x.length / golden.features;
    const values = golden.targets[expected.target]!;
    const { dense } = tf.layers;
    const kernelRegularizer = penalty ? tf.regularizers.l2({ l2: 0.05 }) : undefined;
    const hidden = { units: 4, activation: "tanh" as const, inputShape: [golden.features] };
    const model = tf.sequential({
      layers: [
        dense(kernelRegularizer ? { ...hidden, kernelRegularizer } : hidden),
        dense({ units: expected.units, activation: expected.activation }),
      ],
    });
    const metrics = expected.metrics.map((name) => (name === "acc" ? "accuracy" : name));
    model.compile({ optimizer: adam({ learningRate: 0.02 }), loss: camelCase(loss), metrics });
    const start = golden.start[expected.units]!;
    model.setWeights(
      model.getWeights().map(({ shape }, i) => {
        const factor = saturated && i === 2 ? 30 : 1;
        return tf.tensor(
          start[i]!.map((value) => factor * value),
          shape,
        );
      }),
    );
    const x = tf.tensor2d(golden.x, [samples, golden.features]);
    const y = tf.tensor2d(values, [samples, values.length / samples], dtype);
    const sampleWeight = tf.tensor1d(golden.sampleWeight);
    const before = tf.memory().numTensors;
    const history = await quietly(() =>
      fit(model, x, y, {
        epochs: golden.epochs,
        batchSize: golden.batchSize,
        shuffle: false,
        validationSplit: golden.validationSplit,
        ...(weighting === "sample" ? { sampleWeight } : {}),
        ...(weighting === "class" ? { classWeight: { 0: 0.5, [expected.units > 1 ? 2 : 1]: 3 } } : {}),
      }),
    );
    model.optimizer.dispose();
    assert.equal(tf.memory().numTensors, before);
    const { loss: losses, val_loss: valLosses, ...rest } = expected.history;
    assertNear(history.loss, losses!, "loss");
    assertNear(history.valLoss!, valLosses!, "validation loss");
    assert.deepEqual(Object.keys(history.metrics), Object.keys(rest));
    for (const [name, numbers] of Object.entries(rest)) assertNear(history.metrics[name]!, numbers, name);
    model.getWeights().forEach((weight, i) => {
      assertNear(weight.dataSync(), expected.weights[i]!, `weights ${i}`);
    });
  });
}

/** Feeds a callback with a series of losses, in the place of a training. */
function decide(losses: readonly number[], callback: Callback): Omit<Decisions, "options" | "losses"> {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, useBias: false, inputShape: [1] })] });
  const optimizer = sgd({ learningRate: 1 });
  model.compile({ optimizer, loss: "meanSquaredError" });
  callback.setModel?.(model);
  callback.onTrainBegin?.();
  const rates: number[] = [];
  for (const [epoch, loss] of losses.entries()) {
    model.setWeights([tf.tensor2d([[epoch]])]);
    callback.onEpochEnd?.(epoch, { loss, acc: -loss });
    rates.push(optimizer.learningRate);
    if (model.stopTraining) break;
  }
  callback.onTrainEnd?.();
  callback.dispose?.();
  return { epochs: rates.length, rates, weight: model.getWeights()[0]!.dataSync()[0]! };
}

const renamed = (options: Decisions["options"]) =>
  Object.fromEntries(
    Object.entries(options).map(([key, value]) => [
      key === "min_lr" ? "minLearningRate" : camelCase(key),
      value,
    ]),
  );

test("earlyStopping() ends where Keras ends, with the weights that Keras has then", () => {
  for (const { options, losses, mode, ...expected } of golden.stopping) {
    const monitor = mode === "min" ? "loss" : "acc";
    const got = decide(losses, earlyStopping({ monitor, ...renamed(options) }));
    assert.deepEqual(got, expected, JSON.stringify({ options, losses, mode }));
  }
});

test("reduceOnPlateau() lowers the learning rate when Keras does", () => {
  for (const { options, losses, ...expected } of golden.plateau) {
    const got = decide(losses, reduceOnPlateau({ monitor: "loss", ...renamed(options) }));
    assertNear(got.rates, expected.rates, JSON.stringify({ options, losses }));
  }
});
