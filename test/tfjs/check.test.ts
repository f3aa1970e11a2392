import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

/** Loads rnnlab where TensorFlow.js is not what it was. */
function loadWith(change: string): string {
  const program = `const tf = require("@tensorflow/tfjs-node");
    ${change}
    try { require("rnnlab"); console.log("loaded"); } catch (error) { console.log(error.message); }`;
  return spawnSync(process.execPath, ["-e", program], { encoding: "utf8" }).stdout;
}

test("each member of TensorFlow.js that is missing is named when it is loaded, with both versions", () => {
  assert.equal(
    loadWith(`delete Object.getPrototypeOf(tf.backend()).createOutputTensor;
      tf.LayersModel.prototype.predictions = tf.LayersModel.prototype.predictLoop;
      delete tf.LayersModel.prototype.predictLoop;
      tf.version["tfjs-node"] = "4.99.0";`),
    "Cannot use TensorFlow.js: it must have what rnnlab uses of version 4.22.0, got version 4.99.0 without backend.createOutputTensor, model.predictLoop; run `npm install @tensorflow/tfjs-node@4.22.0`\n",
  );
});

test("a field that objects of TensorFlow.js no longer have is named, too", () => {
  assert.match(
    loadWith(`const { compile } = tf.LayersModel.prototype;
      tf.LayersModel.prototype.compile = function (args) { compile.call(this, args); delete this.collectedTrainableWeights; };`),
    /^Cannot use TensorFlow\.js: .* without model\.collectedTrainableWeights; run/,
  );
});

test("the look at TensorFlow.js leaves no tensors behind, and takes no names of layers", () => {
  const program = `const { tf } = require("rnnlab");
    const { numTensors } = tf.memory();
    console.log(numTensors, tf.layers.dense({ units: 1 }).name, tf.sequential().name, tf.variable(tf.scalar(1)).name);`;
  const { stdout } = spawnSync(process.execPath, ["-e", program], { encoding: "utf8" });
  const stock = program.replace(
    'const { tf } = require("rnnlab")',
    'const tf = require("@tensorflow/tfjs-node")',
  );
  assert.equal(stdout, spawnSync(process.execPath, ["-e", stock], { encoding: "utf8" }).stdout);
  assert.match(stdout, /^0 dense_/);
});

test("rnnlab takes no name from a class of TensorFlow.js that is of another kind", () => {
  const program = `const { classNameMap } = require("@tensorflow/tfjs-node").serialization.SerializationMap.getMap();
    const kind = (cls) => { const next = Object.getPrototypeOf(cls); return next.name === "Serializable" ? cls : kind(next); };
    const before = Object.entries(classNameMap).map(([name, [cls]]) => [name, kind(cls)]);
    require("rnnlab");
    console.log(before.length > 50, before.filter(([name, was]) => kind(classNameMap[name][0]) !== was).map(([name]) => name));`;
  const { stdout } = spawnSync(process.execPath, ["-e", program], { encoding: "utf8" });
  assert.equal(stdout, "true []\n");
});
