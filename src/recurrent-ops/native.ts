import { engine } from "../engine.js";
import * as tf from "../tensorflow.js";
import { cells, type FusableCall, type RecurrentResult } from "./call.js";

/** What tfjs-node's backend offers besides tfjs's own interface. */
interface NodeBackend {
  readonly binding: {
    readonly TF_ATTR_STRING: number;
    readonly TF_ATTR_BOOL: number;
    readonly TF_ATTR_INT: number;
  };
  executeMultipleOutputs(name: string, attrs: Attribute[], inputs: tf.Tensor[], outputs: number): tf.Tensor[];
}

interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: string | number | boolean;
}

/**
 * Runs one of the fused ops.
 *
 * @param name - its name
 * @param attributes - its attributes
 * @param inputs - its inputs in order
 * @param outputs - how many outputs it has
 * @returns the outputs
 * @throws Error if the op refuses an argument
 */
export function executeOp(
  name: "RnnlabRecurrent" | "RnnlabRecurrentGrad",
  attributes: Readonly<Record<string, string | number | boolean>>,
  inputs: tf.Tensor[],
  outputs: number,
): tf.Tensor[] {
  const backend = tf.backend() as unknown as NodeBackend;
  const { TF_ATTR_STRING, TF_ATTR_BOOL, TF_ATTR_INT } = backend.binding;
  const types: Record<string, number> = {
    string: TF_ATTR_STRING,
    boolean: TF_ATTR_BOOL,
    number: TF_ATTR_INT,
  };
  const attrs = Object.entries(attributes).map(([key, value]) => ({
    name: key,
    type: types[typeof value] ?? TF_ATTR_INT,
    value,
  }));
  return backend.executeMultipleOutputs(name, attrs, inputs, outputs);
}

/**
 * Runs a recurrent layer as one op, with a gradient that is one op too.
 *
 * @param call - what to run
 * @returns outputs and states, through which gradients flow to x, the kernels, the bias and the initial state
 */
export function runNative(call: FusableCall): RecurrentResult {
  const { x, kernel, recurrentKernel, bias, mask, initialState = [], options } = call;
  const { states } = cells[call.cell];
  const { state } = engine();
  // What the gradient needs is written down only where there will be one.
  const training = state.gradientDepth > 0 && state.kernelDepth === 0;
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
  let wantsInput = true;
  // tf.customGrad allows one output only; this is what it calls itself.
  const [outputs, ...finalStates] = engine().runKernelFunc({
    inputs: { x, kernel, recurrentKernel, ...(bias ? { bias } : {}), ...named(initialState) },
    forwardFunc: (_, save) => {
      const results = executeOp(
        "RnnlabRecurrent",
        { ...attributes, training, given_states: initialState.length },
        [x, kernel, recurrentKernel, ...biases, ...initialState, ...masks],
        states + 2,
      );
      save([x, kernel, recurrentKernel, ...masks, ...results.slice(-1)]);
      return results.slice(0, options.returnState ? 1 + states : 1);
    },
    backwardsFunc: (dy, saved) => {
      const dys = Array.isArray(dy) ? dy : [dy];
      const [dX, dKernel, dRecurrentKernel, ...rest] = executeOp(
        "RnnlabRecurrentGrad",
        { ...attributes, given_states: dys.length - 1, input_gradient: wantsInput },
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
  const node = training ? state.activeTape?.at(-1) : undefined;
  if (node) {
    // The gradient of data takes as long as that of a kernel, and nobody asks for it.
    const { gradient } = node;
    node.gradient = function (dys) {
      wantsInput = "x" in this.inputs;
      return gradient.call(this, dys);
    };
  }
  return { outputs: outputs as tf.Tensor, states: finalStates as tf.Tensor2D[] };
}

function named(states: readonly tf.Tensor[]): Record<string, tf.Tensor> {
  return Object.fromEntries(states.map((state, i) => [`state${i}`, state]));
}
