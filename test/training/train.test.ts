import assert from "node:assert/strict";
import { test } from "node:test";
import { seededLayers } from "../../src/layers/index.js";
import { adam, FusedOptimizer, sgd } from "../../src/optimizers/index.js";
import { nativeOps } from "../../src/recurrent-ops/index.js";
import * as tf from "../../src/tensorflow.js";
import {
  type Callback,
  type DatasetBatch,
  earlyStopping,
  fit,
  fitDataset,
  type Logs,
  learningRateSchedule,
  reduceOnPlateau,
} from "../../src/training/index.js";
import { quietly } from "./quiet.js";

const x = tf.linspace(-1, 1, 60).reshape([20, 3]) as tf.Tensor2D;
const y = x.mean(1, true).square();

/** The same small model from the same weights. */
function model(
  optimizer: string | tf.Optimizer = "adam",
  loss = "meanSquaredError",
  outputs = 1,
): tf.Sequential {
  const made = tf.sequential({
    layers: [
      tf.layers.dense({ units: 4, activation: "tanh", inputShape: [3] }),
      tf.layers.dense({ units: outputs, activation: loss === "meanSquaredError" ? "linear" : "sigmoid" }),
    ],
  });
  made.compile({ optimizer, loss, metrics: ["mae"] });
  made.setWeights(made.getWeights().map(({ shape, size }) => tf.linspace(-0.5, 0.6, size).reshape(shape)));
  return made;
}
const weights = (of: tf.LayersModel) => of.getWeights().flatMap((weight) => [...weight.dataSync()]);

test("fit() comes to the same losses and weights as tfjs's own, which it replaces by name", async () => {
  for (const optimizer of ["adam", "rmsprop", "sgd", "adagrad"]) {
    for (const loss of ["meanSquaredError", "binaryCrossentropy", "meanAbsoluteError", "logcosh"]) {
      const [ours, stock] = [model(optimizer, loss), model(optimizer, loss)];
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
  const trained = model(optimizer);
  await quietly(() => fit(trained, x, y, { epochs: 1 }));
  assert.equal(trained.optimizer, optimizer);
  assert.equal(optimizer.iterations, 1);
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
  await assert.rejects(fit(ours, inputs, [y, y], options), {
    name: "RangeError",
    message: new RegExp(
      `^Cannot fit: targets of ${ours.outputNames[1]} must have shape \\[n, 2\\] .* got \\[20, 1\\]$`,
    ),
  });
});

test("callbacks are called in order with what they are promised, tfjs's own too", async () => {
  const calls: string[] = [];
  const names = (logs?: Logs) => Object.keys(logs ?? {}).join("+");
  const spy: Callback = {
    setModel: () => calls.push("setModel"),
    onTrainBegin: () => calls.push("trainBegin"),
    onTrainEnd: () => calls.push("trainEnd"),
    onEpochBegin: (epoch) => calls.push(`epochBegin ${epoch}`),
    onEpochEnd: async (epoch, logs) => {
      await new Promise(setImmediate);
      calls.push(`epochEnd ${epoch} ${names(logs)}`);
    },
    onBatchBegin: (batch) => calls.push(`batchBegin ${batch}`),
    onBatchEnd: (batch, logs) => calls.push(`batchEnd ${batch} ${names(logs)}`),
    dispose: () => calls.push("dispose"),
  };
  const theirs = new tf.CustomCallback({ onEpochEnd: async (epoch) => void calls.push(`tfjs ${epoch}`) });
  await quietly(() =>
    fit(model(), x, y, { epochs: 1, batchSize: 10, validationData: [x, y], callbacks: [spy, theirs] }),
  );
  assert.deepEqual(calls, [
    "setModel",
    "trainBegin",
    "epochBegin 0",
    "batchBegin 0",
    "batchEnd 0 loss+mae",
    "batchBegin 1",
    "batchEnd 1 loss+mae",
    "epochEnd 0 loss+val_loss+mae+val_mae",
    "tfjs 0",
    "trainEnd",
    "dispose",
  ]);
});

test("a callback can end the training in the middle of an epoch", async () => {
  const trained = model();
  const onBatchEnd = (batch: number) => {
    if (batch === 1) trained.stopTraining = true;
  };
  const history = await quietly(() =>
    fit(trained, x, y, { epochs: 5, batchSize: 5, callbacks: { onBatchEnd } }),
  );
  assert.deepEqual(history.epoch, [1]);
  assert.equal(trained.optimizer.iterations, 2);
  const again = await quietly(() => fit(trained, x, y, { epochs: 2 }));
  assert.deepEqual(again.epoch, [1, 2]);
});

test("earlyStopping() gives back the best weights and leaves nothing behind, also when training fails", async () => {
  const trained = model(sgd({ learningRate: 0.5 }));
  const before = tf.memory().numTensors;
  let best: number[] = [];
  let least = Number.POSITIVE_INFINITY;
  // The rate is raised until the training goes wrong.
  const stop = earlyStopping({ monitor: "loss", patience: 2, restoreBestWeights: true });
  const rise = learningRateSchedule((epoch) => 0.1 * 3 ** epoch);
  const onEpochEnd = ({ loss }: { loss: number }) => {
    if (loss < least) [least, best] = [loss, weights(trained)];
  };
  const history = await quietly(() =>
    fit(trained, x, y, { epochs: 30, callbacks: [rise, stop], onEpochEnd }),
  );
  assert.equal(stop.best, Math.min(...history.loss));
  assert.equal(history.epoch.length, stop.bestEpoch + 3);
  assert.equal(stop.stoppedEpoch, stop.bestEpoch + 2);
  assert.deepEqual(weights(trained), best);
  const fail = () => {
    throw new Error("enough");
  };
  await assert.rejects(
    quietly(() => fit(trained, x, y, { epochs: 3, callbacks: [stop, { onEpochEnd: fail }] })),
    { message: "enough" },
  );
  assert.equal(tf.memory().numTensors, before);
});

test("callbacks refuse what cannot be, and what is not there", async () => {
  assert.throws(() => earlyStopping({ patience: -1 }), {
    name: "RangeError",
    message: "Cannot stop early: patience must be an integer from 0, got -1",
  });
  assert.throws(
    () => earlyStopping({ mode: "best" as never }),
    /mode must be "auto", "min" or "max", got best/,
  );
  assert.throws(() => earlyStopping({ minDelta: -1 }), /minDelta must be a number from 0, got -1/);
  assert.throws(() => reduceOnPlateau({ factor: 1 }), /factor must be more than 0 and less than 1, got 1/);
  await assert.rejects(
    quietly(() => fit(model(), x, y, { epochs: 1, callbacks: earlyStopping() })),
    {
      message: "Cannot stop early: the logs must have val_loss, got loss, mae; give validationData to fit()",
    },
  );
  const stock = model(tf.train.sgd(0.1));
  await assert.rejects(
    quietly(() => fit(stock, x, y, { epochs: 1, callbacks: reduceOnPlateau() })),
    {
      name: "TypeError",
      message:
        "Cannot change the learning rate: the optimiser must be one of rnnlab/optimizers, got SGD of tfjs",
    },
  );
});

test("fit() takes weights of samples with a last axis of one as without it", async () => {
  const sampleWeight = tf.linspace(0, 2, 20);
  for (const loss of ["meanSquaredError", "binaryCrossentropy", "meanAbsoluteError"]) {
    const losses = [];
    for (const shape of [[20], [20, 1]]) {
      const options = { epochs: 2, batchSize: 6, sampleWeight: sampleWeight.reshape(shape) };
      losses.push((await quietly(() => fit(model("sgd", loss), x, y, options))).loss);
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
    await assert.rejects(fit(model(), x, y, { epochs: 1, ...options }), {
      name: "RangeError",
      message: `Cannot fit: ${message}`,
    });
  }
  const trained = model();
  const first = quietly(() => fit(trained, x, y, { epochs: 2 }));
  await assert.rejects(fit(trained, x, y, { epochs: 1 }), {
    message: "Cannot fit: the model is being trained already; await that first",
  });
  await first;
});

test("fit() and fitDataset() say what plain JavaScript has mixed up", async () => {
  // An optimiser that is given by name would be replaced, and its tensors disposed of.
  const compiled = model(adam());
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

test("fitDataset() trains on batches of any size as fit() does, and disposes of them", async () => {
  const [whole, pieces, callable] = [model(adam()), model(adam()), model()];
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
  const [whole, pieces] = [model(adam()), model(adam())];
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
  // 400 steps, each of which would leave 1.2 MiB behind, or 3.7 with the moments.
  assert.ok(sizes[49]! - sizes[9]! < 60, `resident memory went from ${sizes[9]} to ${sizes[49]} MiB`);
});
