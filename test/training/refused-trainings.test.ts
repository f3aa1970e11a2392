import assert from "node:assert/strict";
import { test } from "node:test";
import { seededLayers } from "../../src/layers/index.js";
import { adam } from "../../src/optimizers/index.js";
import * as tf from "../../src/tensorflow.js";
import { fit, fitDataset } from "../../src/training/index.js";
import { quietly } from "../quiet.js";
import { smallModel, x, y } from "./small-model.js";

test("fit() refuses weights, shares and a second training that cannot be", async () => {
  const three = tf.tensor1d([1, 2, 3]);
  const attempts: [Partial<Parameters<typeof fit>[3]>, string][] = [
    [{ sampleWeight: three }, "sampleWeight must have a number for each of 20 samples, got shape [3]"],
    [
      { sampleWeight: tf.ones([20, 20]) },
      "sampleWeight must be a number for each sample or each of its losses [20], got shape [20, 20]",
    ],
    [{ validationData: [tf.zeros([0, 3]), tf.zeros([0, 1])] }, "there must be samples, got 0"],
    [{ classWeight: { 0: -1 } }, "classWeight must give numbers from 0 for class numbers, got 0: -1"],
    [
      { classWeight: { 0: 2 }, sampleWeight: tf.ones([20]) },
      "only one of sampleWeight and classWeight can be given, got both",
    ],
    [
      { validationSplit: 0.99 },
      "validationSplit must leave samples for training and validation, got 0.99 of 20 samples",
    ],
    [
      { validationSplit: 0.5, validationData: [x, y] },
      "only one of validationSplit and validationData can be given, got both",
    ],
    [{ yieldEvery: 0 }, "yieldEvery must be a positive number, got 0"],
  ];
  for (const [options, message] of attempts) {
    await assert.rejects(fit(smallModel(), x, y, { epochs: 1, ...options }), {
      name: "RangeError",
      message: `Cannot fit: ${message}`,
    });
  }
  const trained = smallModel();
  const first = quietly(() => fit(trained, x, y, { epochs: 2 }));
  await assert.rejects(fit(trained, x, y, { epochs: 1 }), {
    message: "Cannot fit: the model is being trained already; await that first",
  });
  await first;
});

test("fit() refuses weights of classes where a sample has targets at several steps", async () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2, 3] })] });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  const options = { epochs: 1, classWeight: { 0: 2 } };
  await assert.rejects(fit(model, tf.zeros([4, 2, 3]), tf.zeros([4, 2, 1]), options), {
    name: "RangeError",
    message: "Cannot fit: with classWeight targets must have shape [n] or [n, classes], got [4, 2, 1]",
  });
});

test("fit() and fitDataset() say what plain JavaScript has mixed up", async () => {
  // An optimiser that is given by name would be replaced, and its tensors disposed of.
  const compiled = smallModel(adam());
  type Loose = (...given: unknown[]) => Promise<unknown>;
  const [looseFit, looseFitDataset] = [fit, fitDataset] as unknown as [Loose, Loose];
  const onBatches = (dataset: unknown) =>
    looseFitDataset(compiled, dataset, { epochs: 1, batchesPerEpoch: 1 });
  const data = "must be a tensor or { values, shape }, or an array of them for a model with several, got";
  const hint = "; tf.tensor() makes a tensor";
  const attempts: [() => Promise<unknown>, string][] = [
    [() => looseFit(undefined, x, y, { epochs: 1 }), "the model must be one of tfjs, got undefined"],
    [() => looseFit(compiled, x, y), "options must be an object such as { epochs: 10 }, got undefined"],
    [() => looseFit(compiled, x, y, 10), "options must be an object such as { epochs: 10 }, got number"],
    [() => looseFit(compiled, x, y, {}), "epochs must be a number, got undefined"],
    [() => looseFit(compiled, x, y, { epochs: "3" }), "epochs must be a number, got string"],
    [() => looseFit(compiled, [[1, 2, 3]], y, { epochs: 1 }), `inputs ${data} number[][]${hint}`],
    [() => looseFit(compiled, x, new Float32Array(20), { epochs: 1 }), `targets ${data} Float32Array${hint}`],
    [() => looseFit(compiled, x, null, { epochs: 1 }), `targets ${data} null${hint}`],
    [
      () => looseFit(compiled, x, y, { epochs: 1, sampleWeight: [1, 2] }),
      `sampleWeight ${data} number[]${hint}`,
    ],
    [
      () => looseFit(compiled, x, y, { epochs: 1, classWeight: 2 }),
      "classWeight must be an object such as { 0: 1, 1: 5 }, got number",
    ],
    [
      () => looseFit(compiled, x, y, { epochs: 1, validationData: x }),
      "validationData must be [inputs, targets], got Tensor",
    ],
    [
      () => looseFit(compiled, x, y, { epochs: 1, callbacks: () => undefined }),
      "callbacks must be objects with methods such as onEpochEnd, got function",
    ],
    [
      () => looseFit(compiled, x, y, { epochs: 1, onEpochEnd: {} }),
      "onEpochEnd must be a function, got Object",
    ],
    [() => looseFitDataset(compiled, []), "options must be an object such as { epochs: 10 }, got undefined"],
    [
      () => onBatches(3),
      "the data set must be iterable, a tf.data.Dataset or a function that gives one, got number",
    ],
    [
      () => onBatches([[x, y]]),
      "xs of a batch must be a tensor, or an array of them for a model with several, got undefined",
    ],
    [
      () => onBatches([{ xs: x.clone(), ys: [1, 2] }]),
      "ys of a batch must be a tensor, or an array of them for a model with several, got number[]",
    ],
  ];
  const before = tf.memory().numTensors;
  for (const [attempt, message] of attempts) {
    await assert.rejects(quietly(attempt), { name: "TypeError", message: `Cannot fit: ${message}` });
  }
  assert.equal(tf.memory().numTensors, before);
});

test("targets of the sparse cross-entropy that are no class are refused by value and sample", async () => {
  const classifier = tf.sequential({
    layers: [tf.layers.dense({ units: 3, activation: "softmax", inputShape: [3] })],
  });
  classifier.compile({ optimizer: "sgd", loss: "sparseCategoricalCrossentropy" });
  const options = { epochs: 1, batchesPerEpoch: 1 };
  for (const wrong of [1.5, 3, -1, Number.NaN]) {
    const labels = tf.tensor1d(Array.from({ length: 20 }, (_, i) => (i === 7 ? wrong : i % 3)));
    const refusal = {
      name: "RangeError",
      message: `Cannot fit: targets must be class numbers from 0 to 2, got ${wrong} for sample 7`,
    };
    await assert.rejects(
      quietly(() => fit(classifier, x, labels, { epochs: 1 })),
      refusal,
    );
    const batches = () => [{ xs: x.clone(), ys: labels }];
    await assert.rejects(
      quietly(() => fitDataset(classifier, batches, options)),
      refusal,
    );
  }
});

test("a step that fails leaves no tensors behind, wherever it fails", async () => {
  const fail = () => {
    throw new Error("no loss today");
  };
  const compile = (args: object) => {
    const { embedding, lstm, dense } = seededLayers(1);
    const failing = tf.sequential({
      layers: [
        embedding({ inputDim: 5, outputDim: 2, maskZero: true, inputLength: 3, activityRegularizer: "l1l2" }),
        lstm({ units: 3, returnSequences: true, activityRegularizer: "l1l2" }),
        dense({ units: 1, activation: "sigmoid" }),
      ],
    });
    failing.compile({ optimizer: tf.train.sgd(0.1), loss: "binaryCrossentropy", ...args });
    return failing;
  };
  const broken = compile({});
  (broken.layers.at(-1) as tf.layers.Layer).call = fail;
  const attempts = [compile({ loss: fail }), compile({ metrics: [fail] }), broken];
  const [words, targets] = [tf.ones([20, 3]), tf.ones([20, 3, 1])];
  for (const failing of attempts) {
    const before = tf.memory().numTensors;
    await assert.rejects(
      quietly(() => fit(failing, words, targets, { epochs: 1 })),
      { message: "no loss today" },
    );
    assert.equal(tf.memory().numTensors, before);
  }
});
