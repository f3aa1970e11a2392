import assert from "node:assert/strict";
import { test } from "node:test";
import { adam, type FusedOptimizer, rmsprop, sgd } from "../../src/optimizers/index.js";
import * as tf from "../../src/tensorflow.js";

const NUMERICS = "tfjs";
const pairs: [name: string, ours: () => FusedOptimizer, stock: () => tf.Optimizer][] = [
  ["adam", () => adam({ learningRate: 0.02, numerics: NUMERICS }), () => tf.train.adam(0.02)],
  [
    "adam with a large epsilon",
    () => adam({ learningRate: 0.02, beta1: 0.8, beta2: 0.9, epsilon: 0.1, numerics: NUMERICS }),
    () => tf.train.adam(0.02, 0.8, 0.9, 0.1),
  ],
  ["rmsprop", () => rmsprop({ learningRate: 0.01, numerics: NUMERICS }), () => tf.train.rmsprop(0.01)],
  [
    "centred rmsprop with momentum",
    () =>
      rmsprop({
        learningRate: 0.01,
        rho: 0.8,
        momentum: 0.5,
        epsilon: 1e-4,
        centered: true,
        numerics: NUMERICS,
      }),
    () => tf.train.rmsprop(0.01, 0.8, 0.5, 1e-4, true),
  ],
  ["sgd", () => sgd({ learningRate: 0.1, numerics: NUMERICS }), () => tf.train.sgd(0.1)],
  [
    "sgd with Nesterov's momentum",
    () => sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true, numerics: NUMERICS }),
    () => tf.train.momentum(0.1, 0.9, true),
  ],
];

/** Takes 20 steps down the same valley. */
function descend(optimizer: tf.Optimizer): number[][] {
  const variables = [tf.variable(tf.linspace(-1, 1, 12).reshape([3, 4])), tf.variable(tf.tensor1d([2, -3]))];
  const [a, b] = variables as [tf.Variable, tf.Variable];
  for (let step = 0; step < 20; step++) {
    const loss = () => tf.add(tf.sum(tf.sin(tf.add(a, step))), tf.sum(tf.square(b))).asScalar();
    optimizer.minimize(loss, false, variables);
  }
  const values = variables.map((variable) => [...variable.dataSync()]);
  tf.dispose(variables);
  return values;
}

for (const [name, ours, stock] of pairs) {
  test(`${name} moves as tfjs's own with tfjs's numerics`, () => {
    const expected = descend(stock()).flat();
    const got = descend(ours()).flat();
    expected.forEach((value, i) => {
      assert.ok(
        Math.abs(got[i]! - value) < 1e-5 * (1 + Math.abs(value)),
        `${i}: ${got[i]}, tfjs has ${value}`,
      );
    });
  });
}

test("the two conventions of epsilon and of momentum differ where they are said to", () => {
  const large = { learningRate: 0.02, epsilon: 0.1 };
  assert.notDeepEqual(descend(adam(large)), descend(adam({ ...large, numerics: NUMERICS })));
  const [keras, tfjs] = (["keras", "tfjs"] as const).map((each) => {
    const w = tf.variable(tf.scalar(0));
    const optimizer = sgd({ learningRate: 1, momentum: 0.5, numerics: each });
    const down = () => optimizer.minimize(() => w.asScalar(), false, [w]);
    down();
    optimizer.learningRate = 0.5;
    down();
    return w.dataSync()[0];
  });
  // Keras: −1, then −1 + (0.5 · −1 − 0.5) = −2. tfjs: −1, then −1 − 0.5 · (0.5 · 1 + 1) = −1.75.
  assert.deepEqual([keras, tfjs], [-2, -1.75]);
});

test("models compiled with the optimisers are saved and loaded as with tfjs's own of the same names", async () => {
  const made: [FusedOptimizer, string, Record<string, unknown>][] = [
    [adam({ learningRate: 0.5, beta1: 0.8 }), "Adam", { learningRate: 0.5, beta1: 0.8, beta2: 0.999 }],
    [rmsprop({ rho: 0.7 }), "RMSProp", { learningRate: 0.001, decay: 0.7, momentum: 0, centered: false }],
    [sgd(), "SGD", { learningRate: 0.01 }],
    [sgd({ momentum: 0.9, nesterov: true }), "Momentum", { momentum: 0.9, useNesterov: true }],
  ];
  for (const [optimizer, name, config] of made) {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    model.compile({ optimizer, loss: "meanSquaredError" });
    let saved: Parameters<Parameters<typeof tf.io.withSaveHandler>[0]>[0] | undefined;
    await model.save(
      tf.io.withSaveHandler(async (artifacts) => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
      }),
      { includeOptimizer: true },
    );
    const { optimizer: stock } = await tf.loadLayersModel(tf.io.fromMemory(saved!));
    assert.equal(stock.getClassName(), name);
    for (const [key, value] of Object.entries(config)) assert.equal(stock.getConfig()[key], value, key);
  }
});
