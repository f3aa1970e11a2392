import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../../src/platform/package-root.js";
import { gradientPatches, kernelPatches, patches } from "../../src/tfjs/patches.js";

test("docs/architecture.md lists every member of TensorFlow.js that is replaced, with its owner", () => {
  const rows = readFileSync(join(packageRoot, "docs/architecture.md"), "utf8").split("\n");
  const all = Object.entries({
    ...patches,
    "tfjs-node's kernels": kernelPatches,
    "tfjs's gradients": gradientPatches,
  });
  for (const [owner, members] of all) {
    for (const member of Object.keys(members)) {
      // The owner may have words of code in it.
      const row = rows.find(
        (row) => row.replaceAll("`", "").includes(owner) && row.includes(`\`${member}\``),
      );
      assert.ok(row, `${member} of ${owner}`);
    }
  }
});

test("no other member of TensorFlow.js's classes changes, whatever is imported and trained", () => {
  const program = `const tf = require("@tensorflow/tfjs-node");
    const classes = Object.entries(tf.serialization.SerializationMap.getMap().classNameMap);
    const prototypes = new Map(classes.map(([name, [cls]]) => [cls.prototype, name]));
    for (const object of [tf.engine(), tf.backend(), tf.scalar(1), tf.variable(tf.scalar(1)), tf.sequential()])
      for (let p = Object.getPrototypeOf(object); p !== Object.prototype; p = Object.getPrototypeOf(p))
        prototypes.set(p, p.constructor.name);
    const before = new Map([...prototypes.keys()].map((p) => [p, Object.getOwnPropertyDescriptors(p)]));
    const { layers, fit } = require("rnnlab");
    require("rnnlab/accelerate");
    const model = tf.sequential({ layers: [layers.embedding({ inputDim: 3, outputDim: 2, inputLength: 2 }),
      layers.gru({ units: 2 }), layers.dense({ units: 1, activation: "sigmoid" })] });
    model.compile({ optimizer: "adam", loss: "binaryCrossentropy" });
    fit(model, tf.ones([2, 2]), tf.ones([2, 1]), { epochs: 1, verbose: 0 }).then(() => {
      const changed = [];
      for (const [prototype, name] of prototypes) {
        for (const [member, now] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
          const was = before.get(prototype)[member] ?? {};
          if (was.value !== now.value || was.get !== now.get || was.set !== now.set) changed.push(name + "." + member);
        }
      }
      console.log(changed.sort().join(" "));
    });`;
  const { stdout } = spawnSync(process.execPath, ["-e", program], { encoding: "utf8" });
  const models = ["call", "makeTestFunction", "makeTrainFunction", "predictLoop"];
  const recurrent = ["GRU", "LSTM", "SimpleRNN"];
  assert.deepEqual(
    stdout.trim().split(" "),
    [
      "Container.dispose",
      ...models.map((member) => `LayersModel.${member}`),
      "Reshape.computeOutputShape",
      "Sequential.call",
      ...recurrent.flatMap((name) => [`${name}.call`, `${name}.getConfig`]),
      "BatchNormalization.call",
      "Concatenate.call",
      "Concatenate.computeMask",
      "Dense.call",
      "LayerNormalization.call",
      "TimeDistributed.call",
      "sigmoid.apply",
      "softmax.apply",
    ].sort(),
  );
});
