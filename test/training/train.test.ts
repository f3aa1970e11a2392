import assert from "node:assert/strict";
import { test } from "node:test";
import { seededLayers } from "../../src/layers/index.js";
import { adam, FusedOptimizer } from "../../src/optimizers/index.js";
import { nativeOps } from "../../src/recurrent-ops/index.js";
import * as tf from "../../src/tensorflow.js";
import { type DatasetBatch, fit, fitDataset } from "../../src/training/index.js";
import { quietly } from "../quiet.js";
import { smallModel, weights, x, y } from "./small-model.js";

test("fit() comes to the same losses and weights as tfjs's own, which it replaces by name", async () => {
  for (const optimizer of ["adam", "rmsprop", "sgd", "adagrad"]) {
    for (const loss of ["meanSquaredError", "binaryCrossentropy", "meanAbsoluteError", "logcosh"]) {
      const [ours, stock] = [smallModel(optimizer, loss), smallModel(optimizer, loss)];
      const options = { epochs: 3, batchSize: 6, shuffle: false };
      const history = await quietly(() => fit(ours, x, y, { ...options, validationData: [x, y] }));
      const expected = (await stock.fit(x, y, { ...options, validationData: [x, y], verbose: 0 })).history;
      const near = (got: readonly number[], numbers: readonly number[], name: string) =>
        got.forEach((value, i) => {
          assert.ok(
            Math.abs(value - numbers[i]!) < 1e-5,
            `${optimizer}, ${loss}, ${name}: ${value}, ${numbers[i]}`,
          );
        });
      near(history.loss, expected.loss as number[], "loss");
      near(history.valLoss!, expected.val_loss as number[], "validation loss");
      near(history.metrics.mae!, expected.mae as number[], "mae");
      near(history.metrics.val_mae!, expected.val_mae as number[], "validation mae");
      near(weights(ours), weights(stock), "weights");
      const isFused = nativeOps().available && optimizer !== "adagrad";
      assert.equal(ours.optimizer instanceof FusedOptimizer, isFused);
      // Trained on, it goes on from where it is.
      await quietly(() => fit(ours, x, y, options));
      await stock.fit(x, y, { ...options, verbose: 0 });
      near(weights(ours), weights(stock), "weights after more epochs");
    }
  }
});

test("an optimiser that the caller made stays", async () => {
  const optimizer = tf.train.adam();
  const trained = smallModel(optimizer);
  await quietly(() => fit(trained, x, y, { epochs: 1 }));
  assert.equal(trained.optimizer, optimizer);
  assert.equal(optimizer.iterations, 1);
});

test("fit() takes 32 samples a step unless it is told otherwise", async () => {
  const steps: number[] = [];
  const onBatchEnd = (step: number) => void steps.push(step);
  for (const rows of [32, 33]) {
    const [inputs, targets] = [tf.ones([rows, 3]), tf.ones([rows, 1])];
    await quietly(() => fit(smallModel(), inputs, targets, { epochs: 1, callbacks: { onBatchEnd } }));
  }
  assert.deepEqual(steps, [0, 0, 1]);
});

test("a model with several inputs and outputs is trained as tfjs does it", async () => {
  const make = () => {
    const [a, b] = [tf.input({ shape: [3] }), tf.input({ shape: [1] })];
    const dense = (units: number) => tf.layers.dense({ units, kernelInitializer: "ones" });
    const both = tf.layers.concatenate().apply([a, b]) as tf.SymbolicTensor;
    const outputs = [dense(1).apply(both), dense(2).apply(both)] as tf.SymbolicTensor[];
    const made = tf.model({ inputs: [a, b], outputs });
    made.compile({ optimizer: tf.train.sgd(0.01), loss: ["meanSquaredError", "meanAbsoluteError"] });
    return made;
  };
  const [ours, stock] = [make(), make()];
  const [inputs, targets] = [
    [x, y],
    [y, tf.concat([y, y.neg()], 1)],
  ];
  const options = { epochs: 2, batchSize: 8, shuffle: false };
  const history = await quietly(() => fit(ours, inputs, targets, options));
  const expected = (await stock.fit(inputs, targets, { ...options, verbose: 0 })).history;
  assert.deepEqual(Object.keys(history.metrics), ours.metricsNames.slice(1));
  history.loss.forEach((value, i) => {
    assert.ok(Math.abs(value - (expected.loss![i] as number)) < 1e-5);
  });
  await assert.rejects(fit(ours, x, targets, options), {
    name: "RangeError",
    message: "Cannot fit: there must be data for 2 inputs of the model, got 1; several are given as an array",
  });
  await assert.rejects(fit(ours, inputs, targets, { ...options, classWeight: { 0: 2 } }), {
    name: "RangeError",
    message: "Cannot fit: with classWeight the model must have one output, got 2; give sampleWeight",
  });
  await assert.rejects(fit(ours, inputs, [y, y], options), {
    name: "RangeError",
    message: new RegExp(
      `^Cannot fit: targets of ${ours.outputNames[1]} must have shape \\[n, 2\\] .* got \\[20, 1\\]$`,
    ),
  });
});

test("fit() takes weights of samples with a last axis of one as without it", async () => {
  const sampleWeight = tf.linspace(0, 2, 20);
  for (const loss of ["meanSquaredError", "binaryCrossentropy", "meanAbsoluteError"]) {
    const losses = [];
    for (const shape of [[20], [20, 1]]) {
      const options = { epochs: 2, batchSize: 6, sampleWeight: sampleWeight.reshape(shape) };
      losses.push((await quietly(() => fit(smallModel("sgd", loss), x, y, options))).loss);
    }
    assert.deepEqual(losses[1], losses[0], loss);
  }
});

test("fit() trains a stateful model in batches of its own size, and refuses others", async () => {
  const made = () => {
    const { gru, dense } = seededLayers(1);
    const stateful = tf.sequential({
      layers: [gru({ units: 3, stateful: true, batchInputShape: [4, 3, 1] }), dense({ units: 1 })],
    });
    stateful.compile({ optimizer: "adam", loss: "meanSquaredError" });
    return stateful;
  };
  const sequences = x.reshape([20, 3, 1]);
  const [ours, stock] = [made(), made()];
  const options = { epochs: 2, shuffle: false };
  const history = await quietly(() => fit(ours, sequences, y, options));
  // tfjs's own takes what it is given, too, and asks for the batch size.
  const expected = await stock.fit(sequences, y, { ...options, batchSize: 4, verbose: 0 });
  history.loss.forEach((loss, i) => {
    assert.ok(Math.abs(loss - (expected.history.loss![i] as number)) < 1e-5);
  });
  for (const [samples, batchSize] of [
    [20, 5],
    [18, 4],
  ] as const) {
    const attempt = fit(ours, sequences.slice(0, samples), y.slice(0, samples), { ...options, batchSize });
    await assert.rejects(attempt, {
      name: "RangeError",
      message: `Cannot fit: the model takes batches of 4 samples only, got ${samples} samples in batches of ${batchSize}`,
    });
  }
});

test("fitDataset() trains on batches of any size as fit() does, and disposes of them", async () => {
  const [whole, pieces, callable] = [smallModel(adam()), smallModel(adam()), smallModel()];
  const batches = function* (): Generator<DatasetBatch> {
    for (const [begin, size] of [
      [0, 8],
      [8, 8],
      [16, 4],
    ] as const) {
      yield tf.tidy(() => ({ xs: x.slice(begin, size), ys: y.slice(begin, size).reshape([size]) }));
    }
  };
  const options = { epochs: 3, shuffle: false, batchSize: 8, validationData: [x, y] as const };
  const expected = await quietly(() => fit(whole, x, y, options));
  await quietly(() => fitDataset(callable, batches, { epochs: 1, batchesPerEpoch: 1 }));
  const before = tf.memory().numTensors;
  const dataset = {
    [Symbol.asyncIterator]: async function* () {
      yield* batches();
    },
  };
  const validationData = () => [{ xs: x.clone(), ys: y.clone() }];
  const history = await quietly(() =>
    fitDataset(pieces, dataset, { epochs: 3, batchesPerEpoch: 9, validationData }),
  );
  assert.deepEqual(history.loss, expected.loss);
  assert.deepEqual(weights(pieces), weights(whole));
  assert.ok(Math.abs(history.valLoss![2]! - expected.valLoss![2]!) < 1e-6);
  assert.equal(callable.optimizer.iterations, 1);
  await assert.rejects(
    quietly(() => fitDataset(pieces, [], { epochs: 1, batchesPerEpoch: 1 })),
    {
      name: "RangeError",
      message: "Cannot fit: the data set must give a batch in each epoch, got none",
    },
  );
  const wrong = () => [{ xs: x.clone(), ys: tf.zeros([20, 2]) }];
  await assert.rejects(
    quietly(() => fitDataset(pieces, wrong, { epochs: 1, batchesPerEpoch: 1 })),
    {
      message: "Cannot fit: targets must have shape [n, 1] as the model's output, got [20, 2]",
    },
  );
  // Two slots for each of four variables.
  assert.equal(tf.memory().numTensors, before + 8);
});

test("fitDataset() trains on a tf.data.Dataset as fit() does on its tensors", async () => {
  const [whole, pieces] = [smallModel(adam()), smallModel(adam())];
  const expected = await quietly(() => fit(whole, x, y, { epochs: 2, shuffle: false, batchSize: 8 }));
  const rows = (values: tf.Tensor) => tf.data.array(values.arraySync() as number[][]);
  const dataset = tf.data.zip({ xs: rows(x), ys: rows(y) }).batch(8);
  const history = await quietly(() => fitDataset(pieces, dataset, { epochs: 2, batchesPerEpoch: 9 }));
  assert.deepEqual(history.loss, expected.loss);
  assert.deepEqual(weights(pieces), weights(whole));
});

test("neither tensors nor memory grow from epoch to epoch", async () => {
  const table = tf.sequential({
    layers: [
      tf.layers.embedding({ inputDim: 20_000, outputDim: 16, inputLength: 5 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 1 }),
    ],
  });
  table.compile({ optimizer: adam(), loss: "meanSquaredError" });
  const words = tf.tensor2d(
    Int32Array.from({ length: 320 }, (_, i) => (i * 7919) % 20_000),
    [64, 5],
    "int32",
  );
  const counts: number[] = [];
  const sizes: number[] = [];
  const onEpochEnd = () => {
    counts.push(tf.memory().numTensors);
    sizes.push(process.memoryUsage().rss / 2 ** 20);
  };
  await quietly(() => fit(table, words, tf.zeros([64, 1]), { epochs: 50, batchSize: 8, onEpochEnd }));
  assert.equal(new Set(counts).size, 1);
  // 400 steps: each would leave 1.2 MiB behind, or 3.7 with the moments.
  assert.ok(sizes[49]! - sizes[9]! < 60, `resident memory went from ${sizes[9]} to ${sizes[49]} MiB`);
});
