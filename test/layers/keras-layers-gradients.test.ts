import assert from "node:assert/strict";
import { after, test } from "node:test";
import { tf } from "rnnlab";
import { AdditiveAttention, Attention } from "../../src/layers/attention.js";
import { channelwiseConvs } from "../../src/layers/channelwise-convs.js";
import { Conv1D } from "../../src/layers/conv-1d.js";
import { ConvLSTM2D } from "../../src/layers/conv-lstm-2d.js";
import { convTransposes } from "../../src/layers/conv-transpose.js";
import { ELU } from "../../src/layers/elu.js";
import { GetItem } from "../../src/layers/get-item.js";
import { GlobalAveragePooling1D } from "../../src/layers/global-average-pooling-1d.js";
import { GroupNormalization } from "../../src/layers/group-normalization.js";
import { LeakyReLU } from "../../src/layers/leaky-relu.js";
import { MultiHeadAttention } from "../../src/layers/multi-head-attention.js";
import { Normalization } from "../../src/layers/normalization.js";
import { ReLU } from "../../src/layers/relu.js";
import { Softmax } from "../../src/layers/softmax-layer.js";
import { Subtract } from "../../src/layers/subtract.js";

after(() => tf.disposeVariables());

const all = { start: null, stop: null, step: null };
const mask = tf.keep(tf.tensor2d([1, 0, 1, 1, 1, 0], [2, 3], "bool"));
const masks = [undefined, mask];
const attending = {
  dot: new Attention({ useScale: true }),
  concat: new Attention({ scoreMode: "concat" }),
  additive: new AdditiveAttention({}),
  heads: new MultiHeadAttention({ numHeads: 2, keyDim: 3, outputShape: 2 }),
};
// Their weights are made by the first call.
for (const layer of Object.values(attending))
  tf.tidy(() => void layer.apply([tf.ones([1, 3, 2]), tf.ones([1, 3, 2])]));
const built = {
  causal: new Conv1D({ filters: 2, kernelSize: 2, padding: "causal" }),
  transposed: new convTransposes.Conv1DTranspose({ filters: 2, kernelSize: 3, strides: 2 }),
  dilated: new convTransposes.Conv1DTranspose({ filters: 2, kernelSize: 2, dilationRate: 2 }),
  separable: new channelwiseConvs.SeparableConv1D({ filters: 2, kernelSize: 2, dilationRate: 2 }),
  grouped: new GroupNormalization({ groups: 2, axis: -1, epsilon: 0.1 }),
  normalized: tf.layers.layerNormalization({ epsilon: 0.1 }),
  unscaled: tf.layers.layerNormalization({ epsilon: 0.1, scale: false }),
  uncentred: tf.layers.layerNormalization({ epsilon: 0.1, center: false }),
  bare: tf.layers.layerNormalization({ axis: [1, 2], epsilon: 0.1, scale: false, center: false }),
  pictures: new ConvLSTM2D({ filters: 2, kernelSize: [1, 2], returnSequences: true }),
};
const film = (x: tf.Tensor) => tf.reshape(x, [2, 3, 1, 2, 1]);
tf.tidy(() => {
  const { pictures, ...others } = built;
  for (const layer of Object.values(others)) layer.apply(tf.ones([1, 3, 2]));
  pictures.apply(tf.ones([1, 3, 1, 2, 1]));
});
const cases: Record<string, (x: tf.Tensor) => tf.Tensor> = {
  ReLU: (x) => new ReLU({ maxValue: 1, negativeSlope: 0.2, threshold: 0.1 }).apply(x) as tf.Tensor,
  LeakyReLU: (x) => new LeakyReLU({ negativeSlope: 0.2 }).apply(x) as tf.Tensor,
  ELU: (x) => new ELU({ alpha: 0.5 }).apply(x) as tf.Tensor,
  "Softmax over time": (x) => new Softmax({ axis: 1 }).apply(x) as tf.Tensor,
  Subtract: (x) => new Subtract().apply([x, tf.square(x)]) as tf.Tensor,
  "GetItem with an index": (x) => new GetItem({ key: [all, -1] }).apply(x) as tf.Tensor,
  "GetItem with a step": (x) => new GetItem({ key: [all, { ...all, step: -2 }] }).apply(x) as tf.Tensor,
  "GetItem with a new axis": (x) => new GetItem({ key: ["...", null, -1] }).apply(x) as tf.Tensor,
  "GetItem with a part": (x) => new GetItem({ key: [all, { ...all, start: 1 }, 0] }).apply(x) as tf.Tensor,
  "GlobalAveragePooling1D with a mask": (x) => new GlobalAveragePooling1D().apply(x, { mask }) as tf.Tensor,
  "Attention with a mask": (x) => attending.dot.apply([tf.neg(x), x], { mask: masks }) as tf.Tensor,
  "Attention of sums": (x) => attending.concat.apply([x, tf.square(x)], { useCausalMask: true }) as tf.Tensor,
  AdditiveAttention: (x) => attending.additive.apply([x, tf.square(x), tf.neg(x)]) as tf.Tensor,
  "MultiHeadAttention with a mask": (x) =>
    attending.heads.apply([x, tf.square(x)], { mask: masks, useCausalMask: true }) as tf.Tensor,
  "causal Conv1D": (x) => built.causal.apply(x) as tf.Tensor,
  "dilated Conv1DTranspose": (x) => built.dilated.apply(x) as tf.Tensor,
  "dilated SeparableConv1D": (x) => built.separable.apply(x) as tf.Tensor,
  GroupNormalization: (x) => built.grouped.apply(x) as tf.Tensor,
  LayerNormalization: (x) => built.normalized.apply(x) as tf.Tensor,
  "LayerNormalization without gamma": (x) => built.unscaled.apply(x) as tf.Tensor,
  "LayerNormalization without beta": (x) => built.uncentred.apply(x) as tf.Tensor,
  "LayerNormalization of two axes without both": (x) => built.bare.apply(x) as tf.Tensor,
  Conv1DTranspose: (x) => built.transposed.apply(x) as tf.Tensor,
  "ConvLSTM2D with a mask": (x) => built.pictures.apply(film(x), { mask }) as tf.Tensor,
  Normalization: (x) => new Normalization({ mean: 0.5, variance: 4 }).apply(x) as tf.Tensor,
};

for (const [name, run] of Object.entries(cases)) {
  test(`${name}: its gradient is that of finite differences`, () => {
    const numbers = Array.from({ length: 12 }, (_, i) => 1.4 * Math.sin(2.3 * i + 0.4));
    const loss = (x: tf.Tensor) =>
      tf.tidy(() => {
        const y = run(x);
        return tf.sum(tf.mul(y, tf.cos(tf.range(0, y.size).reshape(y.shape)))) as tf.Scalar;
      });
    const before = tf.memory().numTensors;
    const step = 1e-2;
    const at = (i: number, shift: number) =>
      tf.tidy(() => {
        const shifted = numbers.map((value, j) => (j === i ? value + shift : value));
        return loss(tf.tensor3d(shifted, [2, 3, 2])).dataSync()[0] ?? Number.NaN;
      });
    const expected = numbers.map((_, i) => (at(i, step) - at(i, -step)) / (2 * step));
    const found = tf.tidy(() => [
      ...tf
        .grad(loss)(tf.tensor3d(numbers, [2, 3, 2]))
        .dataSync(),
    ]);
    found.forEach((value, i) => {
      assert.ok(Math.abs(value - (expected[i] ?? Number.NaN)) < 2e-3, `[${i}]: ${value}, not ${expected[i]}`);
    });
    assert.equal(tf.memory().numTensors, before);
  });
}

test("ConvLSTM2D keeps its states for the next batch, and forgets them when it is told", () => {
  const model = tf.sequential({
    layers: [new ConvLSTM2D({ filters: 2, kernelSize: 2, stateful: true, batchInputShape: [2, 3, 3, 3, 1] })],
  });
  const x = tf.sin(tf.range(0, 54)).reshape([2, 3, 3, 3, 1]);
  const run = () => [...(model.predict(x, { batchSize: 2 }) as tf.Tensor).dataSync()];
  const [first, second] = [run(), run()];
  assert.notDeepEqual(first, second);
  model.resetStates();
  assert.deepEqual([run(), run()], [first, second]);
});
