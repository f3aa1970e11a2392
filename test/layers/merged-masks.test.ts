import assert from "node:assert/strict";
import { test } from "node:test";
import { layers, tf } from "rnnlab";

const FEATURES = 2;
/** A series with these steps. A step of 0 is masked. */
const series = (...steps: number[]) =>
  tf.tensor3d([steps.map((step) => Array.from({ length: FEATURES }, (_, i) => step * (i + 1)))]);

/** What an LSTM makes of two masked series that a layer has merged. */
function merged(lstm: tf.RNN, layer: tf.layers.Layer, a: tf.Tensor, b: tf.Tensor): Float32Array {
  const inputs = [a, b].map(({ shape }) => tf.input({ shape: shape.slice(1) }));
  const masked = inputs.map((input) => tf.layers.masking().apply(input) as tf.SymbolicTensor);
  const outputs = lstm.apply(layer.apply(masked) as tf.SymbolicTensor) as tf.SymbolicTensor;
  return (tf.model({ inputs, outputs }).predict([a, b]) as tf.Tensor).dataSync<"float32">();
}

function requireSame(layer: () => tf.layers.Layer, a: tf.Tensor, b: tf.Tensor, expected: tf.Tensor): void {
  const lstm = layers.lstm({ units: 3 });
  const found = merged(lstm, layer(), a, b);
  const reference = (lstm.apply(expected) as tf.Tensor).dataSync<"float32">();
  found.forEach((value, i) => {
    assert.ok(Math.abs(value - (reference[i] ?? 0)) < 1e-6, `${found} is not ${reference}`);
  });
}

test("tf.layers.concatenate() counts a negative axis from the last, and joins the masks along it", () => {
  const [a, b, steps] = [series(1, 0, 2), series(3, 0), series(1, 2, 3)];
  requireSame(() => tf.layers.concatenate({ axis: -2 }), a, b, steps);
  requireSame(() => tf.layers.concatenate({ axis: 1 }), a, b, steps);
  tf.dispose([a, b, steps]);
});

test("tf.layers.concatenate() of features leaves out a step that is masked in one of its inputs", () => {
  const [a, b, steps] = [series(1, 0, 2, 4), series(3, 1, 0, 5), tf.concat([series(1, 4), series(3, 5)], -1)];
  requireSame(() => tf.layers.concatenate(), a, b, steps);
  requireSame(() => tf.layers.concatenate({ axis: -1 }), a, b, steps);
  tf.dispose([a, b, steps]);
});

test("tf.layers.add() leaves out a step that is masked in one of its inputs", () => {
  const [a, b, steps] = [series(1, 0, 2, 4), series(3, 1, 0, 5), series(4, 9)];
  requireSame(() => tf.layers.add(), a, b, steps);
  tf.dispose([a, b, steps]);
});
