import assert from "node:assert/strict";
import { test } from "node:test";
import { layers, tf } from "rnnlab";
import { sgd } from "rnnlab/optimizers";
import { nativeOps } from "rnnlab/recurrent-ops";
import { fitTruncated, trainingStep } from "rnnlab/training";
import { readGolden } from "../golden/read-golden.js";
import { quietly } from "../quiet.js";

interface Shaped {
  shape: number[];
  values: number[];
}

const golden = readGolden<{
  x: Shaped;
  y: Shaped;
  start: Shaped[];
  cases: { steps: number; loss: number[]; weights: number[][] }[];
}>("fit-truncated");

const toTensor = ({ shape, values }: Shaped) => tf.tensor(values, shape);

function startModel(stateful = true): tf.Sequential {
  const model = tf.sequential({
    layers: [
      layers.simpleRNN({ units: 3, stateful, returnSequences: true, batchInputShape: [2, null, 2] }),
      layers.dense({ units: 1 }),
    ],
  });
  tf.tidy(() => model.setWeights(golden.start.map(toTensor)));
  model.compile({ optimizer: tf.train.sgd(0.1), loss: "meanSquaredError" });
  return model;
}

for (const { steps, loss, weights } of golden.cases)
  for (const isCompiled of [false, true]) {
    const how = isCompiled ? "compiled" : "op by op";
    test(`fitTruncated() in chunks of ${steps} steps, ${how}, has Keras's losses and weights, and leaves no tensors`, async () => {
      const [x, y, model] = [toTensor(golden.x), toTensor(golden.y), startModel()];
      if (isCompiled) model.compile({ optimizer: sgd({ learningRate: 0.1 }), loss: "meanSquaredError" });
      const before = tf.memory().numTensors;
      const history = await quietly(() => fitTruncated(model, x, y, { steps, epochs: loss.length }));
      assert.equal(tf.memory().numTensors, before);
      assert.equal(trainingStep(model).compiled, isCompiled && nativeOps().available);
      // Both means count a shorter last chunk as the others.
      history.loss.forEach((value, i) => {
        assert.ok(Math.abs(value - loss[i]!) < 1e-5, `epoch ${i + 1}: ${value} and ${loss[i]}`);
      });
      model.getWeights().forEach((weight, i) => {
        weight.dataSync().forEach((value, j) => {
          assert.ok(Math.abs(value - weights[i]![j]!) < 1e-5, `weight ${i}, ${j}`);
        });
      });
    });
  }

test("fitTruncated() validates chunk by chunk from states of zeros, whatever the training left", async () => {
  const [x, y, model] = [toTensor(golden.x), toTensor(golden.y), startModel()];
  model.compile({ optimizer: tf.train.sgd(0), loss: "meanSquaredError" });
  const options = { steps: 4, epochs: 2, validationData: [x, y] as const };
  const { loss, valLoss = [] } = await quietly(() => fitTruncated(model, x, y, options));
  for (const value of [...loss, ...valLoss]) assert.ok(Math.abs(value - loss[0]!) < 1e-6);
});

test("fitTruncated() refuses what it cannot train", async () => {
  const [x, y] = [toTensor(golden.x), toTensor(golden.y)];
  const refused = (model: tf.Sequential, targets: tf.Tensor, steps: number) =>
    assert.rejects.bind(null, () => quietly(() => fitTruncated(model, x, targets, { steps, epochs: 1 })));
  await refused(startModel(), y, 0)(/^RangeError: Cannot fit: steps must be a positive integer, got 0$/);
  await refused(startModel(false), y, 4)(/^RangeError: Cannot fit truncated: a layer must be stateful/);
  await refused(
    startModel(),
    tf.zeros([2, 1]),
    4,
  )(/^RangeError: Cannot fit truncated: .* got \[2, 11, 2\] and \[2, 1\]$/);
});
