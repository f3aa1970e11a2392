// Runs a recurrent op and its gradient on plain numbers.
import assert from "node:assert/strict";
import {
  type CellName,
  cellTraits,
  type RecurrentOptions,
  type RecurrentResult,
} from "../../src/recurrent-ops/call.js";
import { gru, lstm, nativeOps, simpleRnn } from "../../src/recurrent-ops/index.js";
import * as tf from "../../src/tensorflow.js";
import type { Sizes } from "./plain-recursion.js";

const cellNames = Object.keys(cellTraits) as CellName[];

/** Both, or TensorFlow's own ops alone on a machine that has not built the fused ones. */
export const implementations = nativeOps().available
  ? (["native", "tensorflow"] as const)
  : (["tensorflow"] as const);

/** The cells that run on some ops. */
export const cellsOn = (implementation: "native" | "tensorflow"): CellName[] =>
  cellNames.filter((cell) => implementation === "tensorflow" || cellTraits[cell].isFused);

export const runCell: Readonly<
  Record<CellName, (tensors: Parameters<typeof lstm>[0], options: RecurrentOptions) => RecurrentResult>
> = {
  simpleRnn,
  lstm,
  gru: (tensors, options) => gru(tensors, { ...options, resetAfter: true }),
  gruResetBefore: (tensors, options) => gru(tensors, { ...options, resetAfter: false }),
};

type Numbers = ArrayLike<number>;

export interface LayerNumbers {
  readonly x: Numbers;
  readonly kernel: Numbers;
  readonly recurrentKernel: Numbers;
  readonly bias?: Numbers | undefined;
  readonly initialState?: readonly Numbers[] | undefined;
  readonly mask?: Numbers | undefined;
  /** Gradient of the loss by the outputs. */
  readonly dOutputs: Numbers;
  /** And by the final states. */
  readonly dStates: readonly Numbers[];
}

export interface LayerRun {
  readonly outputs: Float32Array;
  readonly states: Float32Array[];
  /** By x, kernel, recurrent kernel, bias and initial state: those that were given. */
  readonly gradients: Float32Array[];
}

const float = (values: Numbers, shape: number[]) => tf.tensor(Float32Array.from(values), shape);

/** Outputs, states and the gradients of sum(outputs × dOutputs) + sum(states × dStates). */
export function runLayer(
  cell: CellName,
  { batch, time, features, units }: Sizes,
  numbers: LayerNumbers,
  options: RecurrentOptions,
): LayerRun {
  const before = tf.memory().numTensors;
  const columns = cellTraits[cell].gates * units;
  const result = tf.tidy(() => {
    const state = [batch, units];
    const given = [
      float(numbers.x, [batch, time, features]),
      float(numbers.kernel, [features, columns]),
      float(numbers.recurrentKernel, [units, columns]),
      ...(numbers.bias ? [float(numbers.bias, cell === "gru" ? [2, columns] : [columns])] : []),
      ...(numbers.initialState ?? []).map((values) => float(values, state)),
    ];
    const mask = numbers.mask && tf.tensor2d(Uint8Array.from(numbers.mask), [batch, time], "bool");
    const run = (tensors: tf.Tensor[]) => {
      const [x, kernel, recurrentKernel, ...rest] = tensors;
      const bias = numbers.bias ? rest.shift() : undefined;
      const initialState = rest.length > 0 ? (rest as tf.Tensor2D[]) : undefined;
      return runCell[cell](
        {
          x: x as tf.Tensor3D,
          kernel: kernel as tf.Tensor2D,
          recurrentKernel: recurrentKernel as tf.Tensor2D,
          bias,
          initialState,
          mask,
        },
        { ...options, returnState: true },
      );
    };
    const plain = run(given);
    const gradients = tf.grads((...tensors: tf.Tensor[]) => {
      const { outputs, states } = run(tensors);
      const losses = [outputs, ...states].map((value, i) =>
        tf.sum(tf.mul(value, float(i === 0 ? numbers.dOutputs : numbers.dStates[i - 1]!, value.shape))),
      );
      return tf.addN(losses) as tf.Scalar;
    })(given);
    const values = (tensor: tf.Tensor) => tensor.dataSync() as Float32Array;
    return {
      outputs: values(plain.outputs),
      states: plain.states.map(values),
      gradients: gradients.map(values),
    };
  });
  assert.equal(tf.memory().numTensors, before, "no tensor is left");
  return result;
}

/** Every number within `tolerance` of the expected one, absolutely or in proportion to the greatest of them. */
export function assertNear(actual: Numbers, expected: Numbers, tolerance: number, message: string): void {
  assert.equal(actual.length, expected.length, message);
  const scale = Math.max(1, ...Array.from(expected, Math.abs));
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!);
    assert.ok(
      difference <= tolerance * scale,
      `${message}: number ${i} must be ${expected[i]}, got ${actual[i]}`,
    );
  }
}
