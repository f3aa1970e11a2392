import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "rnnlab";
import { layers } from "rnnlab/layers";
import { fit } from "rnnlab/training";

type Output = tf.SymbolicTensor;

/** A dense layer's weights, by which the last outputs are far from one half: there a loss of the outputs alone is clipped. */
const WEIGHTS = [tf.tensor2d([[30], [-40]]), tf.tensor1d([5])];
const features = tf.tensor2d([
  [1, 0],
  [0, 1],
  [0.5, 0.25],
]);
const targets = tf.tensor2d([[0], [1], [1]]);

/** The loss of the last layers' arguments, with numbers of double precision. */
function expectedLoss(): number {
  const arguments_ = [
    [1, 0],
    [0, 1],
    [0.5, 0.25],
  ].map(([a = 0, b = 0]) => 30 * a - 40 * b + 5);
  const losses = [0, 1, 1].map((target, i) => {
    const x = arguments_[i] as number;
    return Math.max(x, 0) - x * target + Math.log1p(Math.exp(-Math.abs(x)));
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

const ends: Readonly<Record<string, (x: Output) => Output[]>> = {
  "a dense layer": (x) => [layers.dense({ units: 1, activation: "sigmoid" }).apply(x) as Output],
  "an activation layer": (x) => [
    tf.layers
      .activation({ activation: "sigmoid" })
      .apply(layers.dense({ units: 1 }).apply(x) as Output) as Output,
  ],
  "one layer that is called twice": (x) => {
    const layer = layers.dense({ units: 1, activation: "sigmoid" });
    const again = tf.layers.activation({ activation: "linear" }).apply(x) as Output;
    return [layer.apply(x) as Output, layer.apply(again) as Output];
  },
  "a nested model": (x) => {
    const inner = tf.sequential({
      layers: [layers.dense({ units: 1, activation: "sigmoid", inputShape: [2] })],
    });
    return [inner.apply(x) as Output];
  },
};

for (const [name, endOf] of Object.entries(ends)) {
  test(`the loss of ${name} is computed from the argument of its sigmoid`, async () => {
    const x = tf.input({ shape: [2] });
    const outputs = endOf(x);
    const model = tf.model({ inputs: x, outputs });
    model.setWeights(WEIGHTS);
    model.compile({ optimizer: tf.train.sgd(0), loss: "binaryCrossentropy" });
    const { loss } = await fit(model, features, outputs.length === 1 ? targets : outputs.map(() => targets), {
      epochs: 1,
    });
    const expected = expectedLoss() * outputs.length;
    const found = loss[0] as number;
    assert.ok(Math.abs(found - expected) < 1e-4 * expected, `${found}, not ${expected}`);
  });
}
