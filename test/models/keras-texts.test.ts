import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { tf } from "rnnlab";
import { loadModel, predictText, saveModel } from "rnnlab/models";
import { TextVectorization } from "rnnlab/preprocessing";
import { packageRoot } from "../../src/platform/package-root.js";
import { readGolden } from "../golden/read-golden.js";
import { distance, type GoldenTensor, predictWithKeras, writeInputs } from "./keras-files.js";

interface Texts {
  readonly shape: number[];
  readonly values: (string | number)[];
}
interface Case {
  readonly inputs: Texts[];
  readonly outputs: GoldenTensor[];
}

const { models } = readGolden<{ models: Record<string, Case> }>("keras-texts");
const file = (name: string) => join(packageRoot, "test/golden/keras-texts", name);
const folder = mkdtempSync(join(tmpdir(), "rnnlab-keras-texts-"));
const python = process.env.RNNLAB_KERAS_PYTHON;
after(() => rmSync(folder, { recursive: true, force: true }));

function predict(model: tf.LayersModel, inputs: readonly Texts[]): GoldenTensor[] {
  return tf.tidy(() => {
    const tensors = inputs.map(({ values, shape }) =>
      tf.tensor(values as string[], shape, typeof values[0] === "string" ? "string" : "float32"),
    );
    const [first] = tensors;
    const outputs = model.predict(tensors.length === 1 && first ? first : tensors);
    return [outputs].flat().map((output) => ({ shape: output.shape, values: [...output.dataSync()] }));
  });
}

const whole = Object.entries(models).filter(([name]) => !/analysed.h5|unpadded/.test(name));

for (const [name, { inputs, outputs }] of whole) {
  test(`${name} reads texts as Keras does, also when it is saved as .keras and as a folder`, async () => {
    const before = tf.memory().numTensors;
    const { model } = await loadModel(file(name));
    const predicted = predict(model, inputs);
    predicted.forEach((output, i) => {
      assert.ok(
        distance([output], [outputs[i]!]) < 2e-6,
        `output ${i}: ${JSON.stringify(output)}, not ${JSON.stringify(outputs[i])}`,
      );
    });
    const saved = name.replaceAll(".", "-");
    writeInputs(folder, saved, inputs);
    for (const path of [join(folder, `${saved}.keras`), join(folder, saved)]) {
      await saveModel(model, path);
      const { model: again } = await loadModel(path);
      assert.equal(distance(predict(again, inputs), predicted), 0, path);
      again.dispose();
    }
    model.dispose();
    assert.equal(tf.memory().numTensors, before);
  });
}

if (python) {
  test("Python's Keras loads the vocabularies that saveModel() wrote, and predicts the same", () => {
    const predicted = predictWithKeras(python, folder);
    for (const [name, { outputs }] of whole) {
      const found = distance(predicted[name.replaceAll(".", "-")] ?? [], outputs);
      assert.ok(found < 3e-6, `${name} differs by ${found}`);
    }
  });
}

test("predictText() takes a pipeline of Keras whole, each text by itself", async () => {
  for (const name of ["pipeline.keras", "pipeline.tf_keras.keras"]) {
    const { inputs, outputs } = models[name] as Case;
    const { model } = await loadModel(file(name));
    const before = tf.memory().numTensors;
    const texts = (inputs[0] as Texts).values as string[];
    const found = await predictText(model, texts, { batchSize: 2 });
    found.forEach(([probability = 0], i) => {
      assert.ok(Math.abs(probability - (outputs[0]?.values[i] ?? 1)) < 1e-6);
    });
    assert.deepEqual(await predictText(model, texts[1] as string), found[1]);
    assert.equal(tf.memory().numTensors, before);
    await assert.rejects(
      predictText(model, "x", { vectorization: new TextVectorization().adapt(["x"]) }),
      /vectorization and wordIndex must not be given to a model that takes texts/,
    );
    model.dispose();
  }
});

test("predictText() does not pad a text for the ones beside it, where the model does not mask", async () => {
  for (const name of ["unpadded.keras", "unpadded.h5", "unpadded.tf_keras.keras"]) {
    const { inputs, outputs } = models[name] as Case;
    const { model } = await loadModel(file(name));
    const [text = ""] = (inputs[0] as Texts).values as string[];
    const [, , alone] = await predictText(model, [`${text} ${text}`, "film", text, ""]);
    alone?.forEach((value, i) => {
      assert.ok(Math.abs(value - (outputs[0]?.values[i] ?? 1)) < 1e-6, name);
    });
    model.dispose();
  }
});

test("a vocabulary that the file does not have is asked for by name", async () => {
  await assert.rejects(
    loadModel(file("analysed.h5")),
    /\(by Keras 3\.15\.1\): TextVectorization \("text_vectorization"\): it must have its vocabulary in the file, got none, as in \.h5 files; save the model as \.keras/,
  );
});
