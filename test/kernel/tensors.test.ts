import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { useKernel } from "../../tools/kernel-client/index.js";

const folder = mkdtempSync(join(tmpdir(), "rnnlab-tensors-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const kernel = useKernel({ cwd: folder });

async function resultOf(expression: string): Promise<string | undefined> {
  const cell = await kernel().execute(`import * as tf from "@tensorflow/tfjs-node";\n${expression}`);
  assert.equal(cell.status, "ok", cell.traceback);
  return cell.result;
}

const shown: [string, string][] = [
  ["tf.scalar(2.5)", "Tensor [] float32 2.5"],
  ["tf.tensor1d([1, 2, 3], 'int32')", "Tensor [3] int32\n[1, 2, 3]"],
  ["tf.tensor2d([[1, 2], [3, 4]])", "Tensor [2, 2] float32\n[[1, 2],\n [3, 4]]"],
  ["tf.tensor2d([[0.1, 12.25], [-3, 4]])", "Tensor [2, 2] float32\n[[ 0.10, 12.25],\n [-3.00,  4.00]]"],
  ["tf.tensor3d([[[1], [2]], [[3], [4]]])", "Tensor [2, 2, 1] float32\n[[[1],\n  [2]],\n [[3],\n  [4]]]"],
  ["tf.tensor1d([true, false])", "Tensor [2] bool\n[true, false]"],
  ['tf.tensor1d(["a", "<b>"])', 'Tensor [2] string\n["a", "<b>"]'],
  ["tf.tensor1d([NaN, Infinity, 1.5])", "Tensor [3] float32\n[NaN, Infinity, 1.5]"],
  ["tf.tensor1d([1e-6, 2e-6])", "Tensor [2] float32\n[1.0000e-6, 2.0000e-6]"],
  ["tf.complex([1, 2], [3, -4])", "Tensor [2] complex64\n[1+3i, 2-4i]"],
  ["tf.zeros([0, 3])", "Tensor [0, 3] float32\n[]"],
  ["tf.variable(tf.scalar(1), true, 'w')", 'Variable [] float32 "w" 1'],
  ["tf.variable(tf.scalar(1), false, 'fixed')", 'Variable [] float32 "fixed", not trainable 1'],
  ["const gone = tf.scalar(1);\ngone.dispose();\ngone", "Tensor [] float32, disposed"],
];

for (const [code, expected] of shown) {
  test(`${code} is shown with its type, shape and values`, async () => {
    assert.equal(await resultOf(code), expected);
  });
}

test("a large tensor is cut in the middle of each dimension", async () => {
  assert.equal(
    await resultOf("tf.range(0, 1000000).reshape([1000, 1000])"),
    `Tensor [1000, 1000] float32
[[     0,      1,      2, …,    997,    998,    999],
 [  1000,   1001,   1002, …,   1997,   1998,   1999],
 [  2000,   2001,   2002, …,   2997,   2998,   2999],
 …,
 [997000, 997001, 997002, …, 997997, 997998, 997999],
 [998000, 998001, 998002, …, 998997, 998998, 998999],
 [999000, 999001, 999002, …, 999997, 999998, 999999]]`,
  );
});

test("a tensor of many dimensions is still short", async () => {
  const text = (await resultOf("tf.zeros([32, 28, 28, 3, 4])")) ?? "";
  assert.match(text, /^Tensor \[32, 28, 28, 3, 4\] float32/);
  assert.ok(text.split("\n").length < 60, text);
});

test("showing a tensor leaves none behind", async () => {
  assert.equal(await resultOf("const before = tf.memory().numTensors;\nbefore >= 0"), "true");
  await kernel().execute("const kept = tf.zeros([50, 50]);\nkept");
  assert.equal(await resultOf("tf.memory().numTensors - before"), "1");
});

test("tensors among other values are one line, with the values of small ones", async () => {
  assert.equal(
    await resultOf("({ small: tf.tensor2d([[1, 2], [3, 4]]), large: tf.zeros([10, 10]) })"),
    "{\n  small: Tensor [2, 2] float32 [[1, 2], [3, 4]],\n  large: Tensor [10, 10] float32\n}",
  );
});

test("a tensor that is printed is written the same", async () => {
  const cell = await kernel().execute("console.log(tf.tensor1d([1, 2])); undefined");
  assert.equal(cell.stdout, "Tensor [2] float32\n[1, 2]\n", cell.traceback);
});

test("a model is shown as a list of its layers", async () => {
  const code = `const model = tf.sequential({ layers: [
  tf.layers.lstm({ units: 3, inputShape: [4, 2], name: "memory" }),
  tf.layers.batchNormalization({ name: "norm" }),
  tf.layers.dense({ units: 1, name: "out", kernelInitializer: "ones" }),
] });
model`;
  const text = (await resultOf(code)) ?? "";
  assert.match(text, /^Sequential "sequential_\d+"\n/);
  assert.match(text, /memory \(LSTM\) +\[batch, 3\] +72\n/);
  assert.match(text, /out \(Dense\) +\[batch, 1\] +4\n/);
  assert.match(text, /\n {2}88 parameters, 6 of them not trainable$/);
  assert.match(
    (await resultOf("[model]")) ?? "",
    /^\[ Sequential "sequential_\d+" \(3 layers, 88 parameters\) \]$/,
  );
});

test("a model without layers, and a layer without an input, say that they are not built", async () => {
  const text = await resultOf("tf.sequential()");
  assert.match(text ?? "", /^Sequential "sequential_\d+"\n[\s\S]*\n {2}not built$/);
  assert.equal(await resultOf('tf.layers.dense({ units: 1, name: "late" })'), 'Dense "late" (not built)');
});

test("layers, their weights, symbolic tensors and optimizers are one line each", async () => {
  assert.equal(await resultOf("model.layers[2]"), 'Dense "out" → [batch, 1], 4 parameters');
  assert.equal(
    await resultOf("model.layers[2].weights"),
    '[\n  LayerVariable [3, 1] float32 "out/kernel" [[1], [1], [1]],\n  LayerVariable [1] float32 "out/bias" [0]\n]',
  );
  assert.equal(
    await resultOf('tf.input({ shape: [3], name: "in" })'),
    'SymbolicTensor [batch, 3] float32 "in"',
  );
  assert.match((await resultOf("tf.train.adam(0.01)")) ?? "", /^AdamOptimizer \{\s+learningRate: 0\.01,/);
});

test("tensors through rnnlab are shown alike", async () => {
  const cell = await kernel().execute('import { tf as same } from "rnnlab";\nsame.tensor1d([7])');
  assert.equal(cell.result, "Tensor [1] float32\n[7]", cell.traceback);
});
