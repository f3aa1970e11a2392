import assert from "node:assert/strict";
import { test } from "node:test";
import {
  AdamOptimizer,
  adam,
  FusedOptimizer,
  rmsprop,
  SgdOptimizer,
  sgd,
} from "../../src/optimizers/index.js";
import { nativeOps } from "../../src/recurrent-ops/index.js";
import * as tf from "../../src/tensorflow.js";

const implementations = nativeOps().available
  ? (["native", "tensorflow"] as const)
  : (["tensorflow"] as const);
const valley = (w: tf.Tensor) => () => tf.sum(tf.square(w)).asScalar();

for (const implementation of implementations) {
  test(`a step changes nothing that others hold, with ${implementation} ops`, () => {
    const mine = Float32Array.of(1, 2, 3, 4, 5, 6);
    const given = tf.tensor2d(mine, [3, 2]);
    const w = tf.variable(given);
    const optimizer = adam({ learningRate: 0.1, implementation });
    for (let step = 0; step < 3; step++) {
      const before = [...w.dataSync()];
      // A clone, and what TensorFlow makes without copying: views of the same memory.
      const held = [
        w.clone(),
        w.reshape([6]),
        w.slice(0, 2),
        ...w.unstack(),
        ...tf.split(w, 3),
        w.expandDims(),
      ];
      const texts = held.map((tensor) => tensor.toString());
      optimizer.minimize(valley(w), false, [w]);
      assert.notDeepEqual([...w.dataSync()], before);
      assert.deepEqual(
        held.map((tensor) => tensor.toString()),
        texts,
      );
      tf.dispose(held);
    }
    assert.deepEqual([...mine], [1, 2, 3, 4, 5, 6]);
    assert.deepEqual([...given.dataSync()], [...mine]);
  });

  test(`a tape recorded before a step has the values of then, with ${implementation} ops`, () => {
    const w = tf.variable(tf.tensor1d([1, 2]));
    const optimizer = sgd({ learningRate: 1, implementation });
    const gradient = tf.grad((x) => {
      const y = tf.mul(tf.square(x), w);
      optimizer.applyGradients({ [w.name]: tf.tensor1d([5, 5]) });
      return y.sum();
    });
    assert.deepEqual([...gradient(tf.tensor1d([3, 3])).dataSync()], [6, 12]);
    assert.deepEqual([...w.dataSync()], [-4, -3]);
  });

  test(`saved weights continue a training where it was, and are copies, with ${implementation} ops`, async () => {
    const makers = [
      () => adam({ learningRate: 0.1, implementation }),
      () => rmsprop({ learningRate: 0.1, momentum: 0.5, centered: true, implementation }),
      () => sgd({ learningRate: 0.1, momentum: 0.9, implementation }),
      () => sgd({ learningRate: 0.1, implementation }),
    ];
    for (const make of makers) {
      const before = tf.memory().numTensors;
      const first = make();
      const w: tf.Variable[] = tf.tidy(() => [
        tf.variable(tf.tensor1d([1, 2, 3])),
        tf.variable(tf.tensor2d([[4]])),
      ]);
      const down = (optimizer: tf.Optimizer) =>
        optimizer.minimize(() => w.map((each) => valley(each)()).reduce((a, b) => tf.add(a, b)), false, w);
      for (let step = 0; step < 3; step++) down(first);
      const saved = await first.getWeights();
      const numbers = () => saved.map(({ tensor }) => [...tensor.dataSync()]);
      const then = numbers();
      assert.equal(then[0]![0], 3);
      const here = w.map((each) => each.clone());
      down(first);
      const expected = w.map((each) => [...each.dataSync()]);
      assert.deepEqual(numbers(), then);

      const second = make();
      await second.setWeights(saved);
      const again = await second.getWeights();
      assert.deepEqual(
        again.map(({ tensor }) => [...tensor.dataSync()]),
        then,
      );
      tf.dispose(again.map(({ tensor }) => tensor));
      w.forEach((each, i) => {
        each.assign(here[i]!);
      });
      down(second);
      assert.deepEqual(
        w.map((each) => [...each.dataSync()]),
        expected,
      );
      assert.deepEqual(numbers(), then);
      first.dispose();
      second.dispose();
      tf.dispose([saved.map(({ tensor }) => tensor), here, w]);
      assert.equal(tf.memory().numTensors, before);
    }
  });

  test(`variables without a gradient stay, and new ones may come later, with ${implementation} ops`, () => {
    const [a, b] = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(1))];
    const optimizer = adam({ learningRate: 0.5, implementation });
    optimizer.minimize(valley(a), false, [a, b]);
    assert.deepEqual([a.dataSync()[0]! < 1, b.dataSync()[0]], [true, 1]);
    tf.tidy(() => {
      optimizer.minimize(() => tf.add(valley(a)(), valley(b)()), false, [b, a]);
    });
    optimizer.minimize(() => tf.add(valley(a)(), valley(b)()), false, [a, b]);
    assert.ok(b.dataSync()[0]! < 0.5 && a.dataSync()[0]! < b.dataSync()[0]!);
    optimizer.dispose();
  });

  test(`a step that is lost shows, with ${implementation} ops`, () => {
    for (const [options, lost] of [
      [{ globalClipnorm: 1 }, [true, true]],
      [{ clipnorm: 1 }, [true, false]],
    ] as const) {
      const w = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(1))];
      const gradients = [tf.scalar(Number.POSITIVE_INFINITY), tf.scalar(1)];
      sgd({ ...options, implementation }).applyGradients(
        w.map(({ name }, i) => ({ name, tensor: gradients[i]! })),
      );
      assert.deepEqual(
        w.map((each) => Number.isNaN(each.dataSync()[0])),
        lost,
      );
    }
  });
}

test("instanceof tells the optimisers apart", () => {
  assert.ok(
    adam() instanceof AdamOptimizer && adam() instanceof FusedOptimizer && adam() instanceof tf.Optimizer,
  );
  assert.ok(!(adam() instanceof SgdOptimizer) && !(tf.train.adam() instanceof FusedOptimizer));
});

test("the learning rate can be set between steps", () => {
  const w = tf.variable(tf.scalar(10));
  const optimizer = sgd({ learningRate: 0.1 });
  optimizer.minimize(() => w.asScalar(), false, [w]);
  optimizer.learningRate = 2;
  optimizer.minimize(() => w.asScalar(), false, [w]);
  assert.ok(Math.abs(w.dataSync()[0]! - 7.9) < 1e-6);
  assert.equal(optimizer.getConfig().learningRate, 2);
});

test("optimisers refuse what cannot be, and say what it was", async () => {
  const refusals: [() => unknown, string, string][] = [
    [
      () => adam({ learningRate: -1 }),
      "RangeError",
      "Adam: learningRate must be finite and not negative, got -1",
    ],
    [() => adam({ beta1: 1 }), "RangeError", "Adam: beta1 must be from 0 to less than 1, got 1"],
    [() => adam({ beta2: "0.9" as never }), "TypeError", "Adam: beta2 must be a number, got string"],
    [() => adam({ epsilon: -1 }), "RangeError", "Adam: epsilon must be not negative, got -1"],
    [() => rmsprop({ rho: Number.NaN }), "RangeError", "RMSprop: rho must be from 0 to less than 1, got NaN"],
    [() => sgd({ momentum: 1.5 }), "RangeError", "SGD: momentum must be from 0 to 1, got 1.5"],
    [() => sgd({ clipnorm: 0 }), "RangeError", "SGD: clipnorm must be positive, got 0"],
    [() => sgd({ weightDecay: -0.1 }), "RangeError", "SGD: weightDecay must be not negative, got -0.1"],
    [
      () => sgd({ numerics: "torch" as never }),
      "RangeError",
      'SGD: numerics must be "keras" or "tfjs", got torch',
    ],
    [
      () => sgd({ clipnorm: 1, clipvalue: 1 }),
      "RangeError",
      "SGD: only one of clipnorm, globalClipnorm and clipvalue can be given, got clipnorm and clipvalue",
    ],
  ];
  for (const [make, name, message] of refusals)
    assert.throws(make, { name, message: `Cannot make ${message}` });
  const w = tf.variable(tf.tensor1d([1, 2]), true, "refusing");
  assert.throws(() => sgd().applyGradients({ nobody: tf.scalar(1) }), {
    message: "Cannot apply gradients: there is no variable nobody",
  });
  assert.throws(() => sgd().applyGradients({ [w.name]: tf.scalar(1) }), {
    name: "RangeError",
    message: "Cannot apply gradients: that of refusing must have shape [2], got []",
  });
  const five = Array.from({ length: 5 }, () => ({ name: "w", tensor: tf.zeros([3]) }));
  await assert.rejects(adam().setWeights(five.slice(1)), {
    name: "RangeError",
    message: "Cannot set weights of Adam: they must be the number of steps and 2 for each variable, got 4",
  });
  const restored = adam();
  await restored.setWeights(five);
  assert.throws(() => restored.minimize(valley(w), false, [w]), {
    name: "RangeError",
    message:
      /^Cannot continue with the saved weights of Adam: those of refusing must have shape \[2\], got \[3\]$/,
  });
});
