import assert from "node:assert/strict";
import { test } from "node:test";
import { layers } from "../../src/layers/index.js";
import { adam } from "../../src/optimizers/index.js";
import { nativeOps } from "../../src/recurrent-ops/index.js";
import * as tf from "../../src/tensorflow.js";
import { fit } from "../../src/training/index.js";
import { quietly } from "../quiet.js";
import { difference, numbersOf, requireSame, TOLERANCE, type Trainable } from "./compiled-models.js";
import { countOps } from "./programs.js";

const options = { skip: nativeOps().available ? false : "the native ops are not built" };

/** A model that tells classes of words apart, and whose steps are taken one in a call. */
function classifier(loss: string, metrics: unknown[], isOfSteps = false): Trainable {
  const classes = loss.startsWith("binary") ? 1 : 4;
  const model = tf.sequential({
    layers: [
      layers.embedding({ inputDim: 9, outputDim: 3, inputLength: 5, maskZero: true }),
      layers.gru({ units: 4, returnSequences: isOfSteps }),
      layers.dense({ units: classes, activation: classes === 1 ? "sigmoid" : "softmax" }),
    ],
  });
  model.compile({ optimizer: "adam", loss, metrics: metrics as string[] });
  const x = tf.tidy(() => tf.sin(tf.range(0, 215)).mul(4).add(4).floor().reshape([43, 5]));
  const numbers = tf.tidy(() => (isOfSteps ? x : x.slice([0, 4], [-1, 1])).mod(Math.max(classes, 2)));
  const oneHot = () => tf.oneHot(numbers.toInt().squeeze(isOfSteps ? [] : [1]), classes).toFloat();
  const y = loss.startsWith("categorical") ? oneHot() : numbers;
  return { model, x, y, options: { batchSize: 8, epochs: 9, validationData: [x, y] } };
}

test("metrics that are given by name are computed by the op", options, async () => {
  const cases: [loss: string, metrics: string[], isOfSteps?: boolean][] = [
    ["binaryCrossentropy", ["accuracy", "precision"]],
    ["categoricalCrossentropy", ["accuracy", "categoricalCrossentropy", "mse"]],
    ["categoricalCrossentropy", ["precision", "cosine"], true],
    ["categoricalCrossentropy", ["accuracy", "mae"], true],
    ["sparseCategoricalCrossentropy", ["accuracy", "crossentropy"]],
  ];
  for (const [loss, metrics, isOfSteps] of cases)
    await requireSame(`${loss}, ${metrics}`, () => classifier(loss, metrics, isOfSteps));
  const count = (metrics: unknown[]) => {
    const { model, x, y, options: given } = classifier("sparseCategoricalCrossentropy", metrics);
    return countOps("ArgMax", () => quietly(() => fit(model, x, y, { epochs: 9, ...given })));
  };
  // Of two shapes of batches two each are taken op by op, and metrics are computed once more to write down how.
  assert.equal(await count(["accuracy"]), 2 * (2 * 2 + 2));
  // A function of one's own is computed outside, and with it all others.
  const own = (y: tf.Tensor, predicted: tf.Tensor) => tf.sub(y, predicted.max(1, true)).abs();
  assert.equal(await count(["accuracy", own]), 2 * 9 * 6);
  await requireSame("of one's own", () => classifier("sparseCategoricalCrossentropy", ["accuracy", own]));
});

test("a metric counts from the moment that a model is compiled with it", options, async () => {
  const run = async (compileStep: boolean): Promise<number[]> => {
    const trainable = classifier("binaryCrossentropy", ["accuracy"]);
    const numbers: number[] = [];
    for (const metrics of [["accuracy"], ["mae"], [], ["precision", "mae"]]) {
      trainable.model.compile({ optimizer: adam(), loss: "binaryCrossentropy", metrics });
      trainable.model.setWeights(
        trainable.model.getWeights().map(({ size, shape }) => tf.linspace(-0.5, 0.6, size).reshape(shape)),
      );
      numbers.push(...(await numbersOf(trainable, { compileStep })));
    }
    return numbers;
  };
  assert.ok(difference(await run(true), await run(false)) <= TOLERANCE);
});
