// What importing rnnlab/accelerate must not change, whichever ops it brings: the numbers of tfjs's own layers.
import assert from "node:assert/strict";
import { afterEach, before, test } from "node:test";
import * as tf from "../../src/tensorflow.js";
import { assertNear } from "../recurrent-ops/layer-run.js";

type Args = Readonly<Record<string, unknown>>;
type Made = (options: Args) => tf.layers.Layer;
interface Run {
  readonly results: Float32Array[];
  readonly gradients: Float32Array[];
}

const [batch, time, features, units] = [3, 4, 2, 2];
const draw = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 0.7, "float32", seed);
const list = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);
const makers = tf.layers as unknown as Record<string, Made>;

/** A hole, a row that begins masked and a row that is masked altogether. */
const mask = () => tf.tensor2d([1, 1, 0, 1, 0, 1, 1, 0, 0, 0, 0, 0], [batch, time], "bool");

/** Calls a layer, a stateful one twice, and differentiates the sum of squares of what it returns. */
function run(
  make: () => tf.layers.Layer,
  call: { masked?: boolean; initial?: boolean; training?: boolean },
): Run {
  const result = tf.tidy(() => {
    const layer = make();
    const x = draw([batch, time, features], 1);
    const initialState = [draw([batch, units], 2), draw([batch, units], 3)];
    const states = layer.getClassName() === "LSTM" ? initialState : initialState.slice(1);
    const args = () => ({
      ...(call.masked ? { mask: mask() } : {}),
      ...(call.initial ? { initialState: states } : {}),
      training: call.training ?? false,
    });
    layer.apply(x, args());
    layer.setWeights(layer.getWeights().map(({ shape }, i) => draw(shape, 4 + i)));
    if (layer.stateful) {
      layer.resetStates();
      layer.apply(draw([batch, time, features], 10), args());
    }
    const results: tf.Tensor[] = [];
    const gradients = tf.grads((input) => {
      const outputs = list(layer.apply(input as tf.Tensor, args()) as tf.Tensor | tf.Tensor[]);
      results.push(...outputs.map((output) => tf.keep(output.clone())));
      return tf.addN(outputs.map((output) => tf.sum(tf.square(output))));
    })([x, ...layer.trainableWeights.map((weight) => weight.read())]);
    const values = (tensor: tf.Tensor) => tensor.dataSync() as Float32Array;
    const numbers = { results: results.map(values), gradients: gradients.map(values) };
    tf.dispose(results);
    if (layer.stateful) layer.resetStates();
    return numbers;
  });
  tf.disposeVariables();
  return result;
}

const flags = [false, true];
const cells = ["simpleRNN", "lstm", "gru"] as const;

/** Each layer and call that is compared. */
const cases: { name: string; make: () => tf.layers.Layer; call: Parameters<typeof run>[1] }[] = [];
const add = (kind: string, options: Args, call: Parameters<typeof run>[1]) =>
  cases.push({
    name: JSON.stringify({ kind, ...options, ...call }),
    make: () => makers[kind]!({ units, ...options }),
    call,
  });
for (const kind of cells) {
  for (const goBackwards of flags)
    for (const returnSequences of flags)
      for (const masked of flags)
        for (const start of ["zeros", "initial", "stateful"])
          add(
            kind,
            {
              goBackwards,
              returnSequences,
              returnState: start !== "zeros",
              ...(start === "stateful" ? { stateful: true, batchInputShape: [batch, time, features] } : {}),
            },
            { masked, initial: start === "initial" },
          );
  for (const activation of ["relu", "elu", "softsign", "hardSigmoid", "linear", "softmax"])
    add(
      kind,
      { activation, ...(kind === "simpleRNN" ? {} : { recurrentActivation: "sigmoid" }) },
      { masked: true },
    );
  add(kind, { useBias: false }, {});
  add(kind, { dropout: 0.3, recurrentDropout: 0.2 }, {});
  // What tfjs would draw at random is a function of the shape here.
  const dropoutFunc = ({ shape }: tf.Tensor) => draw(shape, 9);
  add(kind, { dropout: 0.3, recurrentDropout: 0.2, dropoutFunc }, { training: true });
  for (const mergeMode of ["concat", "sum"])
    for (const masked of flags)
      cases.push({
        name: `bidirectional ${kind} ${mergeMode} ${masked}`,
        make: () =>
          makers.bidirectional!({ layer: makers[kind]!({ units, returnSequences: true }), mergeMode }),
        call: { masked },
      });
}
for (const inner of [
  () => makers.dense!({ units: 3, activation: "tanh" }),
  () => makers.activation!({ activation: "softmax" }),
  () => makers.flatten!({}),
])
  cases.push({ name: "timeDistributed", make: () => makers.timeDistributed!({ layer: inner() }), call: {} });

/** Declares the tests; `ops` says which ops they run on. */
export function accelerateTests(ops: string): void {
  afterEach(() => tf.disposeVariables());

  let runs: Run[];
  let weights: Float32Array[];
  let kernels: number;
  before(async () => {
    runs = cases.map(({ make, call }) => run(make, call));
    weights = await trainedWeights();
    kernels = await countKernels();
    const { accelerated } =
      require("../../src/accelerate/index.js") as typeof import("../../src/accelerate/index.js");
    assert.deepEqual(accelerated, ["SimpleRNN", "LSTM", "GRU", "TimeDistributed", "Dense"]);
  });

  test(`accelerated layers (${ops}) give tfjs's numbers and gradients for every option`, () => {
    cases.forEach(({ name, make, call }, i) => {
      const after = run(make, call);
      for (const part of ["results", "gradients"] as const) {
        assert.equal(after[part].length, runs[i]![part].length);
        runs[i]![part].forEach((expected, j) => {
          assertNear(after[part][j]!, expected, part === "results" ? 1e-5 : 1e-4, `${part} ${j} of ${name}`);
        });
      }
    });
  });

  test(`an accelerated model (${ops}) trains to tfjs's weights`, async () => {
    const after = await trainedWeights();
    weights.forEach((weight, i) => {
      assertNear(after[i]!, weight, 1e-4, `weight ${i}`);
    });
  });

  test(`accelerated layers (${ops}) run fewer kernels`, async () => {
    const after = await countKernels();
    assert.ok(after < (ops === "fused ops" ? 10 : kernels), `${after} instead of ${kernels}`);
  });

  test(`accelerated layers (${ops}) drop a share of the inputs while training`, () => {
    const sums = (
      dropping().apply(tf.ones([200, 3, 40]), { training: true }) as tf.Tensor
    ).dataSync<"float32">();
    const mean = sums.reduce((sum, value) => sum + value, 0) / sums.length;
    assert.ok(Math.abs(mean - 40) < 2 && new Set(sums).size > 1, `the mean must be near 40, got ${mean}`);
  });

  test(`accelerated layers (${ops}) refuse an input of another rank as before`, () => {
    assert.throws(
      () => tf.layers.lstm({ units: 1 }).apply(tf.zeros([2, 3])),
      /expected ndim=3, found ndim=2/,
    );
  });
}

/** A layer that gives the sum of what is left of its inputs. */
const dropping = (): tf.layers.Layer =>
  tf.layers.simpleRNN({
    units: 1,
    dropout: 0.25,
    activation: "linear",
    kernelInitializer: "ones",
    recurrentInitializer: "zeros",
  });

async function countKernels(): Promise<number> {
  const layer = tf.layers.lstm({ units });
  const x = tf.zeros([2, 50, 3]);
  layer.apply(x);
  const { kernels } = await tf.profile(() => tf.tidy(() => layer.apply(x) as tf.Tensor));
  return kernels.length;
}

async function trainedWeights(): Promise<Float32Array[]> {
  const model = tf.sequential({
    layers: [
      tf.layers.embedding({ inputDim: 6, outputDim: 3, maskZero: true, inputLength: 4 }),
      tf.layers.bidirectional({ layer: tf.layers.gru({ units: 3, returnSequences: true }) }),
      tf.layers.lstm({ units: 3, returnSequences: true, unitForgetBias: true }),
      tf.layers.timeDistributed({ layer: tf.layers.dense({ units: 2 }) }),
      tf.layers.simpleRNN({ units: 1 }),
    ],
  });
  model.setWeights(model.getWeights().map(({ shape }, i) => draw(shape, 20 + i)));
  model.compile({ optimizer: tf.train.sgd(0.1), loss: "meanSquaredError" });
  const words = tf.tensor2d([1, 2, 3, 0, 4, 5, 0, 0], [2, 4], "int32");
  await model.fit(words, tf.ones([2, 1]), { epochs: 10, verbose: 0 });
  const weights = model.getWeights().map((weight) => weight.dataSync() as Float32Array);
  model.dispose();
  return weights;
}
