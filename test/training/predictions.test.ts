import assert from "node:assert/strict";
import { test } from "node:test";
import vm from "node:vm";
import { layers } from "../../src/layers/index.js";
import { nativeOps } from "../../src/recurrent-ops/index.js";
import * as tf from "../../src/tensorflow.js";
import { nodeBackend } from "../../src/tfjs/backend.js";
import { record } from "../../src/tfjs/recording.js";
// What is tested begins to hold when this is loaded.
import "../../src/training/index.js";
import { difference, randomTrainable } from "./compiled-models.js";
import { countPrograms, opByOp } from "./programs.js";

const TOLERANCE = 1e-6;
const options = { skip: nativeOps().available ? false : "the native ops are not built" };

type Tensors = tf.Tensor | tf.Tensor[];

/** Shapes and numbers of all outputs. */
function numbersOf(model: tf.LayersModel, x: Tensors, batchSize?: number): number[] {
  return tf.tidy(() =>
    [model.predict(x, batchSize === undefined ? {} : { batchSize })]
      .flat()
      .flatMap((output) => [...output.shape, ...output.dataSync()]),
  );
}

/** Predicts as often as it takes until all is compiled, and compares each time. Gives how many programs were run. */
async function requireSame(name: string, model: tf.LayersModel, x: Tensors, batchSize?: number) {
  const expected = opByOp(() => numbersOf(model, x, batchSize));
  return countPrograms(() => {
    for (let turn = 1; turn <= 4; turn++) {
      const off = difference(numbersOf(model, x, batchSize), expected);
      assert.ok(off <= TOLERANCE, `${name}, turn ${turn}: ${off}`);
    }
  });
}

test("models of all that is compiled predict the same op by op and by one op", options, async () => {
  for (let seed = 1; seed <= 16; seed++) {
    const { model, x } = randomTrainable(seed);
    // 43 rows: the last batch is smaller, unless there is one alone.
    for (const batchSize of [8, 43])
      assert.ok((await requireSame(`seed ${seed}, ${batchSize}`, model, x, batchSize)) >= 2);
    await requireSame(`seed ${seed}, one row`, model, x.slice(0, 1));
    model.setWeights(model.getWeights().map((weight) => tf.mul(weight, 0.5)));
    assert.ok((await requireSame(`seed ${seed}, other weights`, model, x, 8)) >= 4);
  }
});

/** What tfjs's own evaluation measures. */
function measuresOf(model: tf.LayersModel, x: Tensors, y: Tensors, batchSize: number): number[] {
  return tf.tidy(() => [model.evaluate(x, y, { batchSize })].flat().flatMap((each) => [...each.dataSync()]));
}

test("models are evaluated the same op by op and by one op", options, async () => {
  const requireSameMeasures = async (name: string, model: tf.LayersModel, x: Tensors, y: Tensors) => {
    const expected = opByOp(() => measuresOf(model, x, y, 8));
    return countPrograms(() => {
      for (let turn = 1; turn <= 3; turn++) {
        const off = difference(measuresOf(model, x, y, 8), expected);
        assert.ok(off <= TOLERANCE, `${name}, turn ${turn}: ${off}`);
      }
    });
  };
  for (let seed = 1; seed <= 16; seed++) {
    const { model, x, y } = randomTrainable(seed);
    const programs = await requireSameMeasures(`seed ${seed}`, model, x, y);
    assert.ok(programs >= 4, `seed ${seed}`);
  }
  const { model, x, y } = randomTrainable(3);
  for (const metrics of [
    ["mse", "mae"],
    ["accuracy"],
    [(a: tf.Tensor, b: tf.Tensor) => tf.max(tf.sub(a, b))],
  ]) {
    model.compile({ optimizer: "sgd", loss: "meanAbsoluteError", metrics });
    const programs = await requireSameMeasures(`${metrics}`, model, x, y);
    if (typeof metrics[0] === "function") assert.equal(programs, 0);
  }
  const { numTensors } = tf.memory();
  measuresOf(model, x, y, 8);
  assert.equal(tf.memory().numTensors, numTensors);
});

test("several classes are evaluated the same op by op and by one op", options, async () => {
  const x = tf.randomNormal([43, 4, 2], 0, 1, "float32", 1);
  const classes = tf.tidy(() => tf.range(0, 43).mod(5).expandDims(1));
  const oneHot = tf.oneHot(tf.range(0, 43).mod(5).toInt(), 5).toFloat();
  const ofSteps = tf.oneHot(tf.range(0, 172).mod(5).toInt().reshape([43, 4]), 5).toFloat();
  const cases = [
    [false, "sparseCategoricalCrossentropy", classes],
    [false, "categoricalCrossentropy", oneHot],
    [true, "categoricalCrossentropy", ofSteps],
  ] as const;
  for (const [returnSequences, loss, y] of cases)
    for (const metrics of [["accuracy"], ["accuracy", "crossentropy"]]) {
      const model = tf.sequential({
        layers: [
          layers.gru({ units: 3, returnSequences, inputShape: [4, 2] }),
          layers.dense({ units: 5, activation: "softmax" }),
        ],
      });
      model.compile({ optimizer: "adam", loss, metrics });
      const expected = opByOp(() => measuresOf(model, x, y, 8));
      const programs = await countPrograms(() => {
        for (let turn = 1; turn <= 3; turn++) {
          const got = measuresOf(model, x, y, 8);
          assert.ok(difference(got, expected) <= TOLERANCE, `${loss}, ${metrics}, turn ${turn}`);
          // How many are right is a whole number.
          assert.equal(got[1], expected[1]);
        }
      });
      // Of the first batches two are not, and two of the smaller one at the end.
      assert.equal(programs, 3 * 6 - 4);
    }
});

/** A model of two inputs, a mask that the texts make, a shared layer, and three outputs. One of them is a mere view. */
function branching(): tf.LayersModel {
  const words = tf.input({ shape: [5] });
  const numbers = tf.input({ shape: [2] });
  const embedded = layers.embedding({ inputDim: 9, outputDim: 3, maskZero: true }).apply(words);
  const read = layers
    .bidirectional({ layer: layers.lstm({ units: 2, returnSequences: true }) })
    .apply(embedded);
  const last = layers.gru({ units: 2 }).apply(read) as tf.SymbolicTensor;
  const shared = layers.dense({ units: 4, activation: "softmax" });
  const outputs = [last, numbers].map((each) => shared.apply(each) as tf.SymbolicTensor);
  const both = tf.layers.concatenate().apply(outputs);
  const view = tf.layers.reshape({ targetShape: [2, 4] }).apply(both) as tf.SymbolicTensor;
  return tf.model({ inputs: [words, numbers], outputs: [...outputs, view] });
}

const texts = (rows: number) =>
  tf.tidy(() => {
    const lengths = tf.range(0, rows).mod(5).add(1).expandDims(1);
    return tf
      .range(0, rows * 5)
      .reshape([rows, 5])
      .mod(8)
      .add(1)
      .mul(tf.greater(lengths, tf.range(0, 5)));
  });

test("several inputs and outputs, masks, shared layers and models within models", options, async () => {
  const model = branching();
  const x = [texts(70), tf.randomNormal([70, 2], 0, 1, "float32", 1)];
  assert.ok((await requireSame("branches", model, x)) > 4);
  const inner = tf.sequential({ layers: [layers.simpleRNN({ units: 3, inputShape: [4, 2] })] });
  const outer = tf.sequential({ layers: [inner, tf.layers.reshape({ targetShape: [3, 1] })] });
  const y = tf.randomNormal([70, 4, 2], 0, 1, "float32", 2);
  assert.ok((await requireSame("nested", outer, y)) > 4);
});

test("what a layer does counts from the next prediction on", options, async () => {
  const hidden = layers.dense({ units: 3, activation: "tanh", inputShape: [2] });
  const model = tf.sequential({ layers: [hidden] });
  const x = tf.randomNormal([9, 2], 0, 1, "float32", 1);
  await requireSame("tanh", model, x);
  const { activation } = layers.dense({ units: 1, activation: "sigmoid" }) as unknown as {
    activation: object;
  };
  Object.assign(hidden, { activation });
  assert.ok((await requireSame("sigmoid", model, x)) > 0);
  Object.assign(hidden, { call: (inputs: Tensors) => tf.mul([inputs].flat()[0] as tf.Tensor, 2) });
  assert.equal(await requireSame("a method that is replaced", model, x), 0);
});

test("dropout that was called for training for good draws at each batch", options, async () => {
  const make = (): tf.LayersModel => {
    const input = tf.input({ shape: [50] });
    const outputs = layers.dropout({ rate: 0.5, seed: 7 }).apply(input, { training: true });
    return tf.model({ inputs: input, outputs: outputs as tf.SymbolicTensor });
  };
  const [compiled, other] = [make(), make()];
  const x = tf.ones([9, 50]);
  const expected = [1, 2, 3, 4].map(() => opByOp(() => numbersOf(other, x, 3)));
  assert.notDeepEqual(expected[0], expected[1]);
  const programs = await countPrograms(() => {
    for (const each of expected) assert.deepEqual(numbersOf(compiled, x, 3), each);
  });
  assert.ok(programs > 0);
});

test("predictions are the caller's, and leave nothing else behind", options, () => {
  const model = branching();
  const x = [texts(70), tf.ones([70, 2])];
  const handles = () => (nodeBackend().binding as unknown as { getNumOfTensors(): number }).getNumOfTensors();
  for (let turn = 0; turn < 4; turn++) numbersOf(model, x);
  const { numTensors, numBytes } = tf.memory();
  const before = handles();
  for (const batchSize of [32, 70, 1]) {
    for (let turn = 0; turn < 4; turn++) {
      const outputs = model.predict(x, { batchSize }) as tf.Tensor[];
      assert.equal(tf.memory().numTensors, numTensors + outputs.length);
      tf.dispose(outputs);
    }
  }
  assert.deepEqual([tf.memory().numTensors, tf.memory().numBytes, handles()], [numTensors, numBytes, before]);
});

test("gradients flow through predictions", options, async () => {
  const model = tf.sequential({ layers: [layers.gru({ units: 3, inputShape: [4, 2] })] });
  const x = tf.randomNormal([5, 4, 2], 0, 1, "float32", 1);
  for (let turn = 0; turn < 3; turn++) numbersOf(model, x);
  const gradient = () => [
    ...tf
      .grad((input) => tf.sum(model.predict(input) as tf.Tensor))(x)
      .dataSync(),
  ];
  const expected = opByOp(gradient);
  assert.ok(expected.some((each) => each !== 0));
  assert.equal(await countPrograms(() => assert.deepEqual(gradient(), expected)), 0);
});

test("mistakes have the same errors, compiled or not", options, () => {
  const make = () =>
    tf.sequential({
      layers: [layers.embedding({ inputDim: 4, outputDim: 2, inputLength: 3 }), layers.gru({ units: 2 })],
    });
  const model = make();
  for (let turn = 0; turn < 3; turn++) numbersOf(model, tf.ones([4, 3]));
  const messageOf = (run: () => unknown): string => {
    try {
      run();
    } catch (error) {
      return `${(error as Error).name}: ${(error as Error).message}`;
    }
    return "none";
  };
  const disposed = make();
  disposed.predict(tf.ones([1, 3]));
  disposed.dispose();
  for (const run of [
    () => model.predict(tf.fill([4, 3], 4)),
    () => model.predict(tf.ones([4, 2])),
    () => model.predict([tf.ones([4, 3]), tf.ones([4, 3])]),
    () => model.predict(tf.ones([4, 3]), { batchSize: 0 }),
    () => model.predict(tf.ones([0, 3])),
    () => disposed.predict(tf.ones([1, 3])),
  ]) {
    const expected = opByOp(() => messageOf(run));
    assert.notEqual(expected, "none");
    assert.equal(messageOf(run), expected);
  }
});

test("code that is terminated while it is recorded leaves no trace", options, () => {
  const model = tf.sequential({ layers: [layers.dense({ units: 2, inputShape: [3] })] });
  const { binding } = nodeBackend();
  Object.assign(globalThis, {
    recordForEver: () =>
      record(() => {
        for (;;);
      }),
  });
  assert.throws(() => vm.runInThisContext("recordForEver()", { timeout: 100 }), /timed out/);
  numbersOf(model, tf.ones([1, 3]));
  assert.equal(nodeBackend().binding, binding);
});

test("what cannot be one op is predicted op by op", options, async () => {
  const dense = () => layers.dense({ units: 2, inputShape: [3] });
  const numbers = tf.ones([9, 3]);
  const leaky = tf.sequential({ layers: [dense(), tf.layers.leakyReLU({})] });
  assert.equal(await requireSame("an unknown op", leaky, numbers, 3), 0);
  const whole = tf.sequential({ layers: [dense()] });
  assert.equal(await countPrograms(() => opByOp(() => [1, 2, 3].map(() => numbersOf(whole, numbers)))), 0);
});
