import type * as tf from "../tensorflow.js";
import { isModel } from "../tfjs/model-graph.js";
import type { CallArguments } from "../tfjs/stock.js";
import { isExact } from "./run-model.js";

type Inputs = Parameters<tf.layers.Layer["apply"]>[0];
type Masks = tf.Tensor | (tf.Tensor | null | undefined)[] | null;
type Outputs = ReturnType<tf.layers.Layer["apply"]>;

/** Layers that make a mask, whatever their input has. */
const makesMask: Readonly<Record<string, (config: tf.serialization.ConfigDict) => boolean>> = {
  Masking: () => true,
  Embedding: ({ maskZero }) => maskZero === true,
};

/** The mask that a tensor was used with. */
const masks = new WeakMap<object, tf.Tensor>();

/** Whether a layer's inputs in its models may be masked, and how many nodes of models that is known for. */
const maskable = new WeakMap<tf.layers.Layer, { readonly nodes: number; readonly masked: boolean }>();

/**
 * Applies the layers of a class with arguments of their own. tfjs runs a model with one object of arguments for all
 * layers: the mask and the initial state of one layer would reach others there that they are not for.
 *
 * @param prototype - of a class of layers that use a mask or initial states
 */
export function keepArgumentsApart(prototype: tf.layers.Layer): void {
  const { apply, computeMask } = prototype;
  prototype.apply = function (inputs, args) {
    return applyApart(this, (x, own) => apply.call(this, x, own), inputs, args);
  };
  prototype.computeMask = function (inputs, mask) {
    return computeMask.call(this, inputs, maskOf(inputs, mask));
  };
}

function applyApart(
  layer: tf.layers.Layer,
  apply: (inputs: Inputs, args: CallArguments) => Outputs,
  inputs: Inputs,
  given: CallArguments = {},
): Outputs {
  const args = { ...given };
  const [x] = Array.isArray(inputs) ? inputs : [inputs];
  const mask = ownMask(layer, inputs, given);
  if (mask) args.mask = mask;
  else delete args.mask;
  if (x && args.mask) masks.set(x, args.mask);
  else if (x) masks.delete(x);
  const outputs = apply(inputs, args);
  // A model keeps the arguments of a symbolic call to save them; the states are among the inputs, too.
  delete args.initialState;
  return outputs;
}

/**
 * The mask of a layer's first input, which is taken out of the arguments where tfjs hands those from layer to layer.
 *
 * @param layer - that is applied
 * @param inputs - what it is applied to
 * @param args - what tfjs, or the user, calls it with
 * @returns the mask, if the input has one
 */
export function ownMask(layer: tf.layers.Layer, inputs: Inputs, args: CallArguments): tf.Tensor | undefined {
  const [x] = Array.isArray(inputs) ? inputs : [inputs];
  const mask: tf.Tensor | undefined = args.mask;
  // Models hand over a list. A layer that is used by itself has no nodes, and its mask is meant for it.
  if (!x || !Array.isArray(inputs) || layer.inboundNodes.length === 0 || isExact(args)) return mask;
  delete args.mask;
  const fits = mask && [0, 1].every((axis) => mask.shape[axis] === x.shape[axis]);
  return fits && isMaskable(layer) ? mask : undefined;
}

/** The mask of a layer's input. Within a nested model tfjs does not know it. */
function maskOf(inputs: tf.Tensor | tf.Tensor[], mask: Masks | undefined): tf.Tensor | undefined {
  const [x] = Array.isArray(inputs) ? inputs : [inputs];
  const [first] = Array.isArray(mask) ? mask : [mask];
  return first ?? (x && masks.get(x));
}

function isMaskable(layer: tf.layers.Layer): boolean {
  const nodes = layer.inboundNodes.length;
  const known = maskable.get(layer);
  if (known?.nodes === nodes) return known.masked;
  const masked = layer.inboundNodes.some(({ inputTensors }) => mayBeMasked(inputTensors[0]));
  maskable.set(layer, { nodes, masked });
  return masked;
}

/** Whether a model's tensor comes from a mask: in a nested model its input may. */
function mayBeMasked(tensor: tf.SymbolicTensor | undefined): boolean {
  if (tensor === undefined) return false;
  const { sourceLayer } = tensor;
  const kind = sourceLayer.getClassName();
  if (kind === "InputLayer" || isModel(sourceLayer)) return true;
  if (!sourceLayer.supportsMasking) return false;
  const config = sourceLayer.getConfig();
  if (makesMask[kind]) return makesMask[kind](config);
  return config.returnSequences !== false && tensor.inputs.some(mayBeMasked);
}
