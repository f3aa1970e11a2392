import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { tf } from "rnnlab";
import { getWordIndex } from "rnnlab/datasets";
import { layers, seededLayers } from "rnnlab/layers";
import { type Attachments, loadModel, saveModel } from "rnnlab/models";
import { adam } from "rnnlab/optimizers";
import { MinMaxScaler, StandardScaler, TextVectorization } from "rnnlab/preprocessing";
import { fit } from "rnnlab/training";
import { quietly } from "../quiet.js";

const root = mkdtempSync(join(tmpdir(), "rnnlab-folder-"));
after(() => rmSync(root, { recursive: true, force: true }));

function forecaster(seed = 1) {
  const family = seededLayers(seed);
  return tf.sequential({
    name: "forecaster",
    layers: [family.lstm({ units: 3, inputShape: [4, 1] }), family.dense({ units: 1 })],
  });
}

const x = tf.tensor3d([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8], [2, 4, 1]);
const predict = (model: tf.LayersModel) => tf.tidy(() => [...(model.predict(x) as tf.Tensor).dataSync()]);

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Loads the model of a folder with tfjs alone, and predicts. */
const STOCK = `
const util = require("node:util");
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;
const tf = require("@tensorflow/tfjs-node");
tf.loadLayersModel("file://" + process.argv[1] + "/model.json").then((model) => {
  const x = tf.tensor3d([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8], [2, 4, 1]);
  console.log(JSON.stringify([...model.predict(x).dataSync()]));
});`;

test("a folder holds the layers format of TensorFlow.js, and stock tfjs reads it", async () => {
  const folder = join(root, "stock");
  const model = forecaster();
  await saveModel(model, folder);
  assert.deepEqual(readdirSync(folder).sort(), ["model.json", "weights.bin"]);
  const expected = predict(model);
  for (const path of [folder, join(folder, "model.json")]) {
    assert.deepEqual(predict((await loadModel(path)).model), expected);
  }
  const found = JSON.parse(
    execFileSync(process.execPath, ["-e", STOCK, folder], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }),
  ) as number[];
  assert.ok(
    found.every((value, i) => Math.abs(value - (expected[i] ?? 2)) < 1e-6),
    `${found} for ${expected}`,
  );
});

test("loadModel() reads what stock tfjs wrote", async () => {
  const folder = join(root, "by-tfjs");
  const model = forecaster();
  await model.save(`file://${folder}`);
  assert.deepEqual(predict((await loadModel(folder)).model), predict(model));
});

test("vocabulary, word index, scaler and history come back with the model, from a folder and a .keras file", async () => {
  const vectorization = new TextVectorization({ ngrams: 2 }).adapt(["to be or not to be"]);
  const wordIndex = await getWordIndex({ source: "sample" });
  const history = {
    epoch: [1, 2],
    loss: [0.5, Number.NaN],
    metrics: { acc: [0.5, 1] },
    seconds: [1, 1],
    msPerStep: [2, 2],
  };
  const scaler = new StandardScaler().fit([
    [1, 10],
    [3, 30],
  ]);
  for (const path of [join(root, "whole"), join(root, "whole.keras")]) {
    await saveModel(forecaster(), path, { vectorization, wordIndex, scaler, history });
    const found = await loadModel(path);
    assert.deepEqual(found.vectorization?.vocabulary, vectorization.vocabulary);
    assert.deepEqual(found.vectorization?.encode("to be"), vectorization.encode("to be"));
    assert.deepEqual(found.wordIndex, wordIndex);
    assert.deepEqual(found.scaler?.transform([[2, 20]]), scaler.transform([[2, 20]]));
    assert.deepEqual(found.history, history);
  }
  const scaled = new MinMaxScaler({ featureRange: [-1, 1] }).fit([0, 4]);
  await saveModel(forecaster(), join(root, "scaled"), { scaler: scaled });
  const { scaler: restored, history: none } = await loadModel(join(root, "scaled"));
  assert.deepEqual(restored, scaled);
  assert.equal(none, undefined);
});

test("a compiled model goes on training after it was loaded", async () => {
  const folder = join(root, "compiled");
  const model = forecaster();
  model.compile({ optimizer: adam({ learningRate: 0.01 }), loss: "meanSquaredError", metrics: ["mse"] });
  const y = tf.tensor2d([0.5, 0.9], [2, 1]);
  const train = (each: tf.LayersModel) => quietly(() => fit(each, x, y, { epochs: 1, shuffle: false }));
  const history = await train(model);
  await saveModel(model, folder, { history });
  const loaded = await loadModel(folder);
  assert.deepEqual(loaded.history?.loss, history.loss);
  assert.equal(loaded.model.loss, "meanSquaredError");
  const [on, again] = [await train(model), await train(loaded.model)];
  assert.ok(Math.abs((on.loss[0] ?? 0) - (again.loss[0] ?? 1)) < 1e-6);
});

test("a model whose loss is a function is saved without it", async () => {
  const model = forecaster();
  model.compile({ optimizer: "sgd", loss: (a, b) => tf.losses.meanSquaredError(a, b) as tf.Scalar });
  await saveModel(model, join(root, "function"));
  const loaded = await loadModel(join(root, "function"));
  assert.deepEqual(predict(loaded.model), predict(model));
});

test("saving again replaces the model, and leaves nothing of the old one or of the way there", async () => {
  const folder = join(root, "again", "model");
  await saveModel(forecaster(1), folder, { scaler: new MinMaxScaler().fit([0, 1]) });
  const second = forecaster(2);
  await saveModel(second, folder);
  assert.deepEqual(readdirSync(join(root, "again")), ["model"]);
  assert.deepEqual(readdirSync(folder).sort(), ["model.json", "weights.bin"]);
  assert.deepEqual(predict((await loadModel(folder)).model), predict(second));
});

test("what cannot be saved leaves what is there as it was", async () => {
  const [folder, file] = [join(root, "kept"), join(root, "kept.keras")];
  const model = forecaster();
  for (const path of [folder, file]) await saveModel(model, path);
  const unfitted: Attachments = { scaler: new MinMaxScaler() };
  for (const path of [folder, file]) {
    await assert.rejects(saveModel(forecaster(2), path, unfitted), {
      name: "RangeError",
      message: /must be fitted/,
    });
    assert.deepEqual(predict((await loadModel(path)).model), predict(model));
  }
  assert.deepEqual(
    readdirSync(root).filter((name) => /kept./.test(name)),
    ["kept.keras"],
  );
});

test("saveModel() replaces no folder or file of something else", async () => {
  const folder = join(root, "photos");
  mkdirSync(folder);
  writeFileSync(join(folder, "me.jpg"), "");
  await assert.rejects(saveModel(forecaster(), folder), {
    message: `Cannot save model: ${folder} must be new, empty or a saved model, got a folder with me.jpg; choose another place`,
  });
  await assert.rejects(saveModel(forecaster(), join(folder, "me.jpg")), {
    message: /got a file; choose another place/,
  });
  assert.ok(existsSync(join(folder, "me.jpg")));
  await assert.rejects(saveModel(forecaster(), join(root, "model.h5")), {
    name: "RangeError",
    message:
      /the path must be a folder's or end in \.keras, got .*model\.h5; saveWeights\(\) writes \.weights\.h5/,
  });
});

test("saveModel() says what the disk refuses", async () => {
  const file = join(root, "file");
  writeFileSync(file, "");
  for (const path of [join(file, "model"), join(file, "model.keras")]) {
    await assert.rejects(saveModel(forecaster(), path), {
      name: "Error",
      message: new RegExp(`^Cannot save model: ${path} must be writable, got E`),
    });
  }
});

test("saveModel() names what Keras does not have", async () => {
  const refusals: [tf.layers.Layer, RegExp][] = [
    [
      tf.layers.thresholdedReLU({ name: "steep", inputShape: [2] }),
      /layers must be among Embedding, .*, got ThresholdedReLU \("steep"\)/,
    ],
    [
      layers.dense({ name: "hard", units: 1, activation: "hardSigmoid", inputShape: [2] }),
      /Dense \("hard"\): activation must be one that Keras 3 has, too, got hardSigmoid/,
    ],
  ];
  for (const [layer, message] of refusals) {
    const path = join(root, "refused.keras");
    await assert.rejects(saveModel(tf.sequential({ layers: [layer] }), path), {
      name: "RangeError",
      message,
    });
    assert.equal(existsSync(path), false);
  }
});

test("a folder that is not whole is refused with what is wrong", async () => {
  const folder = join(root, "broken");
  const damage = async (change: () => void, message: RegExp) => {
    await saveModel(forecaster(), folder, { scaler: new MinMaxScaler().fit([0, 1]) });
    const before = tf.memory().numTensors;
    change();
    await assert.rejects(loadModel(folder), (error: Error) => {
      assert.match(error.message, message);
      assert.ok(error.message.startsWith(`Cannot read ${folder}`), error.message);
      return true;
    });
    assert.equal(tf.memory().numTensors, before);
    rmSync(folder, { recursive: true });
  };
  const [json, weights] = [join(folder, "model.json"), join(folder, "weights.bin")];
  type Saved = {
    modelTopology: { config: { layers: { class_name: string; config: Record<string, unknown> }[] } };
    weightsManifest: { paths: string[]; weights: { shape: number[] }[] }[];
  };
  const edit = (change: (saved: Saved) => void) => () => {
    const saved = JSON.parse(readFileSync(json, "utf8")) as Saved;
    change(saved);
    writeFileSync(json, JSON.stringify(saved));
  };
  await damage(() => rmSync(json), /a model's folder must have model\.json, got scaler\.json, weights\.bin/);
  await damage(() => rmSync(weights), /its weights must be in weights\.bin, got no such file/);
  await damage(
    () => writeFileSync(weights, readFileSync(weights).subarray(1)),
    /the weights must have \d+ bytes, got \d+/,
  );
  for (const file of [json, weights, join(folder, "scaler.json")]) {
    await damage(() => {
      rmSync(file);
      symlinkSync("/dev/zero", file);
    }, /it must be a regular file, got a device/);
    await damage(() => {
      rmSync(file);
      execFileSync("mkfifo", [file]);
    }, /it must be a regular file, got a named pipe/);
  }
  await damage(
    () => writeFileSync(json, Buffer.alloc(2 ** 26 + 1, " ")),
    /it must have at most 67108864 bytes, got 67108865/,
  );
  await damage(() => truncateSync(weights, 2 ** 40), /the weights must have \d+ bytes, got 1099511627776/);
  await damage(
    edit((saved) => {
      saved.weightsManifest[0]!.paths = new Array(100_000).fill("weights.bin");
    }),
    /weights must lie in at most 4096 files, got 100000/,
  );
  await damage(
    edit((saved) => {
      saved.weightsManifest[0]!.paths = ["weights.bin", "weights.bin"];
    }),
    /weights must lie in files of their own, got "weights\.bin" twice/,
  );
  await damage(
    edit((saved) => Object.assign(saved.weightsManifest[0]!, { weights: null })),
    /each group of weights must have paths and weights/,
  );
  await damage(
    edit((saved) =>
      Object.assign(saved, { userDefinedMetadata: { attachments: { "scaler.json": "../x" } } }),
    ),
    /scaler\.json must lie in a file beside it, got "\.\.\/x"/,
  );
  for (const [name, value] of Object.entries({ goBackwards: "no", returnSequences: 1, stateful: [] })) {
    await damage(
      edit((saved) => {
        const [layer] = saved.modelTopology.config.layers;
        layer!.config[snakeCase(name)] = value;
      }),
      new RegExp(`${name} must be true or false, got `),
    );
  }
  await damage(() => writeFileSync(json, "{"), /it must be JSON, got other text/);
  await damage(
    () => writeFileSync(json, "[]"),
    /it must be a layers model of TensorFlow\.js, got other JSON/,
  );
  await damage(
    () => writeFileSync(join(folder, "scaler.json"), "{}"),
    /scaler\.json: it must be what saveModel\(\) wrote/,
  );
  await damage(
    edit((saved) => {
      saved.weightsManifest[0]!.paths = ["../../secret.bin"];
    }),
    /weights must lie in files beside it, got "\.\.\/\.\.\/secret\.bin"/,
  );
  await damage(
    edit((saved) => {
      saved.modelTopology.config.layers[1]!.config.units = 2 ** 40;
    }),
    /the model must have the \d+ weights of its file, got \d+ or more/,
  );
  await damage(
    edit((saved) => {
      saved.modelTopology.config.layers[1]!.class_name = "Surprise";
    }),
    /the model must be one that TensorFlow\.js can build, got .*Surprise/,
  );
  await damage(
    edit((saved) => {
      saved.weightsManifest[0]!.weights[0]!.shape = [-1, 12];
    }),
    /weights must have a shape and a type of numbers/,
  );
});

test("a folder whose description has another number anywhere is loaded or refused, and leaves no tensors", async () => {
  const folder = join(root, "renumbered");
  const model = tf.sequential({
    layers: [layers.dense({ units: 4, inputShape: [4] }), layers.dense({ units: 4 })],
  });
  await saveModel(model, folder);
  model.dispose();
  const json = join(folder, "model.json");
  const text = readFileSync(json, "utf8");
  const before = tf.memory().numTensors;
  let refused = 0;
  for (const { index, 0: number } of text.matchAll(/\d+/g)) {
    for (const other of ["0", "3", "-1", "1e999"]) {
      writeFileSync(json, text.slice(0, index) + other + text.slice(index + number.length));
      try {
        (await loadModel(folder)).model.dispose();
      } catch (error) {
        refused++;
        assert.ok((error as Error).message.startsWith("Cannot "), (error as Error).message);
      }
      assert.equal(tf.memory().numTensors, before, text.slice(index - 40, index) + other);
    }
  }
  assert.ok(refused > 0);
});
