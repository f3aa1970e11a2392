import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { afterEach, test } from "node:test";
import { layers, tf } from "rnnlab";
import { adam } from "rnnlab/optimizers";
import { fit } from "rnnlab/training";
import { Attention } from "../../src/layers/attention.js";
import { mapLayers } from "../../src/layers/map-layers.js";
import { packageRoot } from "../../src/platform/package-root.js";
import { quietly } from "../quiet.js";
import { near, values, words } from "./text-model.js";

afterEach(() => tf.disposeVariables());

test("a penalty of activity is computed while training, divided by the batch, and asked for once", () => {
  const layer = layers.simpleRNN({
    units: 2,
    returnState: true,
    activityRegularizer: tf.regularizers.l2({ l2: 0.5 }),
  });
  const x = tf.randomNormal([3, 2, 1]);
  const outputs = layer.apply(x) as tf.Tensor[];
  assert.deepEqual(layer.calculateLosses(), [], "nothing is trained");
  const before = tf.memory().numTensors;
  const { value, grads } = tf.variableGrads(() => {
    layer.apply(x, { training: true });
    const penalties = layer.calculateLosses();
    assert.equal(penalties.length, 2);
    assert.deepEqual(layer.calculateLosses(), []);
    return tf.addN(penalties) as tf.Scalar;
  });
  const expected = tf.tidy(() => tf.addN(outputs.map((output) => tf.sum(tf.square(output)).div(6))));
  near(values(value), values(expected));
  tf.dispose([value, grads, expected]);
  assert.equal(tf.memory().numTensors, before);
});

test("a penalty of activity that nobody has asked for does not count in the next pass", () => {
  const layer = layers.dense({ units: 1, activityRegularizer: tf.regularizers.l2({ l2: 1 }) });
  const x = tf.ones([1, 2]);
  layer.apply(x);
  const before = tf.memory().numTensors;
  const pass = (ask: boolean) => {
    const { value, grads } = tf.variableGrads(() => {
      const output = layer.apply(x, { training: true }) as tf.Tensor;
      if (ask) assert.equal(layer.calculateLosses().length, 1);
      return tf.sum(output) as tf.Scalar;
    });
    tf.dispose([value, grads]);
  };
  pass(false);
  pass(true);
  assert.equal(tf.memory().numTensors, before);
});

test("TimeDistributed gives each step its mask, whatever is inside", () => {
  const texts = tf.tensor3d([1, 2, 0, 3, 0, 0, 4, 5, 1, 0, 0, 0], [2, 2, 3], "int32");
  const embedding = layers.embedding({ inputDim: 6, outputDim: 2, maskZero: true });
  const lstm = layers.lstm({ units: 2 });
  const embedded = embedding.apply(texts) as tf.Tensor;
  const mask = embedding.computeMask(texts);
  const within = (layer: tf.layers.Layer, given = mask) =>
    values(layers.timeDistributed({ layer }).apply(embedded, { mask: given }));
  const steps = within(lstm);
  const alone = tf.unstack(embedded, 1).map((step, i) => {
    return lstm.apply(step, { mask: tf.unstack(mask as tf.Tensor, 1)[i] }) as tf.Tensor;
  });
  near(steps, values(tf.stack(alone, 1)));
  assert.deepEqual(steps.slice(-2), [0, 0], "nothing comes from an empty sentence");
  near(within(tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [3, 2] }), lstm] })), steps);
  near(within(lstm, tf.ones([2, 2], "bool")), within(lstm, tf.onesLike(mask as tf.Tensor)));
});

test("importing rnnlab leaves the layers of tf.layers as they are", () => {
  const layer = tf.layers.bidirectional({ layer: tf.layers.lstm({ units: 2 }) });
  const { forwardLayer } = layer as unknown as { forwardLayer: tf.RNN };
  assert.equal(forwardLayer.constructor, tf.layers.lstm({ units: 1 }).constructor);
  const config = forwardLayer.getConfig();
  assert.deepEqual([config.recurrentActivation, config.unitForgetBias], ["hardSigmoid", undefined]);
});

test("layers have Keras's defaults", () => {
  const config = layers.lstm({ units: 2 }).getConfig();
  assert.deepEqual(
    ["activation", "recurrentActivation", "unitForgetBias", "useBias"].map((key) => config[key]),
    ["tanh", "sigmoid", true, true],
  );
  assert.deepEqual((config.kernelInitializer as tf.serialization.ConfigDict).config, {
    scale: 1,
    mode: "fanAvg",
    distribution: "uniform",
    seed: null,
  });
  assert.equal(layers.gru({ units: 2 }).getConfig().resetAfter, true);
});

test("training, prediction and disposal leave no tensors behind, with masks, states and dropout", async () => {
  const x = words();
  const y = tf.ones([2, 2]);
  const before = tf.memory().numTensors;
  const model = tf.sequential({
    layers: [
      tf.layers.inputLayer({ batchInputShape: [2, 4] }),
      layers.embedding({ inputDim: 6, outputDim: 3, maskZero: true }),
      layers.bidirectional({ layer: layers.gru({ units: 3, returnSequences: true }) }),
      layers.lstm({ units: 3, returnSequences: true, stateful: true, dropout: 0.3, recurrentDropout: 0.3 }),
      layers.lstm({ units: 3, returnSequences: true }),
      layers.simpleRNN({ units: 2, stateful: true, activation: "softplus" }),
    ],
  });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  const use = async () => {
    await model.fit(x, y, { epochs: 2, batchSize: 2, verbose: 0 });
    tf.dispose(model.predict(x));
    tf.dispose(model.evaluate(x, y, { batchSize: 2 }) as tf.Scalar);
  };
  await use();
  const during = tf.memory().numTensors;
  for (let i = 0; i < 3; i++) await use();
  assert.equal(tf.memory().numTensors, during);
  model.resetStates();
  assert.equal(tf.memory().numTensors, during);
  model.dispose();
  (model.optimizer as tf.Optimizer).dispose();
  assert.equal(tf.memory().numTensors, before);
});

test("a stateful layer goes on from batch to batch until its states are reset", () => {
  const layer = layers.lstm({ units: 2, stateful: true, batchInputShape: [1, 2, 1] });
  const whole = layers.lstm({ units: 2 });
  const x = tf.tensor3d([1, -1, 0.5, 2], [1, 4, 1]);
  const [first, second] = tf.split(x, 2, 1) as [tf.Tensor, tf.Tensor];
  const start = values(layer.apply(first));
  whole.apply(x);
  whole.setWeights(layer.getWeights());
  near(values(layer.apply(second)), values(whole.apply(x)));
  layer.resetStates();
  assert.deepEqual(values(layer.apply(first)), start);
});

test("a mask reaches every layer of a stack, in a nested model, too, and the weights of words that are masked stay", () => {
  const stack = (inputs: tf.SymbolicTensor) =>
    [layers.gru({ units: 2, returnSequences: true }), layers.lstm({ units: 2 })].reduce(
      (tensor, layer) => layer.apply(tensor) as tf.SymbolicTensor,
      inputs,
    );
  const input = tf.input({ shape: [4], dtype: "int32" });
  const embedded = layers.embedding({ inputDim: 6, outputDim: 2, maskZero: true }).apply(input);
  const flat = tf.model({ inputs: input, outputs: stack(embedded as tf.SymbolicTensor) });
  const inner = tf.input({ shape: [4, 2] });
  const nested = tf.model({ inputs: inner, outputs: stack(inner) });
  const outputs = nested.apply(embedded as tf.SymbolicTensor) as tf.SymbolicTensor;
  const whole = tf.model({ inputs: input, outputs });
  whole.setWeights(flat.getWeights());
  const predicted = values(flat.predict(words()));
  near(values(whole.predict(words())), predicted);
  // The second row ends after "4 5": what stands in masked places does not count.
  const shorter = tf.tensor2d([4, 5], [1, 2], "int32");
  const short = tf.input({ shape: [2], dtype: "int32" });
  const cut = [...flat.layers.slice(1)].reduce(
    (tensor, layer) => layer.apply(tensor) as tf.SymbolicTensor,
    short,
  );
  near(values(tf.model({ inputs: short, outputs: cut }).predict(shorter)), predicted.slice(2));
});

test("dropout is the same in each run with the same seed, another at each step, and none in prediction", () => {
  const run = () => {
    const layer = layers.simpleRNN({
      units: 3,
      dropout: 0.5,
      recurrentDropout: 0.5,
      seed: 5,
      kernelInitializer: "ones",
      recurrentInitializer: "ones",
    });
    const x = tf.ones([4, 3, 6]);
    return [true, true, false, false].map((training) => values(layer.apply(x, { training })));
  };
  const [first, second, predicted, again] = run();
  assert.notDeepEqual(first, second);
  assert.deepEqual(run().slice(0, 2), [first, second]);
  assert.deepEqual(predicted, again);
});

test("weights stay under their constraint after each update, in dense and embedding layers, too", async () => {
  const limit = () => tf.constraints.maxNorm({ maxValue: 0.1, axis: 0 });
  const model = tf.sequential({
    layers: [
      layers.embedding({ inputDim: 6, outputDim: 3, inputLength: 4, embeddingsConstraint: limit() }),
      layers.lstm({ units: 3, recurrentConstraint: limit() }),
      layers.dense({ units: 2, kernelConstraint: limit() }),
    ],
  });
  const [x, y] = [words(), tf.fill([2, 2], 9)];
  for (const optimizer of [tf.train.sgd(1), adam({ learningRate: 1 })]) {
    model.compile({ optimizer, loss: "meanSquaredError" });
    await quietly(() => fit(model, x, y, { epochs: 1 }));
    const before = tf.memory().numTensors;
    await quietly(() => fit(model, x, y, { epochs: 2 }));
    assert.equal(tf.memory().numTensors, before, "an update leaves nothing");
  }
  for (const [layer, weight] of [
    [0, 0],
    [1, 1],
    [2, 0],
  ] as const) {
    const norms = values(tf.norm(model.layers[layer]!.getWeights()[weight]!, 2, 0));
    assert.ok(
      norms.every((norm) => norm < 0.1001),
      `norms of layer ${layer} must be at most 0.1, got ${norms}`,
    );
  }
});

test("an activation may be a function, in both directions and in dense layers, too", () => {
  const square = (x: tf.Tensor) => tf.square(x);
  const layer = layers.bidirectional({ layer: layers.simpleRNN({ units: 1, activation: square }) });
  layer.apply(tf.zeros([1, 2, 1]));
  const weights = [tf.ones([1, 1]), tf.ones([1, 1]), tf.zeros([1])];
  layer.setWeights([...weights, ...weights]);
  // (2² + 3)² one way, (3² + 2)² the other.
  assert.deepEqual(values(layer.apply(tf.tensor3d([2, 3], [1, 2, 1]))), [49, 121]);
  const dense = layers.dense({ units: 1, activation: square, kernelInitializer: "ones" });
  assert.deepEqual(values(dense.apply(tf.tensor2d([[2, 1]]))), [9]);
});

test("bad options and inputs are refused by name", () => {
  const build = (options: object) => () => layers.lstm({ units: 1, ...options });
  const cases: [() => unknown, RegExp][] = [
    [build({ units: 0 }), /^RangeError: Cannot build LSTM: units must be a positive integer, got 0$/],
    [build({ units: 1.5 }), /^RangeError: Cannot build LSTM: units must be a positive integer, got 1.5$/],
    [
      build({ activation: "tanhh" }),
      /Cannot build LSTM: activation must be one of celu, elu, .*tanh.*, got tanhh$/,
    ],
    [build({ dropout: 1.5 }), /^RangeError: Cannot build LSTM: dropout must be from 0 to 1, got 1.5$/],
    [
      build({ goBackwards: "no" }),
      /^TypeError: Cannot build LSTM: goBackwards must be true or false, got "no"$/,
    ],
    [
      build({ returnSequences: 1 }),
      /^TypeError: Cannot build LSTM: returnSequences must be true or false, got 1$/,
    ],
    [() => layers.dense({ units: -1 }), /^RangeError: Cannot build Dense: units must be a positive integer/],
    [
      () => layers.embedding({ inputDim: 0, outputDim: 1 }),
      /^RangeError: Cannot build Embedding: inputDim must/,
    ],
    [
      () => layers.bidirectional({ layer: layers.dense({ units: 1 }) as unknown as tf.RNN }),
      /^TypeError: Cannot build Bidirectional: layer must be a recurrent layer, got Dense$/,
    ],
    [
      () =>
        layers.bidirectional({ layer: layers.lstm({ units: 1 }), backwardLayer: layers.gru({ units: 1 }) }),
      /^RangeError: Cannot build Bidirectional: goBackwards of backwardLayer must be true, got false$/,
    ],
    [
      () =>
        layers.bidirectional({
          layer: layers.lstm({ units: 1, returnSequences: true }),
          backwardLayer: layers.lstm({ units: 1, goBackwards: true }),
        }),
      /^RangeError: Cannot build Bidirectional: returnSequences of backwardLayer must be true, got false$/,
    ],
    [
      () =>
        layers.bidirectional({
          layer: layers.lstm({ units: 1 }),
          backwardLayer: layers.lstm({ units: 2, goBackwards: true }),
          mergeMode: "sum",
        }),
      /^RangeError: Cannot build Bidirectional: units of backwardLayer must be 1 with mergeMode sum, got 2$/,
    ],
    [
      () => layers.timeDistributed({ layer: layers.lstm({ units: 1, returnState: true }) }),
      /^RangeError: Cannot build TimeDistributed: returnState of its layer must be false, got true$/,
    ],
    [
      () => layers.timeDistributed({ layer: "dense" as unknown as tf.layers.Layer }),
      /^TypeError: Cannot build TimeDistributed: layer must be a layer, got dense$/,
    ],
    [
      () => layers.gru({ units: 1, stateful: true }).apply(tf.input({ shape: [2, 3] })),
      /^RangeError: Cannot build GRU: stateful needs a fixed batch size \(.*\), got none$/,
    ],
    [
      () => layers.gru({ units: 1 }).apply(tf.zeros([2, 3])),
      /^RangeError: Cannot apply GRU: input must have shape \[batch, time, features\], got \[2, 3\]$/,
    ],
    [
      () => layers.gru({ units: 2 }).apply(tf.zeros([2, 3, 1]), { initialState: [tf.zeros([2, 3])] }),
      /^RangeError: Cannot build GRU: initialState must hold 1 of shape \[batch, 2\], got \[2, 3\]$/,
    ],
    [
      () => layers.lstm({ units: 2 }).apply(tf.zeros([2, 3, 1]), { initialState: [tf.zeros([2, 2])] }),
      /^RangeError: Cannot build LSTM: initialState must hold 2 of shape \[batch, 2\], got \[2, 2\]$/,
    ],
    [
      () => layers.lstm({ units: 2 }).apply(tf.zeros([2, 3, 1]), { mask: tf.ones([2, 4], "bool") }),
      /mask must have shape \[2, 3\]/,
    ],
  ];
  for (const [make, message] of cases) {
    assert.throws(make, (error) => {
      assert.match(String(error), message);
      return true;
    });
  }
});

test("the first use says once on standard error which ops are used", () => {
  const code = `const { layers, tf } = require("rnnlab");
    layers.lstm({ units: 1 }).apply(tf.zeros([1, 2, 1]));
    layers.gru({ units: 1 }).apply(tf.zeros([1, 2, 1]));
    console.log("done");`;
  const run = (env: object) => {
    const child = spawnSync(process.execPath, ["-e", `console.warn = console.error = () => {}; ${code}`], {
      cwd: packageRoot,
      encoding: "utf8",
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: "3", ...env },
    });
    assert.equal(child.stdout, "done\n");
    return child.stderr;
  };
  assert.match(
    run({}),
    /^rnnlab: recurrent layers run on (the fused ops \(\w+\)|TensorFlow's own ops: .+)\n$/,
  );
  assert.equal(
    run({ RNNLAB_OPS: "tensorflow" }),
    "rnnlab: recurrent layers run on TensorFlow's own ops: RNNLAB_OPS asks for TensorFlow's own\n",
  );
});

test("attention tells a model the shape of its outputs: the queries' steps, the values' features", () => {
  const [query, value, key] = [
    [3, 4],
    [5, 6],
    [5, 4],
  ].map((shape) => tf.input({ shape }));
  const output = new Attention({}).apply([query!, value!, key!]) as tf.SymbolicTensor;
  assert.deepEqual(output.shape, [null, 3, 6]);
  const model = tf.model({ inputs: [query!, value!, key!], outputs: output });
  const predicted = model.predict([tf.ones([2, 3, 4]), tf.ones([2, 5, 6]), tf.ones([2, 5, 4])]) as tf.Tensor;
  assert.deepEqual(predicted.shape, [2, 3, 6]);
});

test("UnitNormalization divides each vector of the last axis by its length, or of the axis that is named", () => {
  const x = tf.tensor3d([3, 4, 6, 8], [1, 2, 2]);
  const outputs = (args: object): tf.Tensor => {
    const layer = new mapLayers.UnitNormalization(args as never);
    return layer.apply(x) as tf.Tensor;
  };
  near(values(outputs({})), [0.6, 0.8, 0.6, 0.8]);
  const [down, far] = [Math.hypot(3, 6), Math.hypot(4, 8)];
  near(values(outputs({ axis: 1 })), [3 / down, 4 / far, 6 / down, 8 / far]);
});
