import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, parse } from "node:path";
import { after, test } from "node:test";
import { unzipSync } from "fflate";
import { tf } from "rnnlab";
import { loadModel, saveModel } from "rnnlab/models";
import { packageRoot } from "../../src/platform/package-root.js";
import { readGolden } from "../golden/read-golden.js";
import { distance, type GoldenTensor, predict, predictWithKeras, writeInputs } from "./keras-files.js";

interface Case {
  readonly inputs: GoldenTensor[];
  readonly outputs: GoldenTensor[];
}

const { models } = readGolden<{ models: Record<string, Case> }>("keras-layers");
const folder = mkdtempSync(join(tmpdir(), "rnnlab-keras-layers-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const python = process.env.RNNLAB_KERAS_PYTHON;
/** What Keras 3 computes otherwise, or does not load. */
const unwritable: Readonly<Record<string, RegExp>> = {
  "shaped.h5": /Rescaling \("rescaling_1"\) must not follow a mask, which ends there in Keras 2/,
  "merged.h5": /must not merge masks that differ/,
  "film.h5": /recurrentActivation must be one that Keras 3 has, too, got hardSigmoid/,
  "residual.keras": /got WithMask/,
  "residual.h5": /add must not follow a mask that multi_head_attention uses, too/,
  "masked_operations.h5": /got WithMask/,
  "masked_operations.keras": /got WithMask/,
  "merged.keras": /concatenate\w* must have another name/,
};
const TOLERANCE = 3e-6;

for (const [name, { inputs, outputs }] of Object.entries(models)) {
  test(`${name} predicts what Keras does, also when it is saved as .keras and as a folder`, async () => {
    const before = tf.memory().numTensors;
    const { model } = await loadModel(join(packageRoot, "test/golden/keras-layers", name));
    const predicted = predict(model, inputs);
    assert.ok(distance(predicted, outputs) < TOLERANCE, `differs by ${distance(predicted, outputs)}`);
    const saved = name.replace(".", "-of-");
    const refusal = unwritable[name];
    const written = join(folder, `${saved}.keras`);
    if (refusal === undefined) writeInputs(folder, saved, inputs);
    else await assert.rejects(saveModel(model, written), refusal);
    for (const path of [...(refusal === undefined ? [written] : []), join(folder, saved)]) {
      await saveModel(model, path);
      const { model: again } = await loadModel(path);
      assert.equal(distance(predict(again, inputs), predicted), 0, path);
      again.dispose();
    }
    model.dispose();
    assert.equal(tf.memory().numTensors, before);
  });
}

/** The same models in the format that the other version of Keras prefers. */
const archives = [
  ["keras2.zip", ".h5"],
  ["keras3.zip", ".keras"],
] as const;

for (const [archive, preferred] of archives) {
  const files = unzipSync(readFileSync(join(packageRoot, "test/golden/keras-layers", archive)));
  for (const [name, bytes] of Object.entries(files)) {
    test(`${name} of ${archive} predicts what Keras does`, async () => {
      const path = join(folder, `archived-${name}`);
      writeFileSync(path, bytes);
      const { inputs, outputs } = models[`${parse(name).name}${preferred}`] as Case;
      const { model } = await loadModel(path);
      const found = distance(predict(model, inputs), outputs);
      rmSync(path);
      assert.ok(found < TOLERANCE, `differs by ${found}`);
      model.dispose();
    });
  }
}

if (python) {
  test("Python's Keras loads the layers that saveModel() wrote, and predicts the same", () => {
    const predicted = predictWithKeras(python, folder);
    for (const [name, { outputs }] of Object.entries(models)) {
      if (unwritable[name] !== undefined) continue;
      const found = distance(predicted[name.replace(".", "-of-")] ?? [], outputs);
      assert.ok(found < TOLERANCE, `${name} differs by ${found}`);
    }
  });
}
