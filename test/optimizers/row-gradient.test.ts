import assert from "node:assert/strict";
import { test } from "node:test";
import { adam, sgd } from "../../src/optimizers/index.js";
import { packedRows, withRowGradients } from "../../src/optimizers/row-gradient.js";
import { RandomGenerator } from "../../src/random/index.js";
import { nativeOps } from "../../src/recurrent-ops/index.js";
import * as tf from "../../src/tensorflow.js";

if (nativeOps().available) {
  const random = new RandomGenerator(4);
  const draw = (...shape: number[]) =>
    tf.tensor(
      Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.normal()),
      shape,
    );
  const lookups = (rows: number, ...shape: number[]) =>
    tf.tensor(
      Int32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.integer(rows)),
      shape,
      "int32",
    );
  const numbers = (tensor: tf.Tensor) => [...tensor.dataSync()];
  const gradientOf = (table: tf.Variable, loss: () => tf.Tensor) => {
    const { value, grads } = tf.variableGrads(() => loss().sum().asScalar(), [table]);
    value.dispose();
    return grads[table.name]!;
  };

  test("the packed gradient of a table has the very numbers of tfjs's dense one", () => {
    for (const [rows, columns, shape] of [
      [7, 3, [4, 5]],
      [1, 1, [1]],
      [500, 17, [64, 30]],
      [3, 70, [9000]],
    ] as const) {
      const before = tf.memory().numTensors;
      const table = tf.tidy(() => tf.variable(draw(rows, columns)));
      const [indices, slope] = [lookups(rows, ...shape), draw(...shape, columns)];
      const loss = () => tf.mul(tf.gather(table, indices), slope);
      const expected = gradientOf(table, loss);
      const packed = withRowGradients(() => gradientOf(table, loss));
      assert.equal(packedRows(expected), undefined);
      assert.notEqual(packedRows(packed), undefined);
      assert.deepEqual(packed.shape, [rows, columns]);
      // Reading does not unpack, and what is read is the dense gradient; computing with it unpacks.
      assert.deepEqual(numbers(packed), numbers(expected));
      assert.notEqual(packedRows(packed), undefined);
      const doubled = tf.tidy(() => tf.mul(packed, 2).sub(expected));
      assert.equal(packedRows(packed), undefined);
      assert.deepEqual(numbers(doubled), numbers(expected));
      assert.deepEqual(numbers(packed), numbers(expected));
      tf.dispose([table, indices, slope, expected, packed, doubled]);
      assert.equal(tf.memory().numTensors, before);
    }
  });

  test("a table that is looked up twice, used elsewhere or penalised has the sum of its gradients", () => {
    const table = tf.variable(draw(6, 2));
    const [a, b, rest] = [lookups(6, 4), lookups(6, 3, 2), draw(2, 6)];
    const loss = () =>
      tf.addN([
        tf.sum(tf.gather(table, a)),
        tf.sum(tf.square(tf.gather(table, b))),
        tf.sum(tf.matMul(rest, table)),
        tf.sum(tf.square(table)),
      ]);
    const expected = numbers(gradientOf(table, loss));
    const got = numbers(withRowGradients(() => gradientOf(table, loss)));
    got.forEach((value, i) => {
      assert.ok(Math.abs(value - expected[i]!) < 1e-5);
    });
  });

  test("the gradient of a table that is looked up several times stays packed, with the very numbers of the dense one", () => {
    const before = tf.memory().numTensors;
    const table = tf.tidy(() => tf.variable(draw(90, 3)));
    const [a, b, c] = [lookups(90, 40), lookups(45, 6, 5), lookups(90, 1)];
    const slopes = [a, b, c].map(({ shape }) => draw(...shape, 3));
    const loss = () =>
      tf.addN([a, b, c].map((each, i) => tf.sum(tf.mul(tf.gather(table, each), slopes[i]!))));
    const expected = gradientOf(table, loss);
    const packed = withRowGradients(() => gradientOf(table, loss));
    assert.notEqual(packedRows(packed), undefined);
    assert.deepEqual(numbers(packed), numbers(expected));
    tf.dispose([table, a, b, c, slopes, expected, packed]);
    assert.equal(tf.memory().numTensors, before);
  });

  test("gradients of gradients, other axes and batches of tables go tfjs's way", () => {
    const table = tf.variable(draw(4, 3));
    const indices = lookups(3, 5);
    const ofEach = lookups(3, 4, 2);
    const losses = [
      () => tf.grad((x: tf.Tensor) => tf.sum(tf.square(tf.gather(x, indices))))(table),
      () => tf.gather(table, indices, 1),
      () => tf.gather(table, ofEach, 1, 1),
      () => tf.gather(tf.reshape(table, [12]), indices),
    ];
    for (const [i, loss] of losses.entries()) {
      const expected = numbers(gradientOf(table, loss));
      const gradient = withRowGradients(() => gradientOf(table, loss));
      // The outer gradient of the first looks up rows itself.
      assert.equal(packedRows(gradient) === undefined, i > 0);
      assert.deepEqual(numbers(gradient), expected);
    }
  });

  test("a step on packed rows is a step on the dense gradient, row by row and with every clipping", () => {
    const [rows, columns] = [3000, 33];
    const start = draw(rows, columns);
    const indices = lookups(rows, 50, 9);
    const slope = draw(50, 9, columns);
    for (const options of [
      {},
      { clipnorm: 0.5 },
      { globalClipnorm: 0.5 },
      { clipvalue: 0.1 },
      { weightDecay: 0.2 },
    ]) {
      const [packed, dense] = [true, false].map((isPacked) => {
        const table = tf.variable(start);
        const optimizer = adam({ learningRate: 0.01, ...options });
        for (let step = 0; step < 3; step++) {
          const compute = () => gradientOf(table, () => tf.mul(tf.gather(table, indices), slope));
          const gradient = isPacked ? withRowGradients(compute) : compute();
          assert.equal(packedRows(gradient) !== undefined, isPacked);
          optimizer.applyGradients({ [table.name]: gradient });
          gradient.dispose();
        }
        return numbers(table);
      });
      const worst = packed!.reduce((most, value, i) => Math.max(most, Math.abs(value - dense![i]!)), 0);
      // The order of the sums under a norm is another one.
      assert.ok(
        worst <= (JSON.stringify(options).includes("norm") ? 1e-6 : 0),
        `${JSON.stringify(options)}: ${worst}`,
      );
    }
  });

  test("a number that is in no row is refused by its value", () => {
    const table = tf.variable(draw(3, 2));
    const wrong = { gather: (index: number) => tf.tensor1d([0, index], "int32") };
    for (const index of [3, -1]) {
      assert.throws(
        () => sgd().minimize(() => tf.sum(tf.gather(table, wrong.gather(index))).asScalar(), false, [table]),
        new RegExp(`${index}`),
      );
    }
  });
}
