import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { unzipSync } from "fflate";
import { layers, tf } from "rnnlab";
import { loadModel, loadWeights, saveModel, saveWeights, summary } from "rnnlab/models";
import { ConfigReader } from "../../src/models/keras/read-config.js";
import { refusing } from "../../src/models/keras/refusal.js";
import { packageRoot } from "../../src/platform/package-root.js";
import { distance, kerasFile, models, predict, predictWithKeras, writeInputs } from "./keras-files.js";

const folder = mkdtempSync(join(tmpdir(), "rnnlab-keras-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A Python that has Keras 3, if there is one on this machine. */
const python = process.env.RNNLAB_KERAS_PYTHON;
const TOLERANCE = 2e-6;

for (const [name, { parameters, inputs, outputs }] of Object.entries(models)) {
  test(`loadModel() reads Keras's ${name}.keras, which predicts what Keras does`, async () => {
    const before = tf.memory().numTensors;
    const { model } = await loadModel(kerasFile(`${name}.keras`));
    assert.equal(summary(model).parameters, parameters);
    const found = distance(predict(model, inputs), outputs);
    assert.ok(found < TOLERANCE, `differs by ${found}`);
    model.dispose();
    assert.equal(tf.memory().numTensors, before);
  });

  test(`saveModel() writes ${name} as a .keras file that says the same when it is read again`, async () => {
    const { model } = await loadModel(kerasFile(`${name}.keras`));
    const path = join(folder, `${name}.keras`);
    await saveModel(model, path);
    await saveWeights(model, join(folder, `${name}.weights.h5`));
    writeInputs(folder, name, inputs);
    const { model: again } = await loadModel(path);
    assert.equal(
      String(summary(again, { expandNested: true })),
      String(summary(model, { expandNested: true })),
    );
    assert.equal(distance(predict(again, inputs), predict(model, inputs)), 0);
  });
}

if (python) {
  test("Python's Keras loads what saveModel() and saveWeights() wrote, and predicts the same", () => {
    const predicted = predictWithKeras(python, folder);
    for (const [name, { outputs }] of Object.entries(models)) {
      const found = distance(predicted[name] ?? [], outputs);
      assert.ok(found < TOLERANCE, `${name} differs by ${found}`);
    }
  });
}

test("loadModel() reads a whole model of the older .h5 format", async () => {
  const { inputs = [], outputs = [] } = models.reviews ?? {};
  const { model } = await loadModel(kerasFile("reviews.h5"));
  assert.ok(distance(predict(model, inputs), outputs) < TOLERANCE);
});

test("loadWeights() gives a model the weights of .weights.h5 and of .h5 files", async () => {
  for (const [name, file] of [
    ["electricity", "electricity.weights.h5"],
    ["reviews", "reviews.h5"],
  ] as const) {
    const { inputs = [], outputs = [] } = models[name] ?? {};
    const { model } = await loadModel(kerasFile(`${name}.keras`));
    model.setWeights(model.getWeights().map((weight) => tf.zerosLike(weight)));
    assert.ok(distance(predict(model, inputs), outputs) > 0.01);
    await loadWeights(model, kerasFile(file));
    assert.ok(distance(predict(model, inputs), outputs) < TOLERANCE, file);
  }
});

test("hard_sigmoid has the slope of the Keras that wrote the file", () => {
  const written = {
    class_name: "LSTM",
    config: { name: "lstm", units: 1, activation: "tanh", recurrent_activation: "hard_sigmoid" },
  };
  for (const [version, name] of [
    [2, "hardSigmoid"],
    [3, "hardSigmoid6"],
  ] as const) {
    const reader = new ConfigReader(refusing("file"), { major: version, minor: 0, patch: 0 });
    assert.equal(reader.layer(written).getConfig().recurrentActivation, name);
  }
});

test("weights that are packed with gzip, shuffled or not, are those that were packed", async () => {
  const packed = (name: string) => join(packageRoot, "test/golden/keras-packed", name);
  const reviews = models.reviews;
  const { model } = await loadModel(packed("reviews.h5"));
  assert.ok(distance(predict(model, reviews?.inputs ?? []), reviews?.outputs ?? []) < TOLERANCE);
  const { model: plain } = await loadModel(kerasFile("electricity.keras"));
  const expected = plain.getWeights().map((weight) => weight.dataSync());
  plain.setWeights(plain.getWeights().map((weight) => tf.zerosLike(weight)));
  await loadWeights(plain, packed("electricity.weights.h5"));
  assert.deepEqual(
    plain.getWeights().map((weight) => weight.dataSync()),
    expected,
  );
});

test("an initialiser of the name that a layer has, too, comes back from a .keras file as it was", async () => {
  const kernelInitializer = tf.initializers.identity({ gain: 2 });
  const dense = tf.layers.dense({ units: 2, inputShape: [2], kernelInitializer });
  const path = join(folder, "identity.keras");
  await saveModel(tf.sequential({ layers: [dense] }), path);
  const { model } = await loadModel(path);
  const { kernelInitializer: read } = model.layers.at(-1)?.getConfig() ?? {};
  assert.deepEqual(read, { className: "Identity", config: { gain: 2 } });
});

test("saveModel() writes no unrolling where Keras would put zeros at other steps, and both layers where it would have both read back", async () => {
  const backwards = { units: 2, returnSequences: true, unroll: true, goBackwards: true };
  const model = tf.sequential({
    layers: [
      layers.embedding({ inputDim: 9, outputDim: 2, maskZero: true, inputLength: 4 }),
      layers.gru({ ...backwards, zeroOutputForMask: true }),
      layers.bidirectional({ layer: layers.lstm(backwards) }),
    ],
  });
  const path = join(folder, "backwards.keras");
  await saveModel(model, path);
  const { "config.json": text = new Uint8Array() } = unzipSync(readFileSync(path));
  const written = JSON.parse(Buffer.from(text).toString()) as {
    config: { layers: { config: Record<string, unknown> }[] };
  };
  const [, , gru, both] = written.config.layers.map(({ config }) => config);
  assert.equal(gru?.unroll, false);
  const directions = [both?.layer, both?.backward_layer] as { config: Record<string, unknown> }[];
  assert.deepEqual(
    directions.map(({ config: { go_backwards, unroll } }) => [go_backwards, unroll]),
    [
      [true, false],
      [false, false],
    ],
  );
  const ids = [{ shape: [2, 4], values: [1, 2, 0, 0, 0, 3, 4, 0] }];
  const { model: again } = await loadModel(path);
  assert.equal(distance(predict(again, ids), predict(model, ids)), 0);
  model.dispose();
  again.dispose();
});
