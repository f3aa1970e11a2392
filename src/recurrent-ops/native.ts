import * as tf from "../tensorflow.js";
import { runOp } from "../tfjs/backend.js";
import { differentiable } from "../tfjs/tape.js";
import { cellTraits, type FusableCall, type RecurrentResult } from "./call.js";

/**
 * Runs a recurrent layer as one op, with a gradient that is one op too.
 *
 * @param call - what to run
 * @returns outputs and states, through which gradients flow to x, the kernels, the bias and the initial state
 */
export function runNative(call: FusableCall): RecurrentResult {
  const { x, kernel, recurrentKernel, bias, mask, initialState = [], options } = call;
  const { states } = cellTraits[call.cell];
  const biases = bias ? [bias] : [];
  const masks = mask ? [mask] : [];
  const attributes = {
    cell: call.cell,
    activation: options.activation,
    recurrent_activation: options.recurrentActivation,
    go_backwards: options.goBackwards,
    return_sequences: options.returnSequences,
    biases: biases.length,
    masks: masks.length,
    states,
    ...(options.threads === undefined ? {} : { threads: options.threads }),
    ...(options.instructions === undefined ? {} : { instructions: options.instructions }),
  };
  const [outputs, ...finalStates] = differentiable({
    name: "RnnlabRecurrent",
    inputs: { x, kernel, recurrentKernel, ...(bias ? { bias } : {}), ...named(initialState) },
    // What the gradient needs is written down only where there will be one.
    forward: (training) => {
      const results = runOp(
        "RnnlabRecurrent",
        { ...attributes, training, given_states: initialState.length },
        [x, kernel, recurrentKernel, ...biases, ...initialState, ...masks],
        states + 2,
      );
      const cache = results.slice(-1);
      return {
        outputs: results.slice(0, options.returnState ? 1 + states : 1),
        saved: [x, kernel, recurrentKernel, ...masks, ...cache],
      };
    },
    backward: (dys, saved, wanted) => {
      const [dX, dKernel, dRecurrentKernel, ...rest] = runOp(
        "RnnlabRecurrentGrad",
        // The gradient of data takes as long as that of a kernel, and nobody asks for it.
        { ...attributes, given_states: dys.length - 1, input_gradient: wanted.has("x") },
        [...saved, ...dys],
        3 + states + biases.length,
      );
      const dInitial = rest.slice(0, states);
      if (initialState.length === 0) tf.dispose(dInitial);
      return {
        x: () => dX,
        kernel: () => dKernel,
        recurrentKernel: () => dRecurrentKernel,
        bias: () => rest[states],
        ...Object.fromEntries(Object.entries(named(dInitial)).map(([name, state]) => [name, () => state])),
      };
    },
  });
  return { outputs: outputs as tf.Tensor, states: finalStates as tf.Tensor2D[] };
}

function named(states: readonly tf.Tensor[]): Record<string, tf.Tensor> {
  return Object.fromEntries(states.map((state, i) => [`state${i}`, state]));
}
