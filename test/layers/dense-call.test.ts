import assert from "node:assert/strict";
import { test } from "node:test";
import { callOnMatrix } from "../../src/layers/dense-call.js";
import * as tf from "../../src/tensorflow.js";
import { stock } from "../../src/tfjs/stock.js";

// Taken before anything else may replace it.
const stockCall = stock.Dense.prototype.call;
const x = tf.linspace(-1, 1, 35).reshape([5, 7]);

for (const activation of ["linear", "tanh", "relu", "softmax"] as const) {
  for (const useBias of [true, false]) {
    test(`a Dense of a matrix, ${activation}, ${useBias ? "with" : "without"} bias, computes what tfjs's does`, () => {
      const layer = new stock.Dense({ units: 3, activation, useBias, inputShape: [7] });
      layer.build([null, 7]);
      const before = tf.memory().numTensors;
      const weights = layer.weights.map((weight) => weight.read() as tf.Variable);
      const run = (call: (input: tf.Tensor) => tf.Tensor) => {
        const loss = (input: tf.Tensor) => tf.sum(tf.mul(tf.square(call(input)), tf.range(1, 4))).asScalar();
        const { value, grads } = tf.variableGrads(() => loss(x), weights);
        const [second] = tf.grads((input: tf.Tensor) => tf.sum(tf.square(tf.grad(loss)(input))))([x]);
        const results = [value, ...weights.map(({ name }) => grads[name]!), tf.grad(loss)(x), second!];
        const numbers = results.map((tensor) => [...tensor.dataSync()]);
        tf.dispose([results, value, grads]);
        return numbers;
      };
      const expected = tf.tidy(() => run((input) => stockCall.call(layer, input, {}) as tf.Tensor));
      const got = tf.tidy(() => run((input) => callOnMatrix(layer, input)!));
      assert.equal(tf.memory().numTensors, before);
      got.forEach((numbers, which) => {
        numbers.forEach((value, i) => {
          const right = expected[which]![i]!;
          assert.ok(
            Math.abs(value - right) < 1e-4 * (1 + Math.abs(right)),
            `${which}, ${i}: ${value}, ${right}`,
          );
        });
      });
    });
  }
}

test("a Dense of anything but a matrix of float32 is left to tfjs", () => {
  const layer = new stock.Dense({ units: 3, inputShape: [7] });
  layer.build([null, 7]);
  for (const input of [tf.zeros([2, 4, 7]), tf.zeros([5, 7], "int32"), tf.zeros([0, 7])]) {
    assert.equal(callOnMatrix(layer, input), undefined);
  }
});
