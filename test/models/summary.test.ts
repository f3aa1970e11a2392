import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { layers, tf } from "rnnlab";
import { richDisplay } from "rnnlab/display";
import { type ModelSummary, summary } from "rnnlab/models";
import { fit } from "rnnlab/training";
import { nativeOps } from "../../src/recurrent-ops/index.js";
import { readGolden } from "../golden/read-golden.js";

const options = { skip: nativeOps().available ? false : "the native ops are not built" };

const { summaries } = readGolden<{ summaries: Record<string, string> }>("model-summary");

// The models of test/golden/model-summary.py.
const models: Record<string, () => tf.LayersModel> = {
  sequential: () =>
    tf.sequential({
      name: "stack",
      layers: [
        layers.lstm({ name: "lstm", units: 45, returnSequences: true, inputShape: [15, 1] }),
        layers.dropout({ name: "dropout", rate: 0.2 }),
        layers.bidirectional({ name: "bidirectional", layer: layers.gru({ units: 45 }) }),
        layers.dense({ name: "a_dense_layer_with_a_long_name", units: 14 }),
      ],
    }),
  frozen: () => {
    const model = tf.sequential({
      name: "frozen",
      layers: [
        layers.simpleRNN({ name: "simple_rnn", units: 300, returnSequences: true, inputShape: [5, 2] }),
        layers.timeDistributed({ name: "time_distributed", layer: layers.dense({ units: 1000 }) }),
      ],
    });
    for (const layer of model.layers.slice(0, 1)) layer.trainable = false;
    return model;
  },
  branches: () => {
    const series = tf.input({ name: "series", shape: [10, 2] });
    const other = tf.input({ name: "other", shape: [10, 2] });
    const shared = layers.lstm({ name: "shared", units: 3 });
    const both = tf.layers
      .concatenate({ name: "concatenate" })
      .apply([shared.apply(series), shared.apply(other)] as tf.SymbolicTensor[]);
    const outputs = layers.dense({ name: "dense", units: 1 }).apply(both) as tf.SymbolicTensor;
    return tf.model({ name: "branches", inputs: [series, other], outputs });
  },
  states: () => {
    const series = tf.input({ name: "series", shape: [4, 2] });
    const [output, hidden] = layers
      .lstm({ name: "lstm", units: 3, returnState: true })
      .apply(series) as tf.SymbolicTensor[];
    const outputs = tf.layers.add({ name: "add" }).apply([output!, hidden!]) as tf.SymbolicTensor;
    return tf.model({ name: "states", inputs: series, outputs });
  },
  nested: () => {
    const inner = tf.sequential({
      name: "inner",
      layers: [
        layers.simpleRNN({ name: "simple_rnn", units: 3, returnSequences: true, inputShape: [5, 2] }),
        layers.dense({ name: "inner_dense", units: 4 }),
      ],
    });
    return tf.sequential({
      name: "outer",
      layers: [inner, tf.layers.flatten({ name: "flatten" }), layers.dense({ name: "dense", units: 3 })],
    });
  },
};

for (const [name, make] of Object.entries(models)) {
  test(`summary() prints the ${name} model as Keras does`, () => {
    const model = make();
    assert.equal(String(summary(model)), summaries[name]);
    model.dispose();
  });
}

test("summary() lists the layers inside of models when it is told to, as Keras does", () => {
  assert.equal(String(summary(models.nested!(), { expandNested: true })), summaries.expanded);
});

test("summary() has the numbers that it shows", () => {
  const { name, layers: rows, parameters, trainable, nonTrainable } = summary(models.frozen!());
  assert.deepEqual(
    { name, parameters, trainable, nonTrainable },
    { name: "frozen", parameters: 391_900, trainable: 301_000, nonTrainable: 90_900 },
  );
  assert.deepEqual(rows[0], {
    name: "simple_rnn",
    type: "SimpleRNN",
    outputShape: [null, 5, 300],
    parameters: 90_900,
    connectedTo: ["simple_rnn_input[0][0]"],
  });
  const [, lstm, add] = summary(models.states!()).layers;
  assert.deepEqual(lstm?.outputShape, [
    [null, 3],
    [null, 3],
    [null, 3],
  ]);
  assert.deepEqual(add?.connectedTo, ["lstm[0][0]", "lstm[0][1]"]);
  const [inner] = summary(models.nested!()).layers;
  assert.deepEqual(
    inner?.layers?.map((layer) => layer.name),
    ["simple_rnn", "inner_dense"],
  );
});

test("summary() shows itself as a table in a notebook and as Keras's text elsewhere", () => {
  const result = summary(models.branches!());
  const bundle = result[richDisplay]();
  assert.equal(bundle["text/plain"], summaries.branches);
  assert.equal(inspect(result), summaries.branches);
  const markup = String(bundle["text/html"]);
  assert.match(markup, /<caption>Model: branches<\/caption>/);
  assert.equal(markup.match(/<tr>/g)?.length, 6);
  assert.match(
    markup,
    /<td>\(None, 6\)<\/td><td class="number">0<\/td><td>shared\[0\]\[0\], shared\[1\]\[0\]<\/td>/,
  );
  assert.match(markup, /<div><b>Total params:<\/b> 79 \(316\.00 B\)<\/div>/);
  assert.match(String(bundle["text/markdown"]), /\*\*Total params:\*\* 79 \(316\.00 B\)/);
  const nested = summary(models.nested!(), { expandNested: true })[richDisplay]();
  assert.match(String(nested["text/html"]), /<td>└ inner_dense \(Dense\)<\/td>/);
});

test("summary() counts a layer that is used twice once, and escapes names in HTML", () => {
  const layer = layers.dense({ name: "twice", units: 2 });
  const input = tf.input({ shape: [2] });
  const outputs = layer.apply(layer.apply(input)) as tf.SymbolicTensor;
  const result = summary(tf.model({ name: "a<b", inputs: input, outputs }));
  assert.equal(result.parameters, 6);
  assert.match(String(result), /twice\[0\]\[0\]/);
  assert.match(String(result[richDisplay]()["text/html"]), /Model: a&lt;b/);
});

test(
  "summary() says of a trained model whether its steps were one op, and if not, why",
  options,
  async () => {
    const train = async (compileStep: boolean): Promise<ModelSummary> => {
      const model = tf.sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] });
      model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
      assert.equal("trainingStep" in summary(model), false);
      await fit(model, tf.ones([8, 2]), tf.ones([8, 1]), {
        epochs: 3,
        batchSize: 4,
        verbose: 0,
        compileStep,
      });
      return summary(model);
    };
    const [compiled, opByOp] = [await train(true), await train(false)];
    assert.match(String(compiled), /Non-trainable params: .*\n Training step: one op$/);
    assert.match(String(compiled[richDisplay]()["text/html"]), /<div><b>Training step:<\/b> one op<\/div>$/);
    assert.match(String(opByOp), / Training step: op by op \(compileStep is false\)$/);
    assert.deepEqual(opByOp.trainingStep, { compiled: false, reason: "compileStep is false" });
  },
);

test("summary() refuses a model whose input shape is not known", () => {
  const model = tf.sequential({ name: "open" });
  model.add(layers.dense({ units: 1, inputShape: [2] }));
  assert.equal(summary(model).parameters, 3);
  assert.throws(() => summary(tf.sequential({ name: "empty" })), {
    name: "RangeError",
    message:
      "Cannot summarise empty: its input shape must be known, got none; give its first layer an inputShape",
  });
});
