import {
  type CellName,
  cellTraits,
  type DropoutMasks,
  type FusableCall,
  type RecurrentCall,
  type RecurrentOptions,
  type RecurrentResult,
  type RecurrentTensors,
} from "./call.js";
import { checkCall } from "./check-call.js";
import { runFallback } from "./fallback.js";
import { runNative } from "./native.js";
import { nativeOps } from "./native-ops.js";
import { isDifferentiatedTwice } from "./second-gradients.js";

/**
 * Elman's network through time: h' = a(x·W + h·R + b).
 *
 * @param tensors - x, W (`kernel`), R (`recurrentKernel`), b (`bias`), and what else it computes with
 * @param options - how it computes
 * @returns outputs and, with `returnState`, [h]; differentiable, the caller disposes of them
 * @throws {RangeError} when a shape does not fit
 * @throws {TypeError} when a dtype does not
 * @throws {Error} when the implementation that is asked for is not there
 * @example
 * ```ts
 * import { tf } from "rnnlab";
 * import { simpleRnn } from "rnnlab/recurrent-ops";
 * const kernel = tf.ones<tf.Rank.R2>([1, 2]);
 * const { outputs } = simpleRnn({ x: tf.ones([1, 3, 1]), kernel, recurrentKernel: tf.zeros([2, 2]) });
 * console.log(outputs.shape); // [ 1, 2 ]
 * ```
 */
export function simpleRnn(tensors: RecurrentTensors, options: RecurrentOptions = {}): RecurrentResult {
  return recurrent("simpleRnn", tensors, options);
}

/**
 * Long short-term memory through time (Hochreiter and Schmidhuber, 1997; Gers et al., 2000), gates i, f, g, o:
 * i, f, o = s(x·W + h·R + b), g = a(x·W + h·R + b), c' = f c + i g, h' = o a(c').
 *
 * @param tensors - x, W (`kernel`), R (`recurrentKernel`), b (`bias`), and what else it computes with
 * @param options - how it computes
 * @returns outputs and, with `returnState`, [h, c]; differentiable, the caller disposes of them
 * @throws {RangeError} when a shape does not fit
 * @throws {TypeError} when a dtype does not
 * @throws {Error} when the implementation that is asked for is not there
 * @example
 * ```ts
 * import { tf } from "rnnlab";
 * import { lstm } from "rnnlab/recurrent-ops";
 * const kernel = tf.ones<tf.Rank.R2>([1, 8]);
 * const { states } = lstm(
 *   { x: tf.ones([1, 3, 1]), kernel, recurrentKernel: tf.zeros([2, 8]) },
 *   { returnState: true },
 * );
 * console.log(states.length); // 2
 * ```
 */
export function lstm(tensors: RecurrentTensors, options: RecurrentOptions = {}): RecurrentResult {
  return recurrent("lstm", tensors, options);
}

/**
 * Gated recurrent unit through time (Cho et al., 2014), gates z, r, c: z, r = s(x·W + h·R + b), h' = z h + (1 − z) c,
 * with c = a(x·W + b + r (h·R + b₂)) or, where `resetAfter` is false, c = a(x·W + b + (r h)·R).
 *
 * @param tensors - x, W (`kernel`), R (`recurrentKernel`), b and b₂ (`bias`), and what else it computes with
 * @param options - how it computes; `resetAfter` is true if missing, as in Keras
 * @returns outputs and, with `returnState`, [h]; differentiable, the caller disposes of them
 * @throws {RangeError} when a shape does not fit
 * @throws {TypeError} when a dtype does not
 * @throws {Error} when the implementation that is asked for is not there
 * @example
 * ```ts
 * import { tf } from "rnnlab";
 * import { gru } from "rnnlab/recurrent-ops";
 * const kernel = tf.ones<tf.Rank.R2>([1, 6]);
 * const { outputs } = gru(
 *   { x: tf.ones([1, 3, 1]), kernel, recurrentKernel: tf.zeros([2, 6]) },
 *   { returnSequences: true },
 * );
 * console.log(outputs.shape); // [ 1, 3, 2 ]
 * ```
 */
export function gru(
  tensors: RecurrentTensors,
  options: RecurrentOptions & { readonly resetAfter?: boolean } = {},
): RecurrentResult {
  const { resetAfter = true, ...rest } = options;
  return recurrent(resetAfter ? "gru" : "gruResetBefore", tensors, rest);
}

/** Runs a cell by its name; what the functions above do. */
export function recurrent(
  cell: CellName,
  tensors: RecurrentTensors,
  options: RecurrentOptions,
): RecurrentResult {
  const call = checkCall(cell, tensors, options);
  if (options.implementation === "tensorflow") return runFallback(call);
  const ops = nativeOps();
  if (ops.available && isFusable(call) && !isDifferentiatedTwice()) return runNative(call);
  if (options.implementation === "native") {
    const uncovered = cellTraits[cell].isFused
      ? "the fused ops know neither activation functions nor dropout masks nor gradients of gradients"
      : "the fused ops do not know this cell";
    throw new Error(`Cannot run ${cell} natively: ${ops.available ? uncovered : ops.reason}`);
  }
  return runFallback(call);
}

/**
 * Tells what the fused ops cannot do.
 *
 * @param cell - the cell
 * @param activations - of the candidate and of the gates
 * @param dropoutMasks - what it drops
 * @returns what keeps the cell from them, in words; undefined if nothing does
 */
export function obstacleOf(
  cell: CellName,
  { activation, recurrentActivation }: Pick<RecurrentOptions, "activation" | "recurrentActivation">,
  dropoutMasks: DropoutMasks | undefined,
): string | undefined {
  if (!cellTraits[cell].isFused) return `the cell ${cell}`;
  if (typeof activation === "function" || typeof recurrentActivation === "function")
    return "activations that have no fused op";
  return dropoutMasks === undefined ? undefined : "dropout";
}

function isFusable(call: RecurrentCall): call is FusableCall {
  return obstacleOf(call.cell, call.options, call.dropoutMasks) === undefined;
}
