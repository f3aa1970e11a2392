import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, test } from "node:test";
import { layers, tf } from "rnnlab";
import { loadModel, saveModel } from "rnnlab/models";
import { near, values } from "./text-model.js";

const folder = mkdtempSync(join(tmpdir(), "rnnlab-state-"));
after(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => tf.disposeVariables());

/** A layer in a model's description: each of its uses has its inputs as [layer, node, tensor, arguments]. */
interface Described {
  readonly class_name: string;
  readonly inbound_nodes: readonly (readonly [string, number, number, object])[][];
}

const makers = { simpleRNN: layers.simpleRNN, lstm: layers.lstm, gru: layers.gru } as const;

for (const [name, make] of Object.entries(makers)) {
  const count = name === "lstm" ? 2 : 1;
  /** A stateful layer that begins each batch of two with states that are inputs. */
  const build = () => {
    const x = tf.input({ batchShape: [2, 3, 1] });
    const states = Array.from({ length: count }, () => tf.input({ batchShape: [2, 4] }));
    const layer = make({ units: 4, stateful: true });
    const y = layer.apply(x, { initialState: states } as never) as tf.SymbolicTensor;
    return tf.model({ inputs: [x, ...states], outputs: y });
  };
  const inputs = (rows: number) => [
    tf.linspace(-1, 1, rows * 3).reshape([rows, 3, 1]),
    ...Array.from({ length: count }, (_, i) => tf.linspace(-i, 1, rows * 4).reshape([rows, 4])),
  ];

  test(`a stateful ${name} begins with the states it is given, batch by batch, and can be reset`, async () => {
    const model = build();
    const given = inputs(4);
    const stateless = make({ units: 4 });
    const eager = (layer: tf.RNN) => {
      const [x, ...states] = given as [tf.Tensor, ...tf.Tensor[]];
      return layer.apply(x, { initialState: states } as never) as tf.Tensor;
    };
    eager(stateless);
    stateless.setWeights(model.getWeights());
    const expected = values(eager(stateless));
    near(values(model.predict(given, { batchSize: 2 }) as tf.Tensor), expected);
    model.resetStates();
    const recurrent = model.layers.find((layer) => layer instanceof tf.RNN) as tf.RNN;
    for (const state of recurrent.states as tf.Tensor[]) assert.ok(values(state).every((v) => v === 0));
    near(values(model.predict(given, { batchSize: 2 }) as tf.Tensor), expected);
    for (const path of [join(folder, name), join(folder, `${name}.keras`)]) {
      await saveModel(model, path);
      const { model: loaded } = await loadModel(path);
      near(values(loaded.predict(given, { batchSize: 2 }) as tf.Tensor), expected);
      loaded.resetStates();
      near(values(loaded.predict(given, { batchSize: 2 }) as tf.Tensor), expected);
    }
  });

  test(`the description of a model of a ${name} has its initial states among the inputs, and in no arguments`, (context) => {
    const model = build();
    const warn = context.mock.method(console, "warn", () => {});
    const { config } = JSON.parse(model.toJSON() as string) as { config: { layers: Described[] } };
    const layer = config.layers.find(({ class_name }) => class_name.toLowerCase() === name.toLowerCase());
    assert.deepEqual(
      layer?.inbound_nodes.map((inputs) => inputs.map(([, , , args]) => args)),
      [Array.from({ length: count + 1 }, () => ({}))],
    );
    // tfjs warns of arguments that it cannot write.
    assert.deepEqual(warn.mock.calls, []);
  });

  test(`${name} refuses initial states of another rank, width, batch or number, in every call`, () => {
    const layer = make({ units: 4 });
    const x = tf.input({ batchShape: [2, 3, 1] });
    const apply = (...shapes: number[][]) =>
      layer.apply(x, { initialState: shapes.map((batchShape) => tf.input({ batchShape })) } as never);
    const all = (shape: number[]) => Array.from({ length: count }, () => shape);
    const rule = new RegExp(`initialState must hold ${count} of shape \\[batch, 4\\], got \\[`);
    const refused = [all([2, 1, 4]), all([2, 5]), all([3, 4]), all([2]), [...all([2, 4]), [2, 4]]];
    for (const shapes of refused) assert.throws(() => apply(...shapes), rule, JSON.stringify(shapes));
    apply(...all([2, 4]));
    for (const shapes of refused) assert.throws(() => apply(...shapes), rule, JSON.stringify(shapes));
  });

  test(`${name} takes initial states whose batch is open where that of the input is known, and the other way round`, () => {
    for (const [batch, ofStates] of [
      [2, null],
      [null, 2],
      [null, null],
    ] as const) {
      const states = Array.from({ length: count }, () => tf.input({ batchShape: [ofStates, 4] }));
      const x = tf.input({ batchShape: [batch, 3, 1] });
      const y = make({ units: 4 }).apply(x, { initialState: states } as never) as tf.SymbolicTensor;
      const model = tf.model({ inputs: [x, ...states], outputs: y });
      assert.deepEqual((model.predict(inputs(2)) as tf.Tensor).shape, [2, 4]);
    }
  });
}
