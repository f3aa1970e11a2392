import assert from "node:assert/strict";
import { test } from "node:test";
import { RandomGenerator } from "../../src/random/index.js";
import { type CellName, cellTraits } from "../../src/recurrent-ops/call.js";
import { nativeOps, simpleRnn } from "../../src/recurrent-ops/index.js";
import * as tf from "../../src/tensorflow.js";
import { runOp } from "../../src/tfjs/backend.js";
import { compilerRuns } from "../compiler.js";
import { assertNear, cellsOn, runLayer } from "./layer-run.js";

const ops = nativeOps();

test("the fused ops are there where there is a compiler, and elsewhere the reason names the repair", () => {
  if (ops.available) assert.ok(ops.instructionSets.includes("plain"));
  else {
    assert.match(ops.reason, /`npx rnnlab setup`/);
    assert.ok(!compilerRuns(), ops.reason);
  }
});

if (ops.available) {
  const random = new RandomGenerator(3);
  const draw = (length: number, scale: number) =>
    Float32Array.from({ length }, () => random.normal() * scale);
  const sizes = { batch: 11, time: 9, features: 5, units: 37 };
  const numbersOf = (cell: CellName) => {
    const { batch, time, features, units } = sizes;
    const columns = cellTraits[cell].gates * units;
    const { states } = cellTraits[cell];
    return {
      x: draw(batch * time * features, 1),
      kernel: draw(features * columns, 0.4),
      recurrentKernel: draw(units * columns, 0.1),
      bias: draw((cell === "gru" ? 2 : 1) * columns, 0.2),
      mask: Array.from({ length: batch * time }, () => Number(random.uniform() < 0.8)),
      dOutputs: draw(batch * time * units, 1),
      dStates: Array.from({ length: states }, () => draw(batch * units, 1)),
    };
  };

  for (const cell of cellsOn("native")) {
    test(`${cell} gives the same with 1, 2 and 4 threads and more threads than rows`, () => {
      const numbers = numbersOf(cell);
      const run = (threads: number) => runLayer(cell, sizes, numbers, { threads, returnSequences: true });
      const one = run(1);
      for (const threads of [2, 4, 64]) {
        const other = run(threads);
        assert.deepEqual(other.outputs, one.outputs);
        one.gradients.forEach((gradient, i) => {
          assertNear(other.gradients[i]!, gradient, 1e-5, `gradient ${i}, ${threads} threads`);
        });
      }
    });

    test(`${cell} gives the same with each instruction set of this machine`, () => {
      const numbers = numbersOf(cell);
      const run = (instructions: string) =>
        runLayer(cell, sizes, numbers, { instructions, returnSequences: true });
      const plain = run("plain");
      for (const instructions of ops.instructionSets) {
        const other = run(instructions);
        assertNear(other.outputs, plain.outputs, 1e-5, `outputs, ${instructions}`);
        plain.gradients.forEach((gradient, i) => {
          assertNear(other.gradients[i]!, gradient, 1e-5, `gradient ${i}, ${instructions}`);
        });
      }
    });
  }

  test("the gradient of the input is computed only where somebody wants it", () => {
    const [x, kernel, recurrentKernel] = [tf.ones([2, 3, 4]), tf.ones([4, 5]), tf.ones([5, 5])];
    const backend = tf.backend() as unknown as {
      executeMultipleOutputs: (name: string, ...rest: unknown[]) => tf.Tensor[];
    };
    const { executeMultipleOutputs } = backend;
    const computed: number[][] = [];
    backend.executeMultipleOutputs = (name, ...rest) => {
      const results = executeMultipleOutputs.call(backend, name, ...rest);
      if (name === "RnnlabRecurrentGrad") computed.push(results[0]!.shape);
      return results;
    };
    const run = (given: object) =>
      simpleRnn({
        x: x as tf.Tensor3D,
        kernel: kernel as tf.Tensor2D,
        recurrentKernel: recurrentKernel as tf.Tensor2D,
        ...given,
      }).outputs;
    try {
      const [alone] = tf.grads((w) => run({ kernel: w }))([kernel]);
      const [both] = tf.grads((w, input) => run({ kernel: w, x: input }))([kernel, x]);
      assert.deepEqual(alone!.dataSync(), both!.dataSync());
    } finally {
      backend.executeMultipleOutputs = executeMultipleOutputs;
    }
    assert.deepEqual(computed, [[0], [2, 3, 4]]);
  });

  test("the ops refuse what they cannot compute with an error that names the argument", () => {
    const attributes = {
      cell: "lstm",
      activation: "tanh",
      recurrent_activation: "sigmoid",
      go_backwards: false,
      return_sequences: false,
      biases: 0,
      masks: 0,
      given_states: 0,
      states: 2,
    };
    const zeros = (...shape: number[]) => tf.zeros(shape);
    const fitting = [zeros(2, 3, 4), zeros(4, 8), zeros(2, 8)];
    const attempts: [Partial<Record<string, string | number | boolean>>, tf.Tensor[], RegExp][] = [
      [{}, [zeros(2, 3), zeros(4, 8), zeros(2, 8)], /x must have shape \[any, any, any\], got \[2, 3\]/],
      [{}, [zeros(2, 0, 4), zeros(4, 8), zeros(2, 8)], /x must have shape/],
      [{}, [zeros(2, 3, 4), zeros(5, 8), zeros(2, 8)], /kernel must have shape \[4, any\], got \[5, 8\]/],
      [{}, [zeros(2, 3, 4), zeros(4, 7), zeros(2, 7)], /kernel must have 4 columns per unit, got 7/],
      [{}, [zeros(2, 3, 4), zeros(4, 8), zeros(3, 8)], /recurrent_kernel must have shape \[2, 8\]/],
      [{}, [zeros(2, 3, 4), zeros(4, 8), tf.zeros([2, 8], "int32")], /float|int32/],
      [{ biases: 1 }, [...fitting, zeros(7)], /bias must have shape \[8\], got \[7\]/],
      [{ given_states: 2 }, [...fitting, zeros(2, 2), zeros(2, 1)], /initial_state must have shape \[2, 2\]/],
      [{ masks: 1 }, [...fitting, tf.ones([2, 4], "bool")], /mask must have shape \[2, 3\]/],
      [{ masks: 1 }, [...fitting, zeros(2, 3)], /bool|float/],
      [{ given_states: 1 }, [...fitting, zeros(2, 2)], /given_states must be 0 or 2, got 1/],
      [{ states: 1 }, fitting, /states must be 2/],
      [{ cell: "rnn" }, fitting, /cell must be one of simpleRnn, lstm.*got rnn/],
      [{ activation: "elu" }, fitting, /activation must be one of linear.*got elu/],
      [{ threads: 65 }, fitting, /threads must be 0 \(choose\) to 64, got 65/],
      [{ instructions: "avx1024" }, fitting, /this machine does not run "avx1024"/],
    ];
    for (const [change, inputs, message] of attempts) {
      const all = { ...attributes, ...change } as Record<string, string | number | boolean>;
      const outputs = all.states === 1 ? 3 : 4;
      assert.throws(() => runOp("RnnlabRecurrent", all, inputs, outputs), message);
    }
    const [outputs, h, c, saved] = runOp("RnnlabRecurrent", { ...attributes, training: false }, fitting, 4);
    assert.throws(
      () => runOp("RnnlabRecurrentGrad", attributes, [...fitting, saved!, outputs!], 5),
      /saved must have shape \[8, 96\], got \[4, 96\]/,
    );
    assert.deepEqual(
      [h, c].map((state) => state?.shape),
      [
        [2, 2],
        [2, 2],
      ],
    );
  });
}
