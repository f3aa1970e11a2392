import assert from "node:assert/strict";
import { test } from "node:test";
import { type RuleName, slotNames } from "../../src/optimizers/rule.js";
import { RandomGenerator } from "../../src/random/index.js";
import { nativeOps } from "../../src/recurrent-ops/index.js";
import * as tf from "../../src/tensorflow.js";
import { nodeBackend, opAttributes } from "../../src/tfjs/backend.js";

type Values = Record<string, string | number>;

function run(name: string, attributes: Values, inputs: tf.Tensor[], outputs: number): tf.Tensor[] {
  const backend = nodeBackend();
  const ids = backend.getInputTensorIds(inputs);
  return backend.binding
    .executeOp(name, opAttributes(attributes), ids, outputs)
    .map((handle) => backend.createOutputTensor(handle));
}

const ops = nativeOps();
if (ops.available) {
  const random = new RandomGenerator(8);
  const draw = (shape: number[]) =>
    tf.tensor(
      Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.normal()),
      shape,
    );
  const settings = tf.tensor1d([0.99, 0.8, 0.9, 0.1, 0.5, 0.25, 0.01, 0.001]);
  // More than a piece of work each, and sizes that no vector divides.
  const shapes = [[40_001], [700, 61], [3], []];

  test("a step gives the same with each instruction set, and the very same with any number of threads", () => {
    const variables = shapes.map(draw);
    const gradients = shapes.map(draw);
    for (const rule of Object.keys(slotNames) as RuleName[]) {
      const slots = slotNames[rule].length * shapes.length;
      const step = (more: Values) => {
        // A mean of squares is more than the square of the mean.
        const kept = shapes.flatMap((shape) =>
          slotNames[rule].map((_, k) => tf.fill(shape, k === 0 ? 4 : 0.5)),
        );
        const attributes = {
          rule,
          clip: "globalNorm",
          variables_count: shapes.length,
          slots_count: slots,
          ...more,
        };
        const updated = run(
          "RnnlabOptimizer",
          attributes,
          [settings, ...variables, ...gradients, ...kept],
          shapes.length,
        );
        const numbers = [...updated, ...kept].map((tensor) => tensor.dataSync<"float32">());
        tf.dispose([updated, kept]);
        return numbers;
      };
      const one = step({ threads: 1 });
      for (const threads of [2, 4, 64])
        assert.deepEqual(step({ threads }), one, `${rule}, ${threads} threads`);
      for (const instructions of ops.instructionSets) {
        step({ instructions }).forEach((numbers, i) => {
          const worst = numbers.reduce(
            (most, value, at) => Math.max(most, Math.abs(value - one[i]![at]!)),
            0,
          );
          assert.ok(worst < 1e-5, `${rule}, ${instructions}, tensor ${i}: ${worst}`);
        });
      }
    }
  });

  test("rows of a table are summed to the very same with any number of threads", () => {
    const indices = tf.tensor1d(
      Int32Array.from({ length: 5000 }, () => random.integer(900)),
      "int32",
    );
    const slope = draw([5000, 31]);
    const sum = (threads: number) =>
      run("RnnlabRowGradient", { rows: 1000, threads }, [indices, slope], 1)[0]!.dataSync();
    const one = sum(1);
    for (const threads of [2, 4, 64]) assert.deepEqual(sum(threads), one);
  });

  test("the ops refuse what they cannot compute with an error that names the argument", () => {
    const zeros = (...shape: number[]) => tf.zeros(shape);
    const attributes = { rule: "sgd", clip: "none", variables_count: 1, slots_count: 0 };
    const fitting = [settings, zeros(2, 3), zeros(2, 3)];
    const packed = (...rows: number[]) => {
      const numbers = Int32Array.from({ length: 4 * rows.length }, (_, i) =>
        i % 4 === 0 ? rows[i / 4]! : 0,
      );
      return tf.tensor3d(new Float32Array(numbers.buffer), [rows.length, 1, 4]);
    };
    const attempts: [Values, tf.Tensor[], RegExp][] = [
      [{}, [zeros(7), ...fitting.slice(1)], /settings must have shape \[8\], got \[7\]/],
      [
        {},
        [settings, zeros(2, 3), zeros(3, 2)],
        /gradients must have shape \[2, 3\] as the variable, got \[3, 2\]/,
      ],
      [{}, [settings, zeros(2, 3), zeros(1, 1, 3)], /gradients must have shape \[2, 3\]/],
      [{}, [settings, zeros(2, 3), packed(1, 1)], /rising row numbers below 2, got 1 after 1/],
      [{}, [settings, zeros(2, 3), packed(0, 2)], /rising row numbers below 2, got 2 after 0/],
      [{}, [settings, zeros(2, 3), packed(-1)], /rising row numbers below 2, got -1/],
      [
        { rule: "adam", slots_count: 2 },
        [...fitting, zeros(2, 3), zeros(3)],
        /slots must have shape \[2, 3\], got \[3\]/,
      ],
      [{ rule: "adam" }, fitting, /slots_count must be 2 for this rule/],
      [{ rule: "lamb" }, fitting, /rule must be one of sgd, .*got lamb/],
      [{ clip: "hair" }, fitting, /clip must be one of none, .*got hair/],
      [{ threads: 65 }, fitting, /threads must be 0 \(choose\) to 64, got 65/],
      [{ instructions: "avx1024" }, fitting, /this machine does not run "avx1024"/],
      [{}, [settings, zeros(2, 3), tf.zeros([2, 3], "int32")], /float|int32/],
    ];
    for (const [change, inputs, message] of attempts) {
      assert.throws(() => run("RnnlabOptimizer", { ...attributes, ...change }, inputs, 1), message);
    }
    const indices = (...values: number[]) => tf.tensor1d(values, "int32");
    const lookups: [tf.Tensor, tf.Tensor, RegExp][] = [
      [indices(0, 3), zeros(2, 4), /indices must be from 0 to 2, got 3/],
      [indices(-1), zeros(1, 4), /indices must be from 0 to 2, got -1/],
      [indices(), zeros(0, 4), /indices must not be empty, got shape \[0\]/],
      [indices(1, 2), zeros(3, 4), /d_outputs must have shape \[2, any\], got \[3, 4\]/],
      [zeros(2), zeros(2, 4), /float|int32/],
    ];
    for (const [numbers, slope, message] of lookups) {
      assert.throws(() => run("RnnlabRowGradient", { rows: 3 }, [numbers, slope], 1), message);
    }
  });
}
