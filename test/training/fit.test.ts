import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { tf } from "rnnlab";
import { seededLayers } from "rnnlab/layers";
import { type FitOptions, fit } from "rnnlab/training";
import { recordDisplay } from "../display/recorded-display.js";

recordDisplay();

const x = tf.tensor2d([[0], [1], [2], [3], [4]]);
const y = tf.tensor2d([[1], [3], [5], [7], [9]]);

function line(outputs = 1, metrics: string[] = []): tf.Sequential {
  const model = tf.sequential({ layers: [seededLayers(1).dense({ units: outputs, inputShape: [1] })] });
  model.compile({ optimizer: tf.train.sgd(0.01), loss: "meanSquaredError", metrics });
  return model;
}
const quiet: FitOptions = { epochs: 1, seed: 1 };

test("fit() takes the steps of gradient descent, worked out by hand", async () => {
  const model = line();
  model.setWeights([tf.tensor2d([[0]]), tf.tensor1d([0])]);
  const history = await fit(model, x, y, { ...quiet, batchSize: 4, shuffle: false });
  // Batch 1: errors −1, −3, −5, −7; loss 21; dw = 2·mean(e·x) = −17, db = −8; w = 0.17, b = 0.08.
  // Batch 2: x = 4, error 0.68 + 0.08 − 9 = −8.24; loss 67.8976. The epoch's loss is weighted by samples.
  assert.ok(Math.abs(history.loss[0]! - (4 * 21 + 67.8976) / 5) < 1e-4);
  const [w, b] = model.getWeights().map((weight) => weight.dataSync()[0]!);
  assert.ok(Math.abs(w! - (0.17 + 0.01 * 2 * 8.24 * 4)) < 1e-5);
  assert.ok(Math.abs(b! - (0.08 + 0.01 * 2 * 8.24)) < 1e-5);
});

test("fit() takes values with their shape as it takes tensors, and leaves no tensor behind", async () => {
  const shaped = (values: number[]) => ({ values: Float32Array.from(values), shape: [5, 1] });
  const fromTensors = await fit(line(), x, y, { epochs: 2, validationData: [x, y] });
  const model = line();
  const before = tf.memory().numTensors;
  const samples = [shaped([0, 1, 2, 3, 4]), shaped([1, 3, 5, 7, 9])] as const;
  const fromValues = await fit(model, ...samples, { epochs: 2, validationData: samples });
  assert.deepEqual(fromValues.loss, fromTensors.loss);
  assert.deepEqual(fromValues.valLoss, fromTensors.valLoss);
  assert.equal(tf.memory().numTensors, before);
});

test("fit() says how to compile a model that is not compiled", async () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
  await assert.rejects(
    fit(model, x, y, quiet),
    /^Error: Cannot fit: the model must be compiled, .*model\.compile/,
  );
  assert.throws(() => model.compile({ optimizer: "sgd", loss: "mse" }));
  await assert.rejects(fit(model, x, y, quiet), /must be compiled/);
});

test("fit() refuses a target that TensorFlow would spread over the outputs", async () => {
  const scalar = tf.tensor1d([1, 3, 5, 7, 9]);
  await assert.rejects(fit(line(14), x, scalar, quiet), {
    name: "RangeError",
    message: "Cannot fit: targets must have shape [n, 14] as the model's output, got [5]",
  });
  await assert.rejects(fit(line(14), x, y, quiet), {
    name: "RangeError",
    message: "Cannot fit: targets must have shape [n, 14] as the model's output, got [5, 1]",
  });
  await assert.rejects(fit(line(14), x, tf.zeros([5, 14]), { ...quiet, validationData: [x, y] }), {
    message: "Cannot fit: targets must have shape [n, 14] as the model's output, got [5, 1]",
  });
});

test("fit() refuses other data and options that cannot be", async () => {
  const refusals: [Promise<unknown>, string][] = [
    [fit(line(), tf.zeros([5, 2]), y, quiet), "Cannot fit: inputs must have shape [n, 1], got [5, 2]"],
    [
      fit(line(), x, tf.zeros([4, 1]), quiet),
      "Cannot fit: inputs and targets must have as many samples, got 5 and 4",
    ],
    [fit(line(), x, y, { ...quiet, epochs: 0 }), "Cannot fit: epochs must be a positive integer, got 0"],
    [
      fit(line(), x, y, { ...quiet, batchSize: 1.5 }),
      "Cannot fit: batchSize must be a positive integer, got 1.5",
    ],
  ];
  for (const [training, message] of refusals) await assert.rejects(training, { name: "RangeError", message });
});

test("fit() takes targets [n] for an output of [n, 1]", async () => {
  const flat = await fit(line(), x, y.reshape([5]), quiet);
  const column = await fit(line(), x, y, quiet);
  assert.deepEqual(flat.loss, column.loss);
});

test("fit() reports validation loss and metrics after each epoch, and stops when told to", async () => {
  const model = line(1, ["mae"]);
  const seen: number[] = [];
  const history = await fit(model, x, y, {
    epochs: 9,
    seed: 1,
    validationData: [x, y],
    onEpochEnd: ({ epoch }) => {
      seen.push(epoch);
      return epoch === 2 ? "stop" : undefined;
    },
  });
  assert.deepEqual(seen, [1, 2]);
  assert.deepEqual(history.epoch, [1, 2]);
  assert.deepEqual(Object.keys(history.metrics), ["mae", "val_mae"]);
  const [loss, mae] = (model.evaluate(x, y) as tf.Scalar[]).map((value) => value.dataSync()[0]!);
  assert.ok(Math.abs(history.valLoss![1]! - loss!) < 1e-5);
  assert.ok(Math.abs(history.metrics.val_mae![1]! - mae!) < 1e-5);
});

test("fit() leaves no tensors behind, even when it fails", async () => {
  const model = line();
  await fit(model, x, y, quiet);
  const before = tf.memory().numTensors;
  await fit(model, x, y, { ...quiet, epochs: 3, validationData: [x, y] });
  await assert.rejects(
    fit(model, x, y, {
      ...quiet,
      onEpochEnd: () => {
        throw new Error("enough");
      },
    }),
    { message: "enough" },
  );
  assert.equal(tf.memory().numTensors, before);
});

test("messages are handled between the steps of a training", async () => {
  let handled = 0;
  const timer = setInterval(() => handled++, 1);
  // A step that takes longer than the longest block, whatever the machine.
  const onBatchBegin = () => {
    const end = performance.now() + 110;
    while (performance.now() < end);
  };
  await fit(line(), x, y, { epochs: 1, batchSize: 2, seed: 1, callbacks: { onBatchBegin } });
  clearInterval(timer);
  assert.ok(handled >= 2, `timers must run between three steps, ran ${handled} times`);
});

test("the same seed gives the same losses in another process, another seed does not", () => {
  const losses = (seed: number) =>
    execFileSync(
      process.execPath,
      [
        "-e",
        `const { tf, seededLayers, fit } = require("rnnlab");
        const layers = seededLayers(${seed});
        const model = tf.sequential({ layers: [layers.gru({ units: 8, inputShape: [5, 1] }), layers.dropout({ rate: 0.2 }), layers.dense({ units: 1 })] });
        model.compile({ optimizer: tf.train.adam(0.01), loss: "meanSquaredError" });
        const x = tf.linspace(0, 1, 100).reshape([20, 5, 1]);
        fit(model, x, x.mean([1, 2]), { epochs: 3, batchSize: 8, seed: ${seed} }).then(({ loss }) => console.log("losses", loss.join(" ")));`,
      ],
      { encoding: "utf8" },
    );
  const first = losses(3);
  const values = (output: string) => output.slice(output.indexOf("losses"));
  assert.equal(values(losses(3)), values(first));
  assert.notEqual(values(losses(4)), values(first));
});

test("what is left out while training is not left out of the validation", async () => {
  const made = tf.sequential({
    layers: [
      tf.layers.dropout({ rate: 0.5, inputShape: [1] }),
      tf.layers.dense({ units: 1, kernelInitializer: "ones" }),
    ],
  });
  made.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  const { valLoss: [loss] = [] } = await fit(made, x, y, { ...quiet, validationData: [x, y] });
  const expected = made.evaluate(x, y) as tf.Scalar;
  assert.ok(Math.abs((loss ?? Number.NaN) - (expected.dataSync()[0] ?? 0)) < 1e-6, `${loss}`);
});
