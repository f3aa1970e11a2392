// Masked steps and penalties of activity, with the numbers of test/golden/sequences.py.
import assert from "node:assert/strict";
import { test } from "node:test";
import { layers, tf } from "rnnlab";
import { sgd } from "rnnlab/optimizers";
import { type FitDatasetOptions, fit, fitDataset, type History } from "rnnlab/training";
import { readGolden } from "../golden/read-golden.js";
import { makeLayer, type Spec, setWeights } from "../layers/layer-spec.js";
import { quietly } from "../quiet.js";

interface Trained {
  readonly start: number[][];
  readonly history: Readonly<Record<string, number[]>>;
  readonly weights: number[][];
}
interface Golden {
  readonly epochs: number;
  readonly batchSize: number;
  readonly validationSplit: number;
  readonly sizes: [samples: number, time: number];
  readonly words: number[];
  readonly targets: Readonly<Record<string, number[]>>;
  readonly stepWeights: number[];
  readonly cases: readonly (Trained & {
    readonly name: string;
    readonly layers: readonly Spec[];
    readonly target: string;
    readonly loss: string;
    readonly metrics: string[];
    readonly weighted: boolean;
  })[];
  readonly shared: Trained;
}

const golden = readGolden<Golden>("sequences");
const [samples, time] = golden.sizes;
const { epochs, batchSize, validationSplit } = golden;
const options = { epochs, batchSize, validationSplit, shuffle: false };
const camelCase = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
const words = () => tf.tensor2d(golden.words, [samples, time]);

function targetOf(name: string): tf.Tensor {
  const values = golden.targets[name]!;
  if (values.length === samples) return tf.tensor2d(values, [samples, 1]);
  return tf.tensor3d(values, [samples, time, values.length / samples / time]);
}

function assertNear(got: ArrayLike<number>, expected: readonly number[], name: string): void {
  assert.equal(got.length, expected.length, name);
  expected.forEach((value, i) => {
    const difference = Math.abs(got[i]! - value);
    assert.ok(difference <= 2e-5 * (1 + Math.abs(value)), `${name} ${i}: ${got[i]}, Keras has ${value}`);
  });
}

function checkHistory(history: History, expected: Trained): void {
  const { loss, val_loss: valLoss, ...metrics } = expected.history;
  assertNear(history.loss, loss!, "loss");
  assertNear(history.valLoss!, valLoss!, "validation loss");
  for (const [name, numbers] of Object.entries(metrics)) assertNear(history.metrics[name]!, numbers, name);
}

function checkWeights(made: readonly tf.layers.Layer[], { weights }: Trained): void {
  const trained = made.flatMap((layer) => layer.getWeights());
  assert.equal(trained.length, weights.length);
  trained.forEach((weight, i) => {
    assertNear(weight.dataSync(), weights[i]!, `weights ${i}`);
  });
}

for (const expected of golden.cases) {
  test(`fit() trains to the numbers of Keras on masked sequences: ${expected.name}`, async () => {
    const made = expected.layers.map((spec) => makeLayer(spec));
    const model = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [time] }), ...made] });
    setWeights(made, expected.start);
    const metrics = expected.metrics.map((name) => (name === "acc" ? "accuracy" : name));
    model.compile({
      optimizer: sgd({ learningRate: 0.05, momentum: 0.9 }),
      loss: camelCase(expected.loss),
      metrics,
    });
    const sampleWeight = tf.tensor2d(golden.stepWeights, [samples, time]);
    const [x, y] = [words(), targetOf(expected.target)];
    const before = tf.memory().numTensors;
    const history = await quietly(() =>
      fit(model, x, y, { ...options, ...(expected.weighted ? { sampleWeight } : {}) }),
    );
    model.optimizer.dispose();
    assert.equal(tf.memory().numTensors, before, "tensors are left behind");
    checkHistory(history, expected);
    checkWeights(made, expected);
    model.dispose();
  });
}

test("fit() finds the mask of an output inside a model that is a layer", async () => {
  const expected = golden.cases.find(({ name }) => name === "numbers")!;
  const made = expected.layers.map((spec) => makeLayer(spec));
  const inner = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [time] }), ...made] });
  const model = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [time] }), inner] });
  setWeights(made, expected.start);
  const optimizer = sgd({ learningRate: 0.05, momentum: 0.9 });
  model.compile({ optimizer, loss: "meanSquaredError", metrics: expected.metrics });
  const history = await quietly(() => fit(model, words(), targetOf(expected.target), options));
  checkHistory(history, expected);
  checkWeights(made, expected);
  model.dispose();
});

test("fit() has layers that are used twice pay for their weights once and for each of their activities, as Keras", async () => {
  const l1 = { l1: 0.03, l2: 0 };
  const l2 = { l1: 0, l2: 0.05 };
  const embedding = layers.embedding({
    inputDim: 7,
    outputDim: 3,
    embeddingsRegularizer: tf.regularizers.l1l2(l2),
    activityRegularizer: tf.regularizers.l1l2(l1),
  });
  const recurrent = layers.gru({
    units: 2,
    kernelRegularizer: tf.regularizers.l1l2(l2),
    activityRegularizer: tf.regularizers.l1l2(l1),
  });
  const head = layers.dense({ units: 1 });
  const inputs = [tf.input({ shape: [time] }), tf.input({ shape: [time] })];
  const read = inputs.map((input) => recurrent.apply(embedding.apply(input)) as tf.SymbolicTensor);
  const outputs = head.apply(tf.layers.concatenate().apply(read)) as tf.SymbolicTensor;
  const model = tf.model({ inputs, outputs });
  setWeights([embedding, recurrent, head], golden.shared.start);
  model.compile({ optimizer: sgd({ learningRate: 0.05, momentum: 0.9 }), loss: "meanSquaredError" });
  const x = [words(), tf.reverse(words(), 0)];
  const history = await quietly(() => fit(model, x, targetOf("one"), options));
  checkHistory(history, golden.shared);
  checkWeights([embedding, recurrent, head], golden.shared);
  model.dispose();
});

test("fitDataset() gives the numbers of fit() on masked sequences, their mean over batches of all lengths", async () => {
  const { layers: specs, start } = golden.cases.find(({ name }) => name === "class numbers")!;
  const [x, y] = [words(), targetOf("label")];
  const losses = [];
  for (const run of ["fit", "fitDataset"] as const) {
    const made = specs.map((spec) => makeLayer(spec));
    const model = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [time] }), ...made] });
    setWeights(made, start);
    model.compile({
      optimizer: sgd({ learningRate: 0.05, momentum: 0.9 }),
      loss: "sparseCategoricalCrossentropy",
      metrics: ["accuracy"],
    });
    function* batches() {
      for (let from = 0; from < samples; from += 5) {
        const size = Math.min(5, samples - from);
        yield { xs: x.slice(from, size), ys: y.slice(from, size) };
      }
    }
    const onDataset: FitDatasetOptions = { epochs: 2, batchesPerEpoch: 3, validationData: batches };
    const validationData: [tf.Tensor, tf.Tensor] = [x, y];
    const history = await quietly(() =>
      run === "fit"
        ? fit(model, x, y, { epochs: 2, batchSize: 5, shuffle: false, validationData })
        : fitDataset(model, batches, onDataset),
    );
    losses.push([history.loss, history.valLoss, history.metrics]);
    model.dispose();
  }
  assert.deepEqual(losses[1], losses[0]);
});

test("a mask that does not fit the losses is refused", async () => {
  const model = tf.sequential({
    layers: [
      layers.embedding({ inputDim: 4, outputDim: 2, maskZero: true, inputLength: 3 }),
      layers.lstm({ units: 2, returnSequences: true }),
    ],
  });
  const loss = (targets: tf.Tensor, predictions: tf.Tensor) => tf.mean(tf.sub(targets, predictions), [1, 2]);
  model.compile({ optimizer: "sgd", loss });
  await assert.rejects(
    quietly(() => fit(model, tf.ones([2, 3]), tf.ones([2, 3, 2]), { epochs: 1 })),
    {
      name: "RangeError",
      message:
        "Cannot fit: the mask of the output must have a number for each of its losses [2], got shape [2, 3]; give the loss of each step",
    },
  );
  model.dispose();
});
