import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { test } from "node:test";

function run(program: string): { stdout: string; stderr: string } {
  return spawnSync(process.execPath, ["-e", program], { encoding: "utf8" });
}

test("TensorFlow computes and keeps standard error clean", () => {
  const { stdout, stderr } = run(
    'const { tf } = require("rnnlab"); console.log(tf.getBackend(), tf.topk(tf.tensor1d([1, 3, 2])).values.dataSync()[0]);',
  );
  assert.equal(stdout, "tensorflow 3\n");
  assert.equal(stderr, "");
});

test("a tensor is inspected by its shape, dtype and values, also when it is disposed", () => {
  const program = `const { tf } = require("rnnlab"); const t = tf.tensor2d([[1, 2], [3, 4]], [2, 2], "int32");
    console.log(t); t.dispose(); console.log(t);`;
  assert.equal(
    run(program).stdout,
    "Tensor [2, 2] int32\n    [[1, 2],\n     [3, 4]]\nTensor [2, 2] int32, disposed\n",
  );
});

test("the functions that tfjs-node takes from node:util are there on every Node", () => {
  const program = `const util = require("node:util"); delete util.isNullOrUndefined; delete util.isArray;
    const { tf } = require("rnnlab"); console.log(tf.topk(tf.tensor1d([1, 3, 2])).values.dataSync()[0]);`;
  assert.equal(execFileSync(process.execPath, ["-e", program], { encoding: "utf8" }), "3\n");
});

test("a missing native library is an error with the command that repairs it", () => {
  const { stdout } = run(`const Module = require("node:module"); const load = Module._load;
    Module._load = function (name, ...rest) {
      if (name === "@tensorflow/tfjs-node") throw new Error("tfjs_binding.node is not there");
      return load.call(this, name, ...rest);
    };
    try { require("rnnlab"); } catch (error) { console.log(error.message, "|", error.cause.message); }`);
  assert.equal(
    stdout,
    "Cannot load TensorFlow: tfjs-node's native library is missing or broken; run `npx rnnlab setup` to prepare it | tfjs_binding.node is not there\n",
  );
});
