import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "rnnlab";
import { layers, lstmGates, seededLayers } from "rnnlab/layers";

const greatest = (a: tf.Tensor, b: tf.Tensor) => tf.tidy(() => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!);

test("lstmGates() has the cell's and the layer's own states at every step, and leaves only its results", () => {
  const layer = seededLayers(3).lstm({ units: 3, returnSequences: true, returnState: true });
  const x = tf.randomNormal<tf.Rank.R3>([2, 6, 4], 0, 1, "float32", 5);
  const [sequence, , cell] = layer.apply(x) as [tf.Tensor, tf.Tensor, tf.Tensor];
  const before = tf.memory().numTensors;
  const gates = lstmGates(layer, x);
  assert.equal(tf.memory().numTensors, before + 6);
  assert.ok(greatest(gates.state, sequence) < 1e-5);
  assert.ok(greatest(gates.cell.slice([0, 5], [2, 1]).squeeze([1]), cell) < 1e-5);
});

test("lstmGates() tells the gates apart in the order of Keras's weights: i, f, g, o", () => {
  const layer = layers.lstm({ units: 1, inputShape: [1, 1] });
  tf.sequential({ layers: [layer] });
  // Without weights of input and state each gate is its bias alone.
  layer.setWeights([tf.zeros([1, 4]), tf.zeros([1, 4]), tf.tensor1d([1, 2, 3, 4])]);
  const gates = lstmGates(layer, tf.ones([1, 1, 1]));
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
  const expected = { input: sigmoid(1), forget: sigmoid(2), candidate: Math.tanh(3), output: sigmoid(4) };
  for (const [name, value] of Object.entries(expected)) {
    const [got = Number.NaN] = gates[name as keyof typeof expected].dataSync();
    assert.ok(Math.abs(got - value) < 1e-6, name);
  }
});

test("lstmGates() refuses other layers, layers without weights and inputs that do not fit", () => {
  const x = tf.ones<tf.Rank.R3>([1, 2, 3]);
  const built = layers.lstm({ units: 1, inputShape: [2, 5] });
  tf.sequential({ layers: [built] });
  assert.throws(() => lstmGates(layers.gru({ units: 1 }), x), /^TypeError: Cannot show gates: .* got GRU$/);
  assert.throws(() => lstmGates(layers.lstm({ units: 1 }), x), /^RangeError: .* must be built/);
  assert.throws(() => lstmGates(built, x), /^RangeError: .*\[batch, time, 5\], got \[1, 2, 3\]$/);
});
