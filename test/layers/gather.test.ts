import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { layers, tf } from "rnnlab";

afterEach(() => tf.disposeVariables());

const values = (result: tf.Tensor) => [...result.dataSync()];

test("an Embedding refuses an index outside of its table, and keeps no tensors", () => {
  const layer = layers.embedding({ inputDim: 4, outputDim: 2 });
  layer.apply(tf.tensor2d([[0, 3]]));
  const before = tf.memory().numTensors;
  for (const index of [4, -1])
    assert.throws(
      () => tf.tidy(() => layer.apply(tf.tensor2d([[0, index]])) as tf.Tensor),
      new RegExp(`the index value ${index} is not in \\[0, 3\\]`),
    );
  assert.equal(tf.memory().numTensors, before);
});

test("tf.gather() gives the same along any axis, in batches and for any dtype once a table was looked up", () => {
  layers.embedding({ inputDim: 2, outputDim: 1 }).apply(tf.tensor2d([[0]]));
  const x = tf.tensor3d([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [2, 3, 2], "int32");
  const indices = tf.tensor2d([2, 0, 1, 1], [2, 2], "int32");
  assert.deepEqual(values(tf.gather(x, tf.tensor1d([1], "int32"), 2)), [1, 3, 5, 7, 9, 11]);
  assert.deepEqual(values(tf.gather(x, indices, 1, 1)), [4, 5, 0, 1, 8, 9, 8, 9]);
  assert.deepEqual(
    values(tf.gather(tf.tensor1d([true, false], "bool"), tf.tensor1d([1, 0], "int32"))),
    [0, 1],
  );
  assert.deepEqual(values(tf.gather(x, tf.tensor1d([], "int32"))), []);
  assert.throws(() => tf.gather(x, tf.tensor1d([3], "int32"), 1), /the index value 3 is not in \[0, 2\]/);
});
