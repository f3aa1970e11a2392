import assert from "node:assert/strict";
import { test } from "node:test";
import { layers, seededLayers } from "../../src/layers/index.js";
import { adam } from "../../src/optimizers/index.js";
import { nativeOps } from "../../src/recurrent-ops/index.js";
import * as tf from "../../src/tensorflow.js";
import { StepRunner } from "../../src/training/compiled/step-runner.js";
import {
  earlyStopping,
  type FitOptions,
  fit,
  fitDataset,
  learningRateSchedule,
  trainingStep,
} from "../../src/training/index.js";
import { quietly } from "../quiet.js";
import {
  difference,
  numbersOf,
  randomTrainable,
  requireSame,
  TOLERANCE,
  type Trainable,
} from "./compiled-models.js";
import { countPrograms } from "./programs.js";
import { weights } from "./small-model.js";

const options = { skip: nativeOps().available ? false : "the native ops are not built" };

test(
  "compiled steps give the numbers of steps op by op, for models of all that is compiled",
  options,
  async () => {
    for (let seed = 1; seed <= 24; seed++) await requireSame(`seed ${seed}`, () => randomTrainable(seed));
  },
);

test("what callbacks change between steps counts at the next", options, async () => {
  const make = () => randomTrainable(3);
  await requireSame("weights from outside", make, ({ model }) => ({
    callbacks: {
      onBatchEnd: (step) => {
        if (step === 1) model.setWeights(model.getWeights().map((weight) => weight.mul(0.9)));
      },
    },
  }));
  await requireSame("learning rates", make, () => ({
    callbacks: learningRateSchedule((epoch: number) => 0.01 / (1 + epoch)),
  }));
  await requireSame("early stopping", make, ({ x, y }) => ({
    epochs: 30,
    validationData: [x, y] as const,
    callbacks: earlyStopping({ patience: 1, minDelta: 0.001, restoreBestWeights: true }),
  }));
});

test("a model of several outputs, reshapes and activations is compiled", options, async () => {
  const make = (): Trainable => {
    const input = tf.input({ shape: [6] });
    const hidden = tf.layers
      .activation({ activation: "tanh" })
      .apply(layers.dense({ units: 4 }).apply(input));
    const sequence = tf.layers.reshape({ targetShape: [3, 2] }).apply(input);
    const last = layers.simpleRNN({ units: 2 }).apply(sequence);
    const outputs = [hidden, last].map((each) => layers.dense({ units: 1 }).apply(each) as tf.SymbolicTensor);
    const model = tf.model({ inputs: input, outputs });
    model.compile({ optimizer: "rmsprop", loss: "meanSquaredError" });
    const x = tf.randomNormal([20, 6], 0, 1, "float32", 1);
    return { model, x, y: [x.mean(1, true), x.sum(1, true)], options: { batchSize: 5 } };
  };
  await requireSame("several outputs", make);
});

test("layer normalisation is compiled, over any axes, with and without gamma and beta", options, async () => {
  const cases = [{}, { scale: false }, { center: false }, { axis: [1, 2] }, { gammaRegularizer: "l1l2" }];
  for (const [i, args] of cases.entries())
    await requireSame(JSON.stringify(args), () => {
      const made = seededLayers(i + 1);
      // Where numbers hardly differ from each other, normalisation makes much of their rounding.
      const given = { epsilon: 0.1, ...args } as Parameters<typeof tf.layers.layerNormalization>[0];
      const model = tf.sequential({
        layers: [
          made.gru({ units: 4, returnSequences: true, inputShape: [5, 2] }),
          tf.layers.layerNormalization(given),
          made.simpleRNN({ units: 6 }),
          tf.layers.layerNormalization({ epsilon: 0.1 }),
          made.dense({ units: 1 }),
        ],
      });
      model.compile({ optimizer: adam({ epsilon: 1e-3 }), loss: "meanSquaredError", metrics: ["mae"] });
      const x = tf.randomNormal([43, 5, 2], 0, 1, "float32", i + 1);
      const y = x.mean([1, 2]);
      return { model, x, y, options: { batchSize: 8, epochs: 9, validationData: [x, y] } };
    });
});

test("steps that a mask leaves out count neither compiled nor op by op", options, async () => {
  for (const lossName of ["meanSquaredError", "meanAbsoluteError"])
    for (const mergeMode of ["concat", "sum"] as const)
      await requireSame(`${lossName}, ${mergeMode}`, () => {
        const model = tf.sequential({
          layers: [
            layers.embedding({ inputDim: 9, outputDim: 3, inputLength: 5, maskZero: true }),
            layers.bidirectional({ layer: layers.lstm({ units: 2, returnSequences: true }), mergeMode }),
            layers.timeDistributed({ layer: layers.dense({ units: 2 }) }),
          ],
        });
        model.compile({ optimizer: "adam", loss: lossName, metrics: ["mae", "mse"] });
        // Texts of 1 to 5 words: batches have more and fewer steps that count than the one that was recorded.
        const x = tf.tidy(() =>
          tf
            .range(0, 100)
            .reshape([20, 5])
            .mod(8)
            .add(1)
            .mul(tf.greater(tf.range(1, 21).expandDims(1).mod(5).add(1), tf.range(0, 5))),
        );
        return {
          model,
          x,
          y: tf.sin(tf.range(0, 200)).reshape([20, 5, 2]),
          options: { batchSize: 6, seed: 1 },
        };
      });
});

test("a word that the table does not have fails, compiled or not", options, async () => {
  for (const compileStep of [true, false]) {
    const model = tf.sequential({
      layers: [layers.embedding({ inputDim: 4, outputDim: 2, inputLength: 3 }), layers.gru({ units: 2 })],
    });
    model.compile({ optimizer: "adam", loss: "meanSquaredError" });
    // The last of the batches in their order, so that the step has been compiled.
    const words = tf.concat([tf.ones([15, 3]), tf.fill([1, 3], 4)]);
    const training = fit(model, words, tf.ones([16, 2]), {
      epochs: 1,
      batchSize: 4,
      shuffle: false,
      verbose: 0,
      compileStep,
    });
    await assert.rejects(training, /the index value 4 is not in \[0, 3\]/);
  }
});

test("layers that are frozen between two trainings stay", options, async () => {
  const run = async (compileStep: boolean): Promise<number[]> => {
    const trainable = randomTrainable(5);
    const { model } = trainable;
    const before = await numbersOf(trainable, { compileStep, epochs: 2 });
    const first = model.layers[0] as tf.layers.Layer;
    first.trainable = false;
    model.compile({ optimizer: adam(), loss: model.loss as string });
    const kept = first.getWeights().map((weight) => [...weight.dataSync()]);
    const after = await numbersOf(trainable, { compileStep, epochs: 2 });
    assert.deepEqual(trainingStep(model).compiled, compileStep);
    assert.deepEqual(
      first.getWeights().map((weight) => [...weight.dataSync()]),
      kept,
    );
    return [...before, ...after];
  };
  assert.ok(difference(await run(true), await run(false)) <= TOLERANCE);
});

test("an optimiser may be that of two models", options, async () => {
  const run = async (compileStep: boolean): Promise<number[]> => {
    const optimizer = adam({ learningRate: 0.01 });
    const both = [randomTrainable(7), randomTrainable(8)];
    for (const { model } of both) model.compile({ optimizer, loss: model.loss as string });
    const numbers: number[] = [];
    for (let turn = 0; turn < 2; turn++)
      for (const trainable of both) numbers.push(...(await numbersOf(trainable, { compileStep, epochs: 2 })));
    return [...numbers, optimizer.iterations];
  };
  assert.ok(difference(await run(true), await run(false)) <= TOLERANCE);
});

test(
  "batches of other lengths have steps of their own, and one batch of a kind is taken op by op",
  options,
  async () => {
    const run = async (compileStep: boolean): Promise<number[]> => {
      const model = tf.sequential({
        layers: [layers.gru({ units: 3, inputShape: [null, 2] }), layers.dense({ units: 1 })],
      });
      model.compile({ optimizer: "adam", loss: "meanSquaredError" });
      model.setWeights(
        model.getWeights().map(({ size, shape }) => tf.linspace(-0.5, 0.6, size).reshape(shape)),
      );
      function* batches() {
        for (const [rows, time] of [
          [4, 5],
          [4, 7],
          [3, 5],
          [4, 5],
        ] as const)
          yield { xs: tf.linspace(-1, 1, rows * time * 2).reshape([rows, time, 2]), ys: tf.ones([rows, 1]) };
      }
      const history = await quietly(() => fitDataset(model, batches, { epochs: 12, compileStep }));
      assert.equal(trainingStep(model).compiled, compileStep);
      return [...history.loss, ...weights(model)];
    };
    assert.ok(difference(await run(true), await run(false)) <= TOLERANCE);
  },
);

test("steps that are taken together give the numbers of steps one by one", options, async () => {
  /** One number of each batch, which is no mean over its samples. */
  const largest = (y: tf.Tensor, predicted: tf.Tensor) => tf.max(tf.abs(tf.sub(y, predicted)));
  const x = tf.randomNormal([1000, 5, 2], 0, 1, "float32", 1);
  const make = (metrics: (string | typeof largest)[]): Trainable => {
    const model = tf.sequential({
      layers: [layers.simpleRNN({ units: 3, inputShape: [5, 2] }), layers.dense({ units: 1 })],
    });
    model.compile({ optimizer: adam({ weightDecay: 0.01 }), loss: "meanSquaredError", metrics });
    return { model, x, y: x.mean([1, 2]), options: { batchSize: 7 } };
  };
  for (const metrics of [[], ["mae"], [largest, "mae"], ["precision", "cosine", "accuracy"]])
    for (const more of [{}, { sampleWeight: x.mean([1, 2]).abs() }]) {
      const [together, apart] = [make(metrics), make(metrics)];
      apart.model.setWeights(together.model.getWeights());
      const got = await numbersOf(together, { epochs: 4, ...more });
      // Callbacks for batches see every step.
      const expected = await numbersOf(apart, { epochs: 4, ...more, callbacks: { onBatchEnd: () => {} } });
      assert.ok(difference(got, expected) <= TOLERANCE, `${metrics.length} metrics`);
      assert.deepEqual(weights(together.model), weights(apart.model));
      assert.equal(together.model.optimizer.iterations, 4 * Math.ceil(1000 / 7));
    }
});

test("how many steps are taken together is known by the shapes of their batches alone", options, async () => {
  const model = tf.sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  const data = { inputs: [tf.ones([600, 2])], targets: [tf.ones([600, 1])] };
  const [x, y] = [data.inputs[0] as tf.Tensor, data.targets[0] as tf.Tensor];
  await quietly(() => fit(model, x, y, { epochs: 2, batchSize: 7 }));
  const steps = new StepRunner(model, { kind: "training", isWanted: true, yieldEvery: 100 });
  steps.beginEpoch();
  assert.ok(steps.together(data, 7) > 1);
  // Neither of the last batch, which was smaller, nor of one that never came.
  for (const samples of [5, 500]) assert.equal(steps.together(data, samples), 1);
  assert.equal(steps.together({ ...data, weights: tf.ones([600]) }, 7), 1);
});

test("validation is compiled, too, whatever the optimiser", options, async () => {
  for (const seed of [1, 4, 9, 12, 15])
    await requireSame(
      `seed ${seed}`,
      () => randomTrainable(seed),
      () => ({ validationSplit: 0.4 }),
    );
  const { model, x, y, options: given } = randomTrainable(2);
  model.compile({ optimizer: tf.train.sgd(0.01), loss: model.loss, metrics: ["mae"] });
  const programs = await countPrograms(() =>
    quietly(() => fit(model, x, y, { ...given, epochs: 3, batchSize: 4, validationSplit: 0.5 })),
  );
  assert.equal(trainingStep(model).compiled, false);
  assert.ok(programs > 0);
});

test("data that are put into order batch by batch are taken together, too", options, async () => {
  const make = (): Trainable => {
    const model = tf.sequential({ layers: [layers.dense({ units: 1, inputShape: [20_000] })] });
    model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    return { model, x, y: x.mean(1), options: { batchSize: 8 } };
  };
  const x = tf.randomNormal([900, 20_000], 0, 0.01, "float32", 1);
  await requireSame("by rows", make, () => ({ epochs: 2, seed: 3 }));
  x.dispose();
});

test(
  "a model that is trained again uses its steps again, unless its layers do something else",
  options,
  async () => {
    const activationOf = (layer: tf.layers.Layer) => layer as tf.layers.Layer & { activation: unknown };
    const make = (): Trainable & { readonly hidden: tf.layers.Layer } => {
      const hidden = layers.dense({ units: 6, inputShape: [4], activation: "tanh" });
      const model = tf.sequential({ layers: [hidden, layers.dense({ units: 1 })] });
      model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
      const x = tf.randomNormal([60, 4], 0, 1, "float32", 1);
      return { model, x, y: x.sum(1), options: { batchSize: 10, epochs: 2 }, hidden };
    };
    const [compiled, opByOp] = [make(), make()];
    opByOp.model.setWeights(compiled.model.getWeights());
    for (const activation of ["tanh", "tanh", "sigmoid"] as const) {
      const { activation: other } = activationOf(layers.dense({ units: 1, activation }));
      for (const { hidden } of [compiled, opByOp]) activationOf(hidden).activation = other;
      const got = await numbersOf(compiled);
      assert.deepEqual(trainingStep(compiled.model), { compiled: true });
      const expected = await numbersOf(opByOp, { compileStep: false });
      assert.ok(difference(got, expected) <= TOLERANCE, activation);
    }
  },
);

test("no tensor is left behind, whether training ends, is stopped or fails", options, async () => {
  const { model, x, y, options: given } = randomTrainable(11);
  const train = (callbacks: FitOptions["callbacks"]) =>
    quietly(() => fit(model, x, y, { epochs: 3, ...given, ...(callbacks ? { callbacks } : {}) }));
  await train(undefined);
  const { numTensors } = tf.memory();
  const binding = (tf.backend() as unknown as { binding: { getNumOfTensors(): number } }).binding;
  const handles = binding.getNumOfTensors();
  await train(undefined);
  await train({
    onBatchEnd: (step) => {
      model.stopTraining = step === 1;
    },
  });
  const failure = new Error("of the callback");
  let steps = 0;
  await assert.rejects(
    train({
      onBatchEnd: () => {
        if (++steps === 5) throw failure;
      },
    }),
    failure,
  );
  await train(undefined);
  assert.equal(tf.memory().numTensors, numTensors);
  assert.equal(binding.getNumOfTensors(), handles);
});

test("RNNLAB_COMPILE=off has all steps taken op by op", options, async () => {
  const trainable = randomTrainable(2);
  process.env.RNNLAB_COMPILE = "off";
  try {
    await numbersOf(trainable, { epochs: 1 });
  } finally {
    delete process.env.RNNLAB_COMPILE;
  }
  assert.deepEqual(trainingStep(trainable.model), { compiled: false, reason: "RNNLAB_COMPILE is off" });
});

test("a model that is not compiled says why", options, async () => {
  class Doubled extends tf.layers.Layer {
    static className = "Doubled";
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      return tf.mul([inputs].flat()[0] as tf.Tensor, 2);
    }
  }
  class Halved extends tf.serialization.Serializable {
    static className = "Halved";
    apply(x: tf.Tensor): tf.Scalar {
      return tf.sum(tf.div(x, 2));
    }
    getConfig(): tf.serialization.ConfigDict {
      return {};
    }
  }
  tf.serialization.registerClass(Halved);
  const dense = () => layers.dense({ units: 1, inputShape: [3] });
  const mse = "meanSquaredError";
  const cases: [reason: RegExp, layers: tf.layers.Layer[], compiled: object, more?: Partial<FitOptions>][] = [
    [/of class Dropout/, [dense(), tf.layers.dropout({ rate: 0.5 })], {}],
    [/layer doubled_\w+ is of class Doubled/, [tf.sequential({ layers: [dense(), new Doubled({})] })], {}],
    [
      /has a regulariser of one's own/,
      [layers.dense({ units: 1, inputShape: [3], kernelRegularizer: "Halved" })],
      {},
    ],
    [
      /has recurrent dropout/,
      [
        tf.layers.reshape({ targetShape: [3, 1], inputShape: [3] }),
        layers.lstm({ units: 1, recurrentDropout: 0.5 }),
      ],
      {},
    ],
    [
      /is a function of one's own/,
      [dense()],
      { loss: (a: tf.Tensor, b: tf.Tensor) => tf.sub(a, b).square() },
    ],
    [/the optimiser is none of/, [dense()], { optimizer: tf.train.adam() }],
    [/the op LeakyRelu/, [dense(), tf.layers.leakyReLU({})], {}],
    [/compileStep is false/, [dense()], {}, { compileStep: false }],
  ];
  const x = tf.ones([40, 3]);
  for (const [reason, parts, compiled, more] of cases) {
    const model = tf.sequential({ layers: parts });
    assert.match((trainingStep(model) as { reason: string }).reason, /has not been trained/);
    model.compile({ optimizer: "sgd", loss: mse, ...compiled });
    await quietly(() => fit(model, x, tf.ones([40, 1]), { epochs: 2, batchSize: 10, ...more }));
    const report = trainingStep(model);
    assert.match("reason" in report ? report.reason : "compiled", reason);
  }
});
