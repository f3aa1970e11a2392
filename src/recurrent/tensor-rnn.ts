import * as tf from "../tensorflow.js";
import type { Matrix } from "./matrix.js";
import { identity, type Rnn } from "./rnn.js";

/** The weights of an {@link Rnn} as tensors, float32; variables where they are trained. */
export interface RnnTensors {
  /** `[d, p]` */
  readonly Whx: tf.Tensor2D;
  /** `[d, d]` */
  readonly Whh: tf.Tensor2D;
  /** `[d, 1]` */
  readonly bh: tf.Tensor2D;
  /** `[m, d]` */
  readonly Wyh: tf.Tensor2D;
  /** `[m, 1]` */
  readonly by: tf.Tensor2D;
}

/** Activations and initial state of {@link runRnn}. */
export interface RunRnnOptions {
  /** σ₁, a differentiable elementwise function of tensors; `tf.tanh` unless given */
  readonly sigma1?: (value: tf.Tensor2D) => tf.Tensor2D;
  /** σ₂, a differentiable elementwise function of tensors; the identity unless given */
  readonly sigma2?: (value: tf.Tensor2D) => tf.Tensor2D;
  /** h₀, `[d, 1]`; zeros unless given */
  readonly initialState?: tf.Tensor2D;
}

/**
 * The recursion of {@link Rnn} on tensors, step by step, so that TensorFlow differentiates it by everything it is made
 * of: `h_t = σ₁(W_hx x_t + W_hh h_{t−1} + b_h)`, `y_t = σ₂(W_yh h_t + b_y)`.
 *
 * @param weights - tensors, or what is computed from variables
 * @param inputs - float32 `[T, p]`
 * @param options - activations and initial state
 * @returns the outputs, float32 `[T, m]`, which the caller disposes of
 * @throws {Error} when the shapes do not fit, as TensorFlow says it
 * @example
 * ```ts
 * import { tf } from "rnnlab";
 * import { Rnn, rnnVariables, runRnn } from "rnnlab/recurrent";
 * const weights = rnnVariables(new Rnn(2, 3, 1));
 * const outputs = runRnn(weights, tf.tensor2d([[0.3, 0.1], [0.2, 0.4]]));
 * console.log(outputs.shape); // [ 2, 1 ]
 * ```
 */
export function runRnn(weights: RnnTensors, inputs: tf.Tensor2D, options: RunRnnOptions = {}): tf.Tensor2D {
  const { Whx, Whh, bh, Wyh, by } = weights;
  const { sigma1 = tf.tanh, sigma2 = identity } = options;
  return tf.tidy(() => {
    // What does not depend on the state is computed for all steps at once, one column a step.
    const fromInputs = Whx.matMul<tf.Tensor2D>(inputs, false, true).add<tf.Tensor2D>(bh);
    let h = options.initialState ?? tf.zeros<tf.Rank.R2>([Whh.shape[0], 1]);
    const states = tf.split(fromInputs, inputs.shape[0], 1).map((fromInput) => {
      h = sigma1(Whh.matMul<tf.Tensor2D>(h).add(fromInput));
      return h;
    });
    return sigma2(Wyh.matMul<tf.Tensor2D>(tf.concat(states, 1)).add(by)).transpose();
  });
}

/**
 * Copies the weights of a network into TensorFlow variables, for an optimizer to train with {@link runRnn}.
 *
 * @param rnn - the network
 * @returns float32 variables, which the caller disposes of with `tf.dispose`
 */
export function rnnVariables(rnn: Rnn): { readonly [Name in keyof RnnTensors]: tf.Variable<tf.Rank.R2> } {
  const toVariable = ({ values, shape }: Matrix): tf.Variable<tf.Rank.R2> =>
    tf.tidy(() => tf.variable(tf.tensor2d(Float32Array.from(values), shape)));
  const { Whx, Whh, bh, Wyh, by } = rnn;
  return {
    Whx: toVariable(Whx),
    Whh: toVariable(Whh),
    bh: toVariable(bh),
    Wyh: toVariable(Wyh),
    by: toVariable(by),
  };
}
