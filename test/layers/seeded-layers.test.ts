import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { tf } from "rnnlab";
import { seededLayers } from "rnnlab/layers";

afterEach(() => tf.disposeVariables());

function model(seed: number): tf.Sequential {
  const layers = seededLayers(seed);
  return tf.sequential({
    layers: [
      layers.lstm({ units: 5, returnSequences: true, inputShape: [4, 2] }),
      layers.dropout({ rate: 0.5 }),
      layers.gru({ units: 3, returnSequences: true }),
      layers.simpleRNN({ units: 3 }),
      layers.dense({ units: 1 }),
    ],
  });
}
const weights = (one: tf.LayersModel) => one.getWeights().map((weight) => [...weight.dataSync()]);

test("layers of the same seed start from the same weights, of another seed from others", () => {
  assert.deepEqual(weights(model(1)), weights(model(1)));
  assert.notDeepEqual(weights(model(1)), weights(model(2)));
});

test("layers start as Keras's do", () => {
  const [kernel, recurrent, bias] = model(3).getWeights();
  const limit = Math.sqrt(6 / (2 + 20)); // Glorot and Bengio (2010): fan in 2, fan out 4 · 5
  const values = kernel!.dataSync();
  assert.ok(Math.max(...values.map(Math.abs)) <= limit);
  assert.ok(Math.max(...values) > 0.8 * limit && Math.min(...values) < -0.8 * limit);
  const product = tf.matMul(recurrent!, recurrent!, false, true);
  assert.ok(product.sub(tf.eye(5)).abs().max().dataSync()[0]! < 1e-6);
  // Gates in the order input, forget, candidate, output; only the forget gate's bias is one.
  assert.deepEqual(
    [...bias!.dataSync()],
    [0, 1, 0, 0].flatMap((value) => Array(5).fill(value)),
  );
  product.dispose();
});

test("gates use the true sigmoid", () => {
  const gru = seededLayers(1).gru({ units: 1, inputShape: [1, 1], resetAfter: false });
  const one = tf.sequential({ layers: [gru] });
  // z = σ(1), candidate tanh(1), previous state 0: h = (1 − σ(1)) · tanh(1) = 0.204824…
  one.setWeights([tf.tensor2d([[1, 1, 1]]), tf.zeros([1, 3]), tf.zeros([3])]);
  const h = (one.predict(tf.ones([1, 1, 1])) as tf.Tensor).dataSync()[0]!;
  assert.ok(Math.abs(h - (1 - 1 / (1 + Math.exp(-1))) * Math.tanh(1)) < 1e-6);
});

test("layers are named as Keras names them", () => {
  const layers = seededLayers(1);
  const names = [layers.lstm({ units: 1 }), layers.lstm({ units: 1 }), layers.dense({ units: 1 })];
  assert.deepEqual(
    names.map(({ name }) => name),
    ["lstm", "lstm_1", "dense"],
  );
});

test("dropout drops other values at each step, the same ones in each run, and none in prediction", () => {
  const run = () => {
    const layer = seededLayers(9).dropout({ rate: 0.25 });
    const apply = () => [...(layer.apply(tf.ones([1000]), { training: true }) as tf.Tensor).dataSync()];
    return {
      first: apply(),
      second: apply(),
      predicted: (layer.apply(tf.ones([3])) as tf.Tensor).dataSync(),
    };
  };
  const { first, second, predicted } = run();
  assert.notDeepEqual(first, second);
  assert.deepEqual(run().first, first);
  assert.deepEqual(run().second, second);
  assert.deepEqual([...predicted], [1, 1, 1]);
  assert.deepEqual([...new Set(first)].sort(), [0, Math.fround(1 / 0.75)]);
  const dropped = first.filter((value) => value === 0).length;
  assert.ok(dropped > 190 && dropped < 310, `about a quarter must be dropped, got ${dropped} of 1000`);
});

test("dropout with a noise shape drops whole rows, the same ones in each run", () => {
  const run = () => {
    const layer = seededLayers(9).dropout({ rate: 0.5, noiseShape: JSON.parse("[null, 1]") });
    return [...(layer.apply(tf.ones([50, 2]), { training: true }) as tf.Tensor).dataSync()];
  };
  const values = run();
  assert.deepEqual(run(), values);
  assert.deepEqual([...new Set(values)].sort(), [0, 2]);
  for (let row = 0; row < 50; row++) assert.equal(values[2 * row], values[2 * row + 1]);
});

test("dropout refuses a rate that is not from 0 to less than 1", () => {
  for (const rate of [-0.1, 1, Number.NaN]) {
    assert.throws(
      () => seededLayers(1).dropout({ rate }),
      new RangeError(`Cannot build Dropout: rate must be at least 0 and less than 1, got ${rate}`),
    );
  }
});

test("both directions of a Bidirectional layer start from weights of their own", () => {
  const seeded = seededLayers(5);
  const layer = seeded.bidirectional({ layer: seeded.lstm({ units: 3 }), inputShape: [4, 2] });
  const one = weights(tf.sequential({ layers: [layer] }));
  for (const part of [0, 1]) assert.notDeepEqual(one[part], one[part + 3]);
});

test("a model leaves no tensors behind when it is disposed of", () => {
  const before = tf.memory().numTensors;
  model(1).dispose();
  assert.equal(tf.memory().numTensors, before);
});
