import assert from "node:assert/strict";
import { test } from "node:test";
import { nativeOps } from "../../src/recurrent-ops/index.js";
import * as tf from "../../src/tensorflow.js";
import { runOp } from "../../src/tfjs/backend.js";

const options = { skip: nativeOps().available ? false : "the native ops are not built" };

/** Runs a program with its lines. */
function run(lines: readonly string[], inputs: tf.Tensor[], outputs = 1): tf.Tensor[] {
  const integers = inputs.filter(({ dtype }) => dtype === "int32").length;
  const counts = { input_count: inputs.length - integers, integer_count: integers, output_count: outputs };
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

type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

/** Programs have 0 and 1 where TensorFlow has false and true. */
const comparisons = (functions: Readonly<Record<string, Binary>>): Record<string, Binary> =>
  Object.fromEntries(
    Object.entries(functions).map(([name, compare]) => [name, (a, b) => compare(a, b).toFloat()]),
  );

const numbers = (...shape: number[]) => tf.linspace(-2.1, 1.7, tf.util.sizeFromShape(shape)).reshape(shape);

test("operations of two tensors stretch sizes of 1 as TensorFlow does", options, () => {
  const functions: Readonly<Record<string, Binary>> = {
    add: tf.add,
    subtract: tf.sub,
    multiply: tf.mul,
    divide: tf.div,
    maximum: tf.maximum,
    minimum: tf.minimum,
    ...comparisons({
      equal: tf.equal,
      notEqual: tf.notEqual,
      greater: tf.greater,
      greaterEqual: tf.greaterEqual,
      less: tf.less,
      lessEqual: tf.lessEqual,
    }),
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
  const functions: Readonly<Record<string, (x: tf.Tensor) => tf.Tensor>> = {
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
    sign: tf.sign,
    logarithm: tf.log,
    reciprocalRoot: tf.rsqrt,
    reciprocal: tf.reciprocal,
    softplus: tf.softplus,
    elu: tf.elu,
    floor: tf.floor,
    same: (x: tf.Tensor) => x.clone(),
  };
  const x = tf.concat([numbers(9), tf.tensor1d([Number.NaN, 0, 80, -80])]);
  for (const [name, compute] of Object.entries(functions))
    requireNear(name, operation(`unary function=${name}`, [x], [13])[0], compute(x));
  const flags = tf.tensor1d([1, 0, 3]);
  requireNear("logicalNot", operation("unary function=logicalNot", [flags], [3])[0], tf.tensor1d([0, 1, 0]));
  const fractions = tf.tensor1d([1.7, -1.7, 0.2]);
  requireNear(
    "truncated",
    operation("unary function=truncated", [fractions], [3])[0],
    tf.tensor1d([1, -1, 0]),
  );
  const [condition, a, b] = [tf.tensor1d([1, 0, 2]), numbers(3), numbers(3).neg()];
  const chosen = tf.where(condition.toBool(), a, b);
  requireNear("select", operation("select", [condition, a, b], [3])[0], chosen);
});

test("sums, means, products and cross-entropies are TensorFlow's", options, () => {
  const x = numbers(2, 3, 5);
  for (const [name, compute] of [
    ["mean", tf.mean],
    ["sum", tf.sum],
    ["maximum", tf.max],
    ["minimum", tf.min],
  ] as const) {
    requireNear("all", operation(`reduction function=${name} outer=1 inner=1`, [x], [])[0], compute(x));
    requireNear(
      "middle",
      operation(`reduction function=${name} outer=2 inner=5`, [x], [2, 5])[0],
      compute(x, 1),
    );
    requireNear(
      "last",
      operation(`reduction function=${name} outer=6 inner=1`, [x], [2, 3])[0],
      compute(x, 2),
    );
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
  const classes = tf.tensor1d([0, 2, 1, 1]);
  const sparse = runOp("SparseSoftmaxCrossEntropyWithLogits", {}, [logits, classes.toInt()], 2);
  operation("sparseCrossEntropy", [logits, classes], [4], [4, 3]).forEach((got, i) => {
    requireNear("sparse cross-entropy", got, sparse[i] as tf.Tensor);
  });
  requireNear("softmax", operation("softmax", [logits], [4, 3])[0], tf.softmax(logits));
  const expected = runOp("SoftmaxCrossEntropyWithLogits", {}, [logits, labels], 2);
  operation("crossEntropy", [logits, labels], [4], [4, 3]).forEach((got, i) => {
    requireNear("cross-entropy", got, expected[i] as tf.Tensor);
  });
});

test("the place of the largest number is TensorFlow's", options, () => {
  const { NaN: none, NEGATIVE_INFINITY: least, POSITIVE_INFINITY: most } = Number;
  const rows = [
    [1, 3, 2, 3],
    [-2, -2, -2, -2],
    [none, 1, 2, none],
    [5, none, 6, 1],
    [none, none, none, none],
    [least, least, least, least],
    [least, none, -1, most],
  ];
  const x = tf.tensor2d(rows);
  for (const [axis, words] of [
    [1, "outer=7 inner=1"],
    [0, "outer=1 inner=4"],
  ] as const) {
    const expected = tf.argMax(x, axis).toFloat();
    const [got] = operation(`reduction function=position ${words}`, [x], expected.shape);
    requireNear(words, got, expected);
  }
  const large = tf.randomUniform([900, 300], 0, 1, "float32", 1);
  const [got] = operation("reduction function=position outer=900 inner=1", [large], [900]);
  requireNear("of several threads", got, tf.argMax(large, 1).toFloat());
});

test("numbers are moved as TensorFlow moves them", options, () => {
  const x = numbers(2, 3, 4);
  const [a, b] = [numbers(2, 3, 1), numbers(2, 3, 2)];
  const joined = tf.concat([a, x, b], 2);
  requireNear("concatenation", operation("concatenation outer=6 count=3", [a, x, b], [2, 3, 7])[0], joined);
  const parts = operation("split outer=6 widths=1,4,2", [joined], [2, 3, 1], [2, 3, 4], [2, 3, 2]);
  for (const [i, each] of [a, x, b].entries()) requireNear("split", parts[i], each);
  requireNear(
    "slice",
    operation("split outer=2 first=4 widths=8", [x], [2, 2, 4])[0],
    x.slice([0, 1], [2, 2]),
  );
  const padded = tf.pad(x, [
    [0, 0],
    [1, 2],
    [0, 0],
  ]);
  requireNear("padding", operation("padding outer=2 before=4 after=8", [x], [2, 6, 4])[0], padded);
  requireNear("reversal", operation("reversal outer=2 inner=4", [x], [2, 3, 4])[0], tf.reverse(x, 1));
  requireNear(
    "transposition",
    operation("transposition order=2,0,1", [x], [4, 2, 3])[0],
    tf.transpose(x, [2, 0, 1]),
  );
  requireNear("tiling", operation("tiling times=2,1,3", [x], [4, 3, 12])[0], tf.tile(x, [2, 1, 3]));
  const rows = tf.tensor2d([
    [1, 0],
    [1, 1],
  ]);
  requireNear("gathering", operation("gathering", [x, rows], [2, 2, 3, 4])[0], tf.gather(x, rows.toInt()));
  const classes = tf.tensor1d([2, -1, 0, 3, Number.NaN]);
  const columns = tf.oneHot(tf.tensor1d([2, -1, 0, 3, -5], "int32"), 3);
  requireNear("oneHot", operation("oneHot columns=3", [classes], [5, 3])[0], columns);
  // Several threads share 420,000 numbers.
  const [large, other] = [numbers(600, 700), numbers(600, 700).neg()];
  requireNear(
    "large sum",
    operation("binary function=add", [large, other], [600, 700])[0],
    tf.zeros([600, 700]),
  );
  const both = operation("concatenation outer=600 count=2", [large, other], [600, 1400])[0];
  requireNear("large concatenation", both, tf.concat([large, other], 1));
});

test("rows are as many as an operation writes, and integers are numbers", options, () => {
  const [indices, gradients] = [
    tf.tensor2d(
      [
        [3, 1],
        [3, 0],
      ],
      [2, 2],
      "int32",
    ),
    numbers(4, 2),
  ];
  const lines = ["input 4 2", "input 5 2", "constant 1 8", "integers 0 2 2", "rows 16 4 1 3"];
  lines.push("run rowGradient rows=5 : 3 0 : 4", "output 5 2");
  lines.push("run optimizer rule=sgd clip=none variables_count=1 : 2 1 4 : 5");
  const table = numbers(5, 2);
  const counts = { input_count: 2, integer_count: 1, output_count: 1 };
  const [got] = runOp(
    "RnnlabProgram",
    { program: lines.join("\n"), ...counts },
    [gradients, table, indices],
    1,
  );
  const given = runOp("RnnlabRowGradient", { rows: 5 }, [indices, gradients], 1);
  const settings = tf.ones([8]);
  const attributes = { rule: "sgd", clip: "none", variables_count: 1, slots_count: 0 };
  const [expected] = runOp("RnnlabOptimizer", attributes, [settings, table, ...given], 1);
  requireNear("table", got, expected as tf.Tensor);
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

test(
  "several steps in one call are those of as many calls, each after the update of the one before",
  options,
  () => {
    const lines = ["input 3", "batch 2 3", "integers 16 2 1", "output 2 3", "output", "view 1 6"];
    lines.push("update 0 3", "local 0 1", "local 32 3", "run binary function=add : 1 2 : 3");
    // Each step puts out the sum of what it is given, and adds the first numbers of its batch to the input.
    lines.push("run reduction function=sum outer=1 inner=1 : 5 : 4");
    lines.push("run reduction function=sum outer=1 inner=3 : 1 : 8", "run binary function=add : 0 8 : 6");
    const start = tf.tensor1d([1, 2, 3]);
    const x = numbers(8, 3);
    const words = tf.range(0, 8).toInt().reshape([8, 1]);
    const [outputs, sums, after] = run(lines, [start, x, words], 3);
    requireNear("outputs", outputs, x.add(words));
    requireNear("sums", sums, x.reshape([4, 6]).sum(1));
    requireNear("updates", after, start.add(x.reshape([4, 2, 3]).sum([0, 1])));
    assert.throws(
      () => run(lines, [start, numbers(7, 3), words], 3),
      /must have shape \[2, 3\], or more of it below, 3 in all, got \[7, 3\]/,
    );
    assert.throws(
      () => run(lines, [start, numbers(6, 3), words], 3),
      /must have shape \[2, 1\], or more of it below, 3 in all, got \[8, 1\]/,
    );
  },
);

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
    [
      /b must have 3 rows for a of shape \[2, 3\], got shape \[2, 3\]/,
      ["input 2 3", "output 2 3", "run product : 0 0 : 1"],
    ],
    [/outer and inner must be positive/, ["input 2 3", "output 1", "run reduction function=sum : 0 : 1"]],
    [
      /multiple of 4 numbers/,
      ["input 2 3", "output 4", "run reduction function=sum outer=4 inner=1 : 0 : 1"],
    ],
    [/a batch must have sizes from 1, got \[\]/, ["batch"]],
    [/inputs must come before outputs, got "batch"/, ["output 2 3", "batch 2 3"]],
    [/of an input of shape \[2, 3\], got value 0/, ["batch 2 3", "update 0 2 3"]],
    [/of an input of shape \[6\], got value 0/, ["input 2 3", "update 0 6"]],
    [/a view must not be of rows/, ["rows 0 2 3", "view 0 6"]],
    [/output must have shape \[4, 3\]/, ["input 2 3", "rows 0 2 3", "run tiling times=2,1 : 0 : 1"]],
    [/the index value -2\.0\d* is not in \[0, 1\]/, ["input 2 3", "output 2 3 3", "run gathering : 0 0 : 1"]],
    [/outer must be positive, got 0/, ["input 2 3", "output 6", "run concatenation count=1 : 0 : 1"]],
    [/count must be positive, got 0/, ["input 2 3", "output 6", "run concatenation outer=1 : 0 : 1"]],
    [/multiple of 4, got shape \[2, 3\]/, ["input 2 3", "output 6", "run reversal outer=4 inner=1 : 0 : 1"]],
    [/multiple of outer and inner/, ["input 2 3", "output 6", "run reversal outer=2 inner=2 : 0 : 1"]],
    [/within 3 numbers, got 4/, ["input 2 3", "output 2 2", "run split outer=2 first=2 widths=2 : 0 : 1"]],
    [/integers from 0, got "a"/, ["input 2 3", "output 6", "run split outer=1 widths=a : 0 : 1"]],
    [/each of 2 axes once/, ["input 2 3", "output 6", "run transposition order=0,0 : 0 : 1"]],
    [/each axis, got 1 for shape \[2, 3\]/, ["input 2 3", "output 6", "run tiling times=1 : 0 : 1"]],
    [/columns must be from 1 to 2\^24, got 0/, ["input 2 3", "output 6 1", "run oneHot : 0 : 1"]],
    [/output must have shape \[6, 2\]/, ["input 2 3", "output 6", "run oneHot columns=2 : 0 : 1"]],
    [/one matrix each, got shape \[6\]/, ["input 2 3", "view 0 6", "output 6", "run product : 1 1 : 2"]],
  ];
  for (const [reason, lines] of cases) assert.throws(() => run(lines, [x]), reason, lines.join(" / "));
});
