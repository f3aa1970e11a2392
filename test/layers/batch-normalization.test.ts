import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "rnnlab";
import { GlobalAveragePooling1D } from "../../src/layers/global-average-pooling-1d.js";
import { readGolden } from "../golden/read-golden.js";

interface Case {
  readonly options: { scale?: boolean; center?: boolean; axis?: number; trainable?: boolean };
  readonly isMasked: boolean;
  readonly before: number[][];
  readonly after: number[][];
  readonly predicted: number[];
}

const golden = readGolden<{ x: number[]; y: number[]; cases: Record<string, Case> }>("batch-normalization");
const TOLERANCE = 1e-5;

function requireEqual(found: tf.Tensor, expected: readonly number[], what: string): void {
  const difference = Math.max(
    ...[...found.dataSync()].map((value, i) => Math.abs(value - (expected[i] ?? 0))),
  );
  assert.ok(difference < TOLERANCE, `${what} differs by ${difference}`);
}

for (const [name, { options, isMasked, before, after, predicted }] of Object.entries(golden.cases)) {
  test(`BatchNormalization trains as Keras's: ${name}`, async () => {
    const start = tf.memory().numTensors;
    const inputShape = [5, 3];
    const model = tf.sequential({
      layers: [
        ...(isMasked ? [tf.layers.masking({ inputShape })] : []),
        tf.layers.batchNormalization({ momentum: 0.8, epsilon: 0.01, inputShape, ...options }),
        new GlobalAveragePooling1D(),
        tf.layers.dense({ units: 1 }),
      ],
    });
    // Keras has them layer by layer, tfjs those that are trained first.
    const weights = model.layers.flatMap((layer) => layer.weights);
    tf.tidy(() => {
      for (const [i, weight] of weights.entries())
        weight.write(tf.tensor(before[i] ?? [], weight.shape as number[]));
    });
    const [x, y] = [tf.tensor(golden.x, [6, 5, 3]), tf.tensor(golden.y, [6, 1])];
    const optimizer = tf.train.sgd(0.1);
    model.compile({ optimizer, loss: "meanSquaredError" });
    await model.fit(x, y, { epochs: 3, batchSize: 6, shuffle: false, verbose: 0 });
    for (const [i, weight] of weights.entries()) requireEqual(weight.read(), after[i] ?? [], `weight ${i}`);
    const output = model.predict(x) as tf.Tensor;
    requireEqual(output, predicted, "the prediction");
    tf.dispose([x, y, output]);
    optimizer.dispose();
    model.dispose();
    assert.equal(tf.memory().numTensors, start);
  });
}

test("BatchNormalization inside a model that is not trainable keeps to what it has learned", () => {
  const layer = tf.layers.batchNormalization({ inputShape: [3] });
  const inner = tf.sequential({ layers: [layer] });
  inner.trainable = false;
  tf.tidy(() => {
    const x = tf.tensor2d([
      [1, 2, 3],
      [5, 6, 7],
    ]);
    const output = inner.apply(x, { training: true }) as tf.Tensor;
    requireEqual(output, [...tf.mul(x, 1 / Math.sqrt(1.001)).dataSync()], "the output");
    requireEqual(layer.getWeights()[2] as tf.Tensor, [0, 0, 0], "the mean");
  });
  inner.dispose();
});

test("BatchNormalization refuses a mask that is not one of its places", () => {
  const layer = tf.layers.batchNormalization({});
  const [x, mask] = [tf.ones([2, 3, 4]), tf.ones([2], "bool")];
  assert.throws(
    () => layer.apply(x, { training: true, mask }),
    /Cannot apply BatchNormalization: the mask must have 2 axes, got 1/,
  );
  tf.dispose([x, mask]);
  layer.dispose();
});
