import assert from "node:assert/strict";
import { test } from "node:test";
import { nativeOps } from "../../src/recurrent-ops/index.js";
import * as tf from "../../src/tensorflow.js";
import { runOp } from "../../src/tfjs/backend.js";

const options = { skip: nativeOps().available ? false : "the native ops are not built" };

/** Runs a program with its lines. */
function run(lines: readonly string[], inputs: tf.Tensor[], outputs = 1): tf.Tensor[] {
  const counts = { input_count: inputs.length, output_count: outputs };
  return runOp("RnnlabProgram", { program: lines.join("\n"), ...counts }, inputs, outputs);
}

/** Runs one operation on inputs of their shapes. */
function operation(words: string, inputs: tf.Tensor[], ...shapes: (readonly number[])[]): tf.Tensor[] {
  const values = [
    ...inputs.map(({ shape }) => `input ${shape.join(" ")}`),
    ...shapes.map((shape) => `output ${shape.join(" ")}`),
  ];
  const [read, written] = [inputs.map((_, i) => i), shapes.map((_, i) => inputs.length + i)];
  return run([...values, `run ${words} : ${read.join(" ")} : ${written.join(" ")}`], inputs, shapes.length);
}

function requireNear(name: string, got: tf.Tensor | undefined, expected: tf.Tensor): void {
  assert.deepEqual(got?.shape, expected.shape, name);
  const [values, wanted] = [got?.dataSync() ?? [], expected.dataSync()];
  wanted.forEach((value, i) => {
    const isNear = Object.is(values[i], value) || Math.abs((values[i] as number) - value) < 1e-5;
    assert.ok(isNear, `${name}, number ${i}: ${values[i]} for ${value}`);
  });
}

const numbers = (...shape: number[]) => tf.linspace(-2.1, 1.7, tf.util.sizeFromShape(shape)).reshape(shape);

test("operations of two tensors stretch sizes of 1 as TensorFlow does", options, () => {
  const functions = {
    add: tf.add,
    subtract: tf.sub,
    multiply: tf.mul,
    divide: tf.div,
    maximum: tf.maximum,
    minimum: tf.minimum,
    greater: (a: tf.Tensor, b: tf.Tensor) => tf.greater(a, b).toFloat(),
  };
  const pairs = [
    [
      [3, 5],
      [3, 5],
    ],
    [[3, 5], []],
    [[], [3, 5]],
    [[3, 5], [5]],
    [
      [3, 1],
      [3, 5],
    ],
    [
      [3, 1],
      [1, 5],
    ],
    [
      [2, 3, 4],
      [3, 1],
    ],
    [
      [2, 1, 4],
      [2, 3, 1],
    ],
    [[1], [1]],
  ] as const;
  for (const [name, compute] of Object.entries(functions))
    for (const [a, b] of pairs) {
      const inputs = [numbers(...a), numbers(...b).sub(0.3)] as [tf.Tensor, tf.Tensor];
      const expected = compute(...inputs);
      const [got] = operation(`binary function=${name}`, inputs, expected.shape);
      requireNear(`${name} of [${a}] and [${b}]`, got, expected);
    }
});

test("operations of one tensor are TensorFlow's", options, () => {
  const functions = {
    square: tf.square,
    root: tf.sqrt,
    negative: tf.neg,
    absolute: tf.abs,
    exponential: tf.exp,
    logarithm1p: tf.log1p,
    relu: tf.relu,
    sigmoid: tf.sigmoid,
    tanh: tf.tanh,
    isNan: (x: tf.Tensor) => tf.isNaN(x).toFloat(),
  };
  const x = tf.concat([numbers(9), tf.tensor1d([Number.NaN, 0, 80, -80])]);
  for (const [name, compute] of Object.entries(functions))
    requireNear(name, operation(`unary function=${name}`, [x], [13])[0], compute(x));
  const [condition, a, b] = [tf.tensor1d([1, 0, 2]), numbers(3), numbers(3).neg()];
  const chosen = tf.where(condition.toBool(), a, b);
  requireNear("select", operation("select", [condition, a, b], [3])[0], chosen);
});

test("sums, means, products and cross-entropies are TensorFlow's", options, () => {
  const x = numbers(2, 3, 5);
  for (const [mean, compute] of [
    [true, tf.mean],
    [false, tf.sum],
  ] as const) {
    requireNear("all", operation(`reduction mean=${mean} outer=1 inner=1`, [x], [])[0], compute(x));
    requireNear("middle", operation(`reduction mean=${mean} outer=2 inner=5`, [x], [2, 5])[0], compute(x, 1));
    requireNear("last", operation(`reduction mean=${mean} outer=6 inner=1`, [x], [2, 3])[0], compute(x, 2));
  }
  for (const [rows, depth, columns] of [
    [1, 1, 1],
    [7, 3, 5],
    [33, 17, 40],
    [64, 200, 90],
  ] as const)
    for (const ofA of [false, true])
      for (const ofB of [false, true]) {
        const a = ofA ? numbers(depth, rows) : numbers(rows, depth);
        const b = ofB ? numbers(columns, depth) : numbers(depth, columns);
        const expected = tf.matMul(a, b, ofA, ofB);
        const words = `product transpose_a=${ofA} transpose_b=${ofB}`;
        const [got] = operation(words, [a.div(40), b.div(40)], [rows, columns]);
        requireNear(`${words} of ${rows}, ${depth}, ${columns}`, got, expected.div(1600));
      }
  const [logits, labels] = [numbers(4, 3), tf.oneHot(tf.tensor1d([0, 2, 1, 1], "int32"), 3).toFloat()];
  requireNear("softmax", operation("softmax", [logits], [4, 3])[0], tf.softmax(logits));
  const expected = runOp("SoftmaxCrossEntropyWithLogits", {}, [logits, labels], 2);
  operation("crossEntropy", [logits, labels], [4], [4, 3]).forEach((got, i) => {
    requireNear("cross-entropy", got, expected[i] as tf.Tensor);
  });
});

test("values of a program are constants, views, and places that are used again", options, () => {
  const lines = ["input 2 3", "constant 0.5 2 3", "local 0 2 3", "run binary function=add : 0 1 : 2"];
  lines.push("view 2 6", "local 16 6", "run unary function=square : 3 : 4");
  lines.push(
    "local 0 6",
    "run unary function=negative : 4 : 5",
    "output 6",
    "run binary function=add : 5 4 : 6",
  );
  requireNear("zeros", run(lines, [numbers(2, 3)])[0], tf.zeros([6]));
});

test("a program that is none is refused with its reason", options, () => {
  const x = numbers(2, 3);
  const cases: [RegExp, string[]][] = [
    [/first word must be one of/, ["nothing 2"]],
    [/integer from 0 to 2\^40, got "two"/, ["input two"]],
    [/integer from 0 to 2\^40, got "-1"/, ["local -1 3"]],
    [/at most 2\^40 numbers/, ["local 0 1000000 1000000 1000000"]],
    [/one of the 1 before, got 4/, ["input 2 3", "view 4 6"]],
    [/as many numbers as its value \[2, 3\], got \[5\]/, ["input 2 3", "view 0 5"]],
    [/an operation must be one of/, ["input 2 3", "run magic : 0 : 0"]],
    [/name = a value, got "fast"/, ["input 2 3", "run unary fast : 0 : 0"]],
    [/must have shape \[2, 4\], got \[2, 3\]/, ["input 2 4"]],
    [/more inputs than its line/, ["input 2 3", "output 2 3", "run binary function=add : 0 : 1"]],
    [/more outputs than its line/, ["input 2 3", "output 2 3", "run unary function=tanh : 0 : "]],
    [/fewer outputs than its line/, ["input 2 3", "output 2 3", "run unary function=tanh : 0 : 1 1"]],
    [
      /output must have shape \[2, 3\], got \[5\]/,
      ["input 2 3", "output 5", "run unary function=tanh : 0 : 1"],
    ],
    [
      /the same or have sizes of 1/,
      ["input 2 3", "constant 1 2", "output 2 3", "run binary function=add : 0 1 : 2"],
    ],
    [/b must have shape \[3, any\]/, ["input 2 3", "output 2 3", "run product : 0 0 : 1"]],
    [/outer and inner must be positive/, ["input 2 3", "output 1", "run reduction : 0 : 1"]],
    [/multiple of 4 numbers/, ["input 2 3", "output 4", "run reduction outer=4 inner=1 : 0 : 1"]],
  ];
  for (const [reason, lines] of cases) assert.throws(() => run(lines, [x]), reason, lines.join(" / "));
});
