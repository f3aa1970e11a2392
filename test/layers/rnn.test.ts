import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { layers, tf } from "rnnlab";

afterEach(() => tf.disposeVariables());

const data = (...shape: number[]) =>
  tf.tidy(() => tf.sin(tf.mul(tf.range(0, tf.util.sizeFromShape(shape)), 0.7)).reshape(shape));
const values = (tensor: tf.Tensor) => [...tensor.dataSync()];
const cellsOf = () => [
  layers.lstmCell({ units: 3 }),
  layers.gruCell({ units: 4 }),
  layers.simpleRNNCell({ units: 2 }),
];

/** The same network as layers one after the other, which start from the same weights. */
function chain(model: tf.LayersModel, goBackwards: boolean): tf.LayersModel {
  const made = tf.sequential({
    layers: [
      layers.masking({ inputShape: [5, 2] }),
      layers.lstm({ units: 3, returnSequences: true, goBackwards }),
      layers.gru({ units: 4, returnSequences: true }),
      layers.simpleRNN({ units: 2 }),
    ],
  });
  tf.tidy(() => made.setWeights(model.getWeights()));
  return made;
}

test("rnn() of several cells computes and learns what layers with returned sequences do", async () => {
  for (const goBackwards of [false, true]) {
    const before = tf.memory().numTensors;
    const model = tf.sequential({
      layers: [layers.masking({ inputShape: [5, 2] }), layers.rnn({ cell: cellsOf(), goBackwards })],
    });
    const other = chain(model, goBackwards);
    // A mask that is turned would not reach the second cell in its order, so backwards no step is masked.
    const x = goBackwards ? data(4, 5, 2) : tf.tidy(() => tf.concat([data(4, 4, 2), tf.zeros([4, 1, 2])], 1));
    const y = data(4, 2);
    const [found, expected] = await Promise.all(
      [model, other].map(async (each) => {
        const optimizer = tf.train.sgd(0.5);
        each.compile({ optimizer, loss: "meanSquaredError" });
        await each.fit(x, y, { epochs: 3, verbose: 0, shuffle: false });
        const predicted = tf.tidy(() => values(each.predict(x) as tf.Tensor));
        each.dispose();
        optimizer.dispose();
        return predicted;
      }),
    );
    found?.forEach((value, i) => {
      assert.ok(Math.abs(value - (expected?.[i] ?? Number.NaN)) < 1e-5);
    });
    tf.dispose([x, y]);
    assert.equal(tf.memory().numTensors, before);
  }
});

test("rnn() keeps its states for the next batch, and forgets them when it is told", () => {
  const model = tf.sequential({
    layers: [layers.rnn({ cell: cellsOf(), stateful: true, batchInputShape: [2, 3, 2] })],
  });
  const [first, second] = [data(2, 3, 2), tf.cos(data(2, 3, 2))];
  const start = values(model.predict(first, { batchSize: 2 }) as tf.Tensor);
  const after = values(model.predict(second, { batchSize: 2 }) as tf.Tensor);
  model.resetStates();
  assert.deepEqual(values(model.predict(first, { batchSize: 2 }) as tf.Tensor), start);
  assert.deepEqual(values(model.predict(second, { batchSize: 2 }) as tf.Tensor), after);
  model.resetStates();
  assert.notDeepEqual(values(model.predict(second, { batchSize: 2 }) as tf.Tensor), after);
});

test("rnn() drops inputs of each cell while it trains, and not when it predicts", () => {
  const layer = layers.rnn({
    cell: [
      layers.gruCell({ units: 3, dropout: 0.5 }),
      layers.lstmCell({ units: 3, dropout: 0.5, recurrentDropout: 0.5 }),
    ],
    seed: 4,
  });
  const x = data(4, 5, 2);
  const run = (training: boolean) => values(layer.apply(x, { training }) as tf.Tensor);
  assert.deepEqual(run(false), run(false));
  assert.notDeepEqual(run(true), run(false));
  assert.notDeepEqual(run(true), run(true));
});

test("a weight of a cell that is penalised counts in the loss, with rnn() of one and of several cells", () => {
  const kernelRegularizer = tf.regularizers.l2({ l2: 1 });
  for (const several of [false, true]) {
    const cell = layers.gruCell({ units: 3, kernelRegularizer });
    const layer = layers.rnn({ cell: several ? [layers.gruCell({ units: 2 }), cell] : cell });
    layer.apply(data(1, 2, 2));
    const [penalty] = layer.calculateLosses();
    const kernel = (cell as unknown as { kernel: tf.LayerVariable }).kernel.read();
    const expected = tf.sum(tf.square(kernel)).dataSync()[0] ?? Number.NaN;
    assert.ok(Math.abs((penalty?.dataSync()[0] ?? 0) - expected) < 1e-5);
  }
});

test("rnn() refuses what is no cell, and states of other shapes", () => {
  assert.throws(() => layers.rnn({ cell: layers.lstm({ units: 2 }) }), {
    name: "TypeError",
    message: "Cannot build RNN: cell must be SimpleRNNCell, LSTMCell, GRUCell or a list of them, got LSTM",
  });
  assert.throws(() => layers.rnn({ cell: [] }), /or a list of them, got none/);
  const layer = layers.rnn({ cell: [layers.lstmCell({ units: 2 }), layers.gruCell({ units: 3 })] });
  const states = [2, 2, 2].map((size) => tf.zeros([4, size]));
  assert.throws(() => layer.apply(data(4, 3, 2), { initialState: states }), {
    message:
      "Cannot build RNN: initialState must hold shapes [batch, 2], [batch, 2], [batch, 3], got [4, 2], [4, 2], [4, 2]",
  });
});
