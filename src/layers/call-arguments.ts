import type * as tf from "../tensorflow.js";
import type { CallArguments } from "./stock.js";

type Inputs = Parameters<tf.layers.Layer["apply"]>[0];
type Outputs = ReturnType<tf.layers.Layer["apply"]>;

/** Layers that make a mask, whatever their input has. */
const makesMask: Readonly<Record<string, (config: tf.serialization.ConfigDict) => boolean>> = {
  Masking: () => true,
  Embedding: ({ maskZero }) => maskZero === true,
};

/**
 * Applies a recurrent layer with arguments of its own. tfjs runs a model with one object of arguments for all layers:
 * the mask of an earlier layer stays there when a layer between has ended it, and so does an initial state.
 *
 * @param layer a recurrent layer or a wrapper of one
 * @param apply its stock `apply`
 * @param inputs what it is applied to
 * @param given the arguments
 * @returns what `apply` returns
 */
export function applyApart(
  layer: tf.layers.Layer,
  apply: (inputs: Inputs, args: CallArguments) => Outputs,
  inputs: Inputs,
  given: CallArguments = {},
): Outputs {
  const args = { ...given };
  // Models hand over a list. A layer that is used by itself has no nodes, and its mask is meant for it.
  const inModel = Array.isArray(inputs) && layer.inboundNodes.length > 0;
  if (inModel && !layer.inboundNodes.some(({ inputTensors }) => mayBeMasked(inputTensors[0]))) {
    delete args.mask;
  }
  const outputs = apply(inputs, args);
  // A model keeps the arguments of a symbolic call to save them; the states are among the inputs, too.
  delete args.initialState;
  return outputs;
}

/** Whether a model's tensor comes from a mask: in a nested model its input may. */
function mayBeMasked(tensor: tf.SymbolicTensor | undefined): boolean {
  if (tensor === undefined) return false;
  const { sourceLayer } = tensor;
  const kind = sourceLayer.getClassName();
  if (kind === "InputLayer") return true;
  if (!sourceLayer.supportsMasking) return false;
  const config = sourceLayer.getConfig();
  if (makesMask[kind]) return makesMask[kind](config);
  return config.returnSequences !== false && tensor.inputs.some(mayBeMasked);
}
