import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, test } from "node:test";
import { layers, tf } from "rnnlab";
import { packageRoot } from "../../src/platform/package-root.js";
import { near, textModel, values, words } from "./text-model.js";

afterEach(() => tf.disposeVariables());

const folder = mkdtempSync(join(tmpdir(), "rnnlab-layers-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Runs code in a process that knows tfjs and not rnnlab; it prints one line of JSON. */
function inStockTfjs<Result>(code: string): Result {
  const shims = `Object.assign(require("node:util"), { isArray: Array.isArray, isNullOrUndefined: (v) => v == null });`;
  const output = execFileSync(
    process.execPath,
    ["-e", `${shims} const tf = require("@tensorflow/tfjs-node"); (async () => { ${code} })();`],
    { cwd: packageRoot, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
  );
  return JSON.parse(output.trim().split("\n").at(-1)!) as Result;
}

test("a model saved by rnnlab gives the same numbers in tfjs alone", async () => {
  const model = textModel();
  await model.save(`file://${join(folder, "ours")}`);
  const theirs = inStockTfjs<{ values: number[]; names: string[] }>(`
    const model = await tf.loadLayersModel("file://${join(folder, "ours")}/model.json");
    const out = model.predict(tf.tensor2d([1, 2, 3, 0, 4, 5, 0, 0], [2, 4], "int32"));
    console.log(JSON.stringify({ values: [...out.dataSync()], names: model.layers.map((l) => l.getClassName()) }));
  `);
  near(values(model.predict(words())), theirs.values);
  assert.deepEqual(theirs.names, [
    "Embedding",
    "Bidirectional",
    "GRU",
    "SimpleRNN",
    "TimeDistributed",
    "Dropout",
    "LSTM",
  ]);
});

test("a model saved by tfjs alone gives the same numbers here, and is one of rnnlab's layers", async () => {
  const expected = inStockTfjs<number[]>(`
    const model = tf.sequential({ layers: [
      tf.layers.embedding({ inputDim: 6, outputDim: 3, maskZero: true, inputLength: 4 }),
      tf.layers.bidirectional({ layer: tf.layers.lstm({ units: 3, returnSequences: true }), mergeMode: "sum" }),
      tf.layers.gru({ units: 4, returnSequences: true, activation: "elu" }),
      tf.layers.timeDistributed({ layer: tf.layers.dense({ units: 2 }) }),
      tf.layers.simpleRNN({ units: 3, goBackwards: true }),
    ] });
    await model.save("file://${join(folder, "theirs")}");
    console.log(JSON.stringify([...model.predict(tf.tensor2d([1, 2, 3, 0, 4, 5, 0, 0], [2, 4], "int32")).dataSync()]));
  `);
  const model = await tf.loadLayersModel(`file://${join(folder, "theirs")}/model.json`);
  near(values(model.predict(words())), expected);
  assert.equal(model.layers[2]?.getConfig().resetAfter, false);
});

test("a GRU that resets after the product loads here and is refused by tfjs alone", async () => {
  const model = tf.sequential({ layers: [layers.gru({ units: 3, inputShape: [4, 2] })] });
  await model.save(`file://${join(folder, "gru")}`);
  const x = tf.randomNormal([2, 4, 2]);
  const loaded = await tf.loadLayersModel(`file://${join(folder, "gru")}/model.json`);
  assert.deepEqual(values(loaded.predict(x)), values(model.predict(x)));
  const message = inStockTfjs<string>(`
    const error = await tf.loadLayersModel("file://${join(folder, "gru")}/model.json").catch((error) => error);
    console.log(JSON.stringify(error.message));
  `);
  assert.match(message, /reset_after/);
});

test("a model with states between its layers comes back from its configuration", async () => {
  const input = tf.input({ shape: [4, 2] });
  const [, h, c] = layers.lstm({ units: 3, returnState: true }).apply(input) as tf.SymbolicTensor[];
  const outputs = layers.lstm({ units: 3 }).apply(input, { initialState: [h, c] }) as tf.SymbolicTensor;
  const model = tf.model({ inputs: input, outputs });
  await model.save(`file://${join(folder, "states")}`);
  const loaded = await tf.loadLayersModel(`file://${join(folder, "states")}/model.json`);
  const x = tf.randomNormal([2, 4, 2]);
  near(values(loaded.predict(x)), values(model.predict(x)));
});

test("a backward layer of its own and penalties of activity come back from a file", async () => {
  const penalty = tf.regularizers.l1l2({ l1: 0.1, l2: 0.2 });
  const model = tf.sequential({
    layers: [
      layers.embedding({ inputDim: 6, outputDim: 3, inputLength: 4, activityRegularizer: penalty }),
      layers.bidirectional({
        layer: layers.lstm({ units: 2, activityRegularizer: penalty }),
        backwardLayer: layers.simpleRNN({ units: 2, goBackwards: true, useBias: false, dropout: 0.1 }),
        activityRegularizer: "l1l2",
      }),
      layers.dense({ units: 1, activityRegularizer: penalty }),
    ],
  });
  await model.save(`file://${join(folder, "two-ways")}`);
  const loaded = await tf.loadLayersModel(`file://${join(folder, "two-ways")}/model.json`);
  assert.deepEqual(values(loaded.predict(words())), values(model.predict(words())));
  assert.deepEqual(
    loaded.layers.map((layer) => layer.getConfig().activityRegularizer),
    model.layers.map((layer) => layer.getConfig().activityRegularizer),
  );
  const { config } = loaded.layers[1]!.getConfig().backwardLayer as { config: tf.serialization.ConfigDict };
  assert.deepEqual([config.dropout, config.useBias, config.goBackwards], [0.1, false, true]);
});
