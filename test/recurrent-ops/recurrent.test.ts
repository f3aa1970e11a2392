import assert from "node:assert/strict";
import { test } from "node:test";
import { RandomGenerator } from "../../src/random/index.js";
import {
  type CellName,
  cellTraits,
  type RecurrentActivation,
  type RecurrentOptions,
} from "../../src/recurrent-ops/call.js";
import { gru, lstm, simpleRnn } from "../../src/recurrent-ops/index.js";
import * as tf from "../../src/tensorflow.js";
import { assertNear, cellsOn, implementations, type LayerNumbers, runCell, runLayer } from "./layer-run.js";
import { type PlainOptions, plainRecursion, type Sizes } from "./plain-recursion.js";

const random = new RandomGenerator(11);
// Rounded to float32, so that every implementation computes with the same numbers.
const draw = (length: number, scale = 1) =>
  Float64Array.from({ length }, () => Math.fround(random.normal() * scale));

interface Drawn extends LayerNumbers {
  readonly x: Float64Array;
  readonly kernel: Float64Array;
  readonly recurrentKernel: Float64Array;
  readonly bias: Float64Array;
  readonly initialState: Float64Array[];
  readonly dOutputs: Float64Array;
  readonly dStates: Float64Array[];
}

function drawLayer(cell: CellName, sizes: Sizes, returnSequences: boolean, mask?: number[]): Drawn {
  const { batch, time, features, units } = sizes;
  const columns = cellTraits[cell].gates * units;
  const { states } = cellTraits[cell];
  const state = () => draw(batch * units);
  return {
    x: draw(batch * time * features),
    kernel: draw(features * columns, 1 / Math.sqrt(features)),
    recurrentKernel: draw(units * columns, 0.7 / Math.sqrt(units)),
    bias: draw((cell === "gru" ? 2 : 1) * columns, 0.5),
    initialState: Array.from({ length: states }, state),
    mask,
    dOutputs: draw(batch * (returnSequences ? time : 1) * units),
    dStates: Array.from({ length: states }, state),
  };
}

/** Central differences of the plain recursion's loss, for a sample of the numbers of each array. */
function differences(cell: CellName, sizes: Sizes, numbers: Drawn, options: PlainOptions, sample: number) {
  const loss = () => {
    const [outputs = [], ...states] = plainRecursion(cell, sizes, numbers, options);
    const dot = (a: number[], b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
    return states.reduce(
      (sum, each, i) => sum + dot(each, numbers.dStates[i]!),
      dot(outputs, numbers.dOutputs),
    );
  };
  const arrays = [numbers.x, numbers.kernel, numbers.recurrentKernel, numbers.bias, ...numbers.initialState];
  return arrays.map((values) => {
    const stride = Math.max(1, Math.floor(values.length / sample));
    return Array.from({ length: Math.ceil(values.length / stride) }, (_, n) => {
      const i = n * stride;
      const value = values[i]!;
      const step = 1e-5;
      values[i] = value + step;
      const above = loss();
      values[i] = value - step;
      const below = loss();
      values[i] = value;
      return { index: i, slope: (above - below) / (2 * step) };
    });
  });
}

/** One of everything, then what could go wrong at the edges of vectors, tiles, blocks and threads. */
const shapes: [batch: number, time: number, features: number, units: number][] = [
  [1, 1, 1, 1],
  [1, 5, 3, 2],
  [3, 1, 2, 5],
  [2, 7, 1, 15],
  [5, 3, 17, 16],
  [4, 4, 16, 17],
  [9, 3, 5, 33],
  [130, 2, 3, 4],
  [3, 40, 2, 3],
];

const activationPairs: [RecurrentActivation, RecurrentActivation][] = [
  ["tanh", "sigmoid"],
  ["relu", "hardSigmoid"],
  ["linear", "hardSigmoid6"],
  ["sigmoid", "tanh"],
];

for (const implementation of implementations) {
  for (const cell of cellsOn(implementation)) {
    test(`${cell} (${implementation}) equals the plain recursion and its finite differences`, () => {
      shapes.forEach(([batch, time, features, units], n) => {
        const sizes = { batch, time, features, units };
        const [activation, recurrentActivation] = activationPairs[n % 4]!;
        const returnSequences = n % 2 === 0;
        // Every other shape has random lengths, zero among them.
        const lengths = Array.from({ length: batch }, () => Math.floor(random.uniform() * (time + 1)));
        const mask =
          n % 2 === 1
            ? lengths.flatMap((length) => Array.from({ length: time }, (_, t) => Number(t < length)))
            : undefined;
        const options = { activation, recurrentActivation, goBackwards: n % 3 === 1, returnSequences };
        const numbers = drawLayer(cell, sizes, returnSequences, mask);
        const run = runLayer(cell, sizes, numbers, { ...options, implementation });
        const [outputs = [], ...states] = plainRecursion(cell, sizes, numbers, { ...options, mask });
        const name = JSON.stringify({ ...sizes, ...options, masked: n % 2 === 1 });
        assertNear(run.outputs, outputs, 1e-5, `outputs ${name}`);
        states.forEach((state, i) => {
          assertNear(run.states[i]!, state, 1e-5, `state ${i} ${name}`);
        });
        const slopes = differences(cell, sizes, numbers, { ...options, mask }, 12);
        slopes.forEach((sample, i) => {
          const got = sample.map(({ index }) => run.gradients[i]![index]!);
          assertNear(
            got,
            sample.map(({ slope }) => slope),
            1e-4,
            `gradient ${i} ${name}`,
          );
        });
      });
    });
  }

  test(`a layer (${implementation}) may serve twice in a tape, in several losses and without its states`, () => {
    tf.tidy(() => {
      const kernel = tf.tensor2d([0.3, -0.2], [1, 2]);
      const recurrentKernel = tf.tensor2d([0.1, 0.4, -0.3, 0.2], [2, 2]);
      const x = tf.tensor3d([0.5, -1, 2], [1, 3, 1]);
      const run = (w: tf.Tensor) =>
        simpleRnn({ x, kernel: w as tf.Tensor2D, recurrentKernel }, { implementation, returnSequences: true })
          .outputs;
      const once = tf.grad((w) => tf.sum(run(w)))(kernel);
      const twice = tf.grad((w) => tf.add(tf.sum(run(w)), tf.sum(run(w))))(kernel);
      const shared = tf.grad((w) => {
        const outputs = run(w);
        return tf.add(tf.sum(outputs), tf.sum(outputs));
      })(kernel);
      const double = tf.mul(once, 2).dataSync();
      assertNear(twice.dataSync(), double, 1e-6, "used twice");
      assertNear(shared.dataSync(), double, 1e-6, "two losses");
    });
  });

  test(`a layer (${implementation}) trains with an optimiser without keeping tensors`, () => {
    const kernel = tf.variable(tf.tensor2d([0.3, -0.2], [1, 2]));
    const recurrentKernel = tf.variable(tf.tensor2d([0.1, 0.4, -0.3, 0.2], [2, 2]));
    const optimizer = tf.train.sgd(0.1);
    const x = tf.tensor3d([0.5, -1, 2], [1, 3, 1]);
    const step = () =>
      optimizer.minimize(
        () =>
          tf.sum(
            tf.square(simpleRnn({ x, kernel, recurrentKernel }, { implementation }).outputs),
          ) as tf.Scalar,
        true,
      );
    const first = step()!;
    const before = tf.memory().numTensors;
    let last = first;
    for (let i = 0; i < 20; i++) {
      last.dispose();
      last = step()!;
    }
    assert.equal(tf.memory().numTensors, before);
    assert.ok(last.dataSync()[0]! < 0.1);
    tf.dispose([last, kernel, recurrentKernel, x]);
    optimizer.dispose();
  });

  test(`a layer (${implementation}) shows a NaN instead of hiding it`, () => {
    for (const cell of cellsOn(implementation)) {
      const sizes = { batch: 2, time: 2, features: 1, units: 2 };
      const numbers = drawLayer(cell, sizes, false);
      numbers.x[0] = Number.NaN;
      const run = runLayer(cell, sizes, numbers, { implementation });
      assert.deepEqual([...run.outputs].map(Number.isNaN), [true, true, false, false]);
    }
  });

  test(`a layer (${implementation}) keeps its numbers for great inputs`, () => {
    const sizes = { batch: 1, time: 1, features: 1, units: 4 };
    const kernel = [1e4, -1e4, 100, -100];
    const numbers = {
      x: [1],
      kernel,
      recurrentKernel: new Float64Array(16),
      dOutputs: [1, 1, 1, 1],
      dStates: [[0, 0, 0, 0]],
    };
    const of = (activation: RecurrentActivation) => [
      ...runLayer("simpleRnn", sizes, numbers, { activation, implementation }).outputs,
    ];
    assert.deepEqual(of("tanh"), [1, -1, 1, -1]);
    assert.deepEqual(
      of("sigmoid").map((y) => Math.round(y * 1e6) / 1e6),
      [1, 0, 1, 0],
    );
  });

  test(`a layer (${implementation}) names the argument that does not fit`, () => {
    tf.tidy(() => {
      const fitting = {
        x: tf.zeros<tf.Rank.R3>([2, 3, 4]),
        kernel: tf.zeros<tf.Rank.R2>([4, 8]),
        recurrentKernel: tf.zeros<tf.Rank.R2>([2, 8]),
        bias: tf.zeros([8]),
        initialState: [tf.zeros<tf.Rank.R2>([2, 2]), tf.zeros<tf.Rank.R2>([2, 2])],
        mask: tf.ones<tf.Rank.R2>([2, 3], "bool"),
      };
      const wrong: [Partial<Record<keyof typeof fitting | "dropoutMasks", unknown>>, RegExp, typeof Error][] =
        [
          [{ x: tf.zeros([2, 3]) }, /x must have shape \[batch, time, features\], got \[2, 3\]/, RangeError],
          [
            { x: tf.zeros([2, 0, 4]), mask: undefined },
            /x must have shape \[2, 0, 4\] and not be empty/,
            RangeError,
          ],
          [{ x: tf.zeros([2, 3, 4], "int32") }, /x must be float32, got int32/, TypeError],
          [
            { kernel: tf.zeros([5, 8]) },
            /kernel must have shape \[4, 8\] and not be empty, got \[5, 8\]/,
            RangeError,
          ],
          [{ recurrentKernel: tf.zeros([2, 6]) }, /recurrentKernel must have shape \[2, 8\]/, RangeError],
          [{ bias: tf.zeros([2, 8]) }, /bias must have shape \[8\]/, RangeError],
          [{ initialState: [tf.zeros([2, 2])] }, /initialState must hold 2 tensors, got 1/, RangeError],
          [
            { initialState: [tf.zeros([2, 2]), tf.zeros([3, 2])] },
            /initialState\[1\] must have shape \[2, 2\]/,
            RangeError,
          ],
          [{ mask: tf.ones([2, 4], "bool") }, /mask must have shape \[2, 3\]/, RangeError],
          [{ mask: tf.ones([2, 3]) }, /mask must be bool, got float32/, TypeError],
          [
            { dropoutMasks: { state: [tf.ones([2, 2])] } },
            /dropoutMasks.state must hold 4 tensors, got 1/,
            RangeError,
          ],
          [
            { dropoutMasks: { state: [], input: Array(4).fill(tf.ones([2, 3])) } },
            /dropoutMasks.input\[0\] must have shape \[2, 4\]/,
            RangeError,
          ],
        ];
      for (const [change, message, kind] of wrong) {
        assert.throws(
          () => runCell.lstm({ ...fitting, ...change } as typeof fitting, { implementation }),
          (error: Error) => error instanceof kind && message.test(error.message),
          String(message),
        );
      }
      const required = ["x", "kernel", "recurrentKernel", "bias", "mask"] as const;
      for (const name of required) {
        for (const value of [null, [1], "x"]) {
          assert.throws(() => runCell.lstm({ ...fitting, [name]: value }, { implementation }), {
            name: "TypeError",
            message: `Cannot run lstm: ${name} must be a tensor, got ${JSON.stringify(value)}`,
          });
        }
      }
      const withState = (state: unknown): (() => unknown) => {
        const initialState = state as typeof fitting.initialState;
        return () => runCell.lstm({ ...fitting, initialState }, { implementation });
      };
      assert.throws(withState(null), /initialState must be a list of tensors, got null/);
      assert.throws(withState([null, null]), /initialState\[0\] must be a tensor, got null/);
      const options: [object, RegExp][] = [
        [{ goBackwards: "no" }, /goBackwards must be true or false, got "no"/],
        [{ returnSequences: 1 }, /returnSequences must be true or false, got 1/],
        [{ returnState: null }, /returnState must be true or false, got null/],
        [{ threads: 0.5 }, /threads must be a positive integer, got 0\.5/],
        [{ implementation: "gpu" }, /implementation must be "native" or "tensorflow", got "gpu"/],
        [{ instructions: 512 }, /instructions must be a string, got 512/],
      ];
      for (const [option, message] of options) {
        assert.throws(() => runCell.lstm(fitting, { implementation, ...option }), message);
      }
    });
  });
}

test("the gradient of a gradient is that of finite differences, which neither fused ops nor tfjs's tanh have", () => {
  const values = [0.5, -1, 2];
  const at = (numbers: number[]) => tf.tensor3d(numbers, [1, 3, 1]);
  for (const [cell, gates] of [
    [simpleRnn, 1],
    [gru, 3],
    [lstm, 4],
  ] as const) {
    const kernel = tf.linspace(-0.7, 0.9, 2 * gates).reshape([1, 2 * gates]) as tf.Tensor2D;
    const recurrentKernel = tf.linspace(-0.5, 0.6, 4 * gates).reshape([2, 2 * gates]) as tf.Tensor2D;
    const squares = (x: tf.Tensor) =>
      tf.sum(tf.square(cell({ x: x as tf.Tensor3D, kernel, recurrentKernel }).outputs));
    const penalised = (x: tf.Tensor) => tf.add(squares(x), tf.sum(tf.square(tf.grad(squares)(x))));
    const step = 1e-2;
    const slopes = values.map((_, i) => {
      const [above, below] = [step, -step].map((change) => {
        const moved = values.map((value, j) => (i === j ? value + change : value));
        return tf.tidy(() => penalised(at(moved)).dataSync()[0]!);
      });
      return (above! - below!) / (2 * step);
    });
    const gradient = tf.tidy(() => tf.grad(penalised)(at(values)).dataSync());
    assertNear(gradient, slopes, 1e-3, `${cell.name}, gradient of the penalty`);
  }
});

test("what the fused ops do not know runs on TensorFlow's own, and is refused where the fused ones are asked for", () => {
  const sizes = { batch: 2, time: 3, features: 2, units: 2 };
  const numbers = drawLayer("lstm", sizes, false);
  const activation = (x: tf.Tensor) => tf.tanh(x);
  const run = runLayer("lstm", sizes, numbers, { activation });
  const named = runLayer("lstm", sizes, numbers, { activation: "tanh" });
  assertNear(run.outputs, named.outputs, 1e-5, "outputs");
  assert.throws(
    () => runLayer("lstm", sizes, numbers, { activation, implementation: "native" }),
    /^Error: Cannot run lstm natively: the fused ops /,
  );
});

test("native and TensorFlow's own ops are chosen by the same options", () => {
  const options: RecurrentOptions = { activation: "relu", returnSequences: true };
  const sizes = { batch: 3, time: 4, features: 2, units: 5 };
  const numbers = drawLayer("lstm", sizes, true);
  const runs = implementations.map((implementation) =>
    runLayer("lstm", sizes, numbers, { ...options, implementation }),
  );
  const chosen = runLayer("lstm", sizes, numbers, options);
  for (const run of runs) assertNear(chosen.outputs, run.outputs, 1e-5, "outputs");
});
