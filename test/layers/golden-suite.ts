// What rnnlab/layers must give, whichever ops it runs on: the numbers of test/golden/layers.py.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { layers, tf } from "rnnlab";
import { readGolden } from "../golden/read-golden.js";
import { assertNear } from "../recurrent-ops/layer-run.js";
import { makeLayer, type Spec, setWeights } from "./layer-spec.js";

interface Case {
  readonly layer: Spec;
  readonly masked: boolean;
  readonly initial: boolean;
  readonly dropoutMasks?: readonly [input: number[][], state: number[][]];
  readonly weights: number[][];
  readonly results: number[][];
  readonly gradients: number[][];
}
interface Trained {
  readonly weights: number[][];
  readonly loss: number;
  readonly trained: number[][];
}
interface Golden {
  readonly sizes: [number, number, number, number];
  readonly x: number[];
  readonly second: number[];
  readonly mask: number[];
  readonly states: number[][];
  readonly shares: number[];
  readonly cases: readonly Case[];
  readonly modelSizes: [number, number, number];
  readonly data: Readonly<Record<"words" | "series" | "texts" | "one" | "each", number[]>>;
  readonly models: readonly (Trained & {
    readonly name: string;
    readonly inputs: "words" | "series" | "texts";
    readonly targets: "one" | "each";
    readonly layers: readonly Spec[];
  })[];
  readonly sequenceToSequence: Trained;
}

const golden = readGolden<Golden>("layers");
const list = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

/** Results and gradients of one layer, as the golden file has them. */
function runCase({ layer: spec, masked, initial, dropoutMasks, weights }: Case): {
  results: Float32Array[];
  gradients: Float32Array[];
} {
  const [batch, time, features, units] = golden.sizes;
  return tf.tidy(() => {
    // Recurrent dropout draws for the states first, one mask a gate, then for the input.
    const draws = [...(dropoutMasks?.[1] ?? []), ...(dropoutMasks?.[0] ?? [])];
    const dropout = dropoutMasks && {
      dropoutFunc: ({ shape }: tf.Tensor) => tf.tensor(draws.shift()!, shape),
    };
    const layer = makeLayer([spec[0], { ...spec[1], ...dropout, batchInputShape: [batch, time, features] }]);
    const shape: [number, number, number] = [batch, time, features];
    const x = tf.tensor3d(golden.x, shape);
    const mask = masked ? tf.tensor2d(golden.mask, [batch, time], "bool") : undefined;
    layer.apply(tf.zerosLike(x));
    if (layer.stateful) layer.resetStates();
    setWeights([layer], weights);
    if (layer.stateful) layer.apply(tf.tensor3d(golden.second, shape), { mask });
    const directions = spec[0] === "bidirectional" ? 2 : 1;
    const inner = directions === 2 ? (spec[1].layer as Spec)[0] : spec[0];
    const starts = initial ? golden.states.slice(0, directions * (inner === "lstm" ? 2 : 1)) : [];
    const states = starts.map((state) => tf.tensor2d(state, [batch, units]));
    const variables = layer.trainableWeights.map((weight) => weight.read());
    let results: tf.Tensor[] = [];
    const gradients = tf.grads((...tensors) => {
      const given = tensors.slice(tensors.length - states.length);
      const args = {
        mask,
        training: dropoutMasks !== undefined,
        ...(initial ? { initialState: given } : {}),
      };
      results = list(layer.apply(tensors[0] as tf.Tensor, args) as tf.Tensor | tf.Tensor[]).map((result) =>
        tf.keep(result.clone()),
      );
      let at = 0;
      const losses = results.map((result) => {
        const shares = tf.tensor(golden.shares.slice(at, at + result.size), result.shape);
        at += result.size;
        return tf.sum(tf.mul(result, shares));
      });
      return tf.addN(losses);
    })([x, ...variables, ...states]);
    const values = (tensor: tf.Tensor) => tensor.dataSync() as Float32Array;
    const run = { results: results.map(values), gradients: gradients.map(values) };
    tf.dispose(results);
    layer.dispose();
    return run;
  });
}

function checkCase(each: Case): void {
  const name = JSON.stringify({ layer: each.layer, masked: each.masked, initial: each.initial });
  const { results, gradients } = runCase(each);
  assert.equal(results.length, each.results.length, name);
  assert.equal(gradients.length, each.gradients.length, name);
  each.results.forEach((result, i) => {
    assertNear(results[i]!, result, 1e-5, `result ${i} of ${name}`);
  });
  each.gradients.forEach((gradient, i) => {
    assertNear(gradients[i]!, gradient, 1e-4, `gradient ${i} of ${name}`);
  });
}

const dataShape = (name: keyof Golden["data"]): number[] => {
  const [rows, steps, features] = golden.modelSizes;
  const shapes = {
    words: [rows, steps],
    series: [rows, steps, features],
    texts: [rows, steps, 3],
    one: [rows, 1],
    each: [rows, steps, 1],
  };
  return shapes[name];
};
const data = (name: keyof Golden["data"]) => tf.tensor(golden.data[name], dataShape(name));

/** Twenty steps with tfjs's own optimiser. */
async function trainTwenty(model: tf.LayersModel, inputs: tf.Tensor | tf.Tensor[], targets: tf.Tensor) {
  model.compile({ optimizer: tf.train.momentum(0.05, 0.9), loss: "meanSquaredError" });
  let loss = Number.NaN;
  let before = 0;
  for (let step = 0; step < 20; step++) {
    loss = (await model.trainOnBatch(inputs, targets)) as number;
    // The optimiser makes its own tensors in the first step.
    if (step === 0) before = tf.memory().numTensors;
  }
  assert.equal(tf.memory().numTensors, before, "tensors are left behind while training");
  return loss;
}

function checkTrained(model: tf.LayersModel, loss: number, expected: Trained, name: string): void {
  const trained = model.layers.flatMap((layer) => layer.getWeights());
  assert.equal(trained.length, expected.trained.length);
  trained.forEach((weight, i) => {
    assertNear(weight.dataSync(), expected.trained[i]!, 1e-4, `weight ${i} of ${name}`);
  });
  assert.ok(Math.abs(loss - expected.loss) < 1e-4 * Math.abs(expected.loss), `loss of ${name}: ${loss}`);
}

/** Declares the tests; `ops` says which ops they run on. */
export function goldenTests(ops: string): void {
  afterEach(() => tf.disposeVariables());

  for (const [kind, label] of [
    ["simpleRNN", "SimpleRNN"],
    ["lstm", "LSTM"],
    ["gru", "GRU"],
  ] as const) {
    test(`${label} (${ops}) gives Keras's numbers for every mask, direction, start, activation and dropout`, () => {
      const cases = golden.cases.filter(({ layer }) => layer[0] === kind);
      assert.equal(cases.length, kind === "gru" ? 62 : 31);
      for (const each of cases) checkCase(each);
    });
  }

  test(`Bidirectional (${ops}) gives Keras's numbers for every cell, mask and merge mode`, () => {
    const cases = golden.cases.filter(({ layer }) => layer[0] === "bidirectional");
    assert.equal(cases.length, 48);
    for (const each of cases) checkCase(each);
  });

  for (const expected of golden.models) {
    test(`the model "${expected.name}" (${ops}) has Keras's weights after 20 training steps`, async () => {
      const made = expected.layers.map((spec) => makeLayer(spec));
      const model = tf.sequential({
        layers: [tf.layers.inputLayer({ batchInputShape: dataShape(expected.inputs) }), ...made],
      });
      setWeights(made, expected.weights);
      const [inputs, targets] = [data(expected.inputs), data(expected.targets)];
      const loss = await trainTwenty(model, inputs, targets);
      checkTrained(model, loss, expected, expected.name);
      tf.dispose([inputs, targets]);
      model.dispose();
    });
  }

  test(`a decoder that starts from an encoder's states (${ops}) has Keras's weights after 20 training steps`, async () => {
    const first = tf.input({ batchShape: dataShape("words") });
    const then = tf.input({ batchShape: dataShape("series") });
    const embedded = layers.embedding({ inputDim: 7, outputDim: 3, maskZero: true });
    const encoder = layers.lstm({ units: 3, returnState: true });
    const decoder = layers.lstm({ units: 3, returnSequences: true });
    const again = layers.gru({ units: 3, returnSequences: true });
    const head = layers.timeDistributed({ layer: layers.dense({ units: 1 }) });
    const [, ...states] = encoder.apply(embedded.apply(first)) as tf.SymbolicTensor[];
    const decoded = decoder.apply(then, { initialState: states });
    const model = tf.model({
      inputs: [first, then],
      outputs: head.apply(again.apply(decoded)) as tf.SymbolicTensor,
    });
    const expected = golden.sequenceToSequence;
    setWeights([embedded, encoder, decoder, again, head], expected.weights);
    const inputs = [data("words"), data("series")];
    const loss = await trainTwenty(model, inputs, data("each"));
    const inOrder = { layers: [embedded, encoder, decoder, again, head] } as unknown as tf.LayersModel;
    checkTrained(inOrder, loss, expected, "sequence to sequence");
    model.dispose();
    tf.dispose(inputs);
  });
}
