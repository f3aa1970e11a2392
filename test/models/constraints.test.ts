import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { layers, tf } from "rnnlab";
import { loadModel, loadWeights, saveModel, saveWeights } from "rnnlab/models";

const folder = mkdtempSync(join(tmpdir(), "rnnlab-constraints-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** What a layer with a constraint shall read, though training would not allow it. */
const numbers = [-1, 2, -3, 4];
const plain = tf.sequential({ layers: [layers.dense({ units: 2, useBias: false, inputShape: [2] })] });
plain.setWeights([tf.tensor2d(numbers, [2, 2])]);
const constraint = { class_name: "NonNeg", config: {} };
const written = {
  class_name: "Sequential",
  keras_version: "3.15.1",
  module: "keras",
  config: {
    name: "model",
    layers: [
      { class_name: "InputLayer", config: { name: "x", batch_shape: [null, 2], dtype: "float32" } },
      {
        class_name: "Dense",
        config: { name: "dense", units: 2, use_bias: false, kernel_constraint: constraint },
      },
    ],
  },
};
const weightsOf = (model: tf.LayersModel) => model.getWeights().flatMap((weight) => [...weight.dataSync()]);

test("weights are read as they are in the file, also where the layer has a constraint", async () => {
  const [json, weights] = [join(folder, "model.json"), join(folder, "plain.weights.h5")];
  writeFileSync(json, JSON.stringify(written));
  await saveWeights(plain, weights);
  const { model } = await loadModel(json, { weights });
  assert.deepEqual(weightsOf(model), numbers);
  for (const path of [join(folder, "model.keras"), join(folder, "model")]) {
    await saveModel(model, path);
    const { model: again } = await loadModel(path);
    assert.deepEqual(weightsOf(again), numbers, path);
    again.dispose();
  }
  model.setWeights([tf.zeros([2, 2])]);
  await loadWeights(model, weights);
  assert.deepEqual(weightsOf(model), numbers);
  // Training applies the constraint.
  model.compile({ optimizer: tf.train.sgd(0.5), loss: "meanSquaredError" });
  await model.fit(tf.ones([4, 2]), tf.zeros([4, 2]), { epochs: 1, verbose: 0 });
  assert.ok(weightsOf(model).every((value) => value >= 0));
  model.dispose();
});
