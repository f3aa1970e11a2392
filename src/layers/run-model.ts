import type * as tf from "../tensorflow.js";
import { isModel, nodesByDepth } from "../tfjs/model-graph.js";
import type { CallArguments } from "../tfjs/stock.js";
import { cast } from "./run-recurrent.js";

/** A tensor within a model with its mask, if it has one. */
export interface Masked {
  readonly value: tf.Tensor;
  readonly mask?: tf.Tensor | undefined;
}

/** What a layer says of the masks of its inputs. */
interface MaskTaker extends tf.layers.Layer {
  /** Whether it is given a list of them all, and not that of its first input alone */
  readonly takesMasks?: boolean;
  /** Whether the layers after it find its inputs without masks */
  readonly takesMasksAway?: boolean;
}

/** Arguments whose mask is that of the layer's first input, and no other's. */
const exact = new WeakSet<object>();

/** Whether the mask among a layer's arguments is its own: where tfjs runs a model it may be that of another layer. */
export function isExact(args: object): boolean {
  return exact.has(args);
}

/**
 * Runs a model on tensors. Each layer gets the mask of its own input, and masks go into models that are layers and leave
 * them again, as in Keras: tfjs knows one mask at a time, and none of what a nested model has made. A layer that was
 * called with `training` for good runs so.
 *
 * @param model - a model
 * @param inputs - for each of its inputs a tensor
 * @param args - what the model is called with; without `training` tensors are disposed of when no layer needs them any more
 * @param ends - what to give back; the model's outputs if missing
 * @returns its outputs; call it within a tidy
 */
export function runModel(
  model: tf.LayersModel,
  inputs: readonly Masked[],
  args: CallArguments = {},
  ends: readonly tf.SymbolicTensor[] = model.outputs,
): Masked[] {
  const { mask: _, initialState: __, ...shared } = args;
  const nodes = [...nodesByDepth(model)].reverse().flat();
  const known = new Map<number, Masked>();
  const uses = new Map<number, number>();
  const keep = new Set<tf.Tensor>(inputs.map(({ value }) => value));
  for (const { inputTensors } of nodes) {
    for (const { id } of inputTensors) uses.set(id, (uses.get(id) ?? 0) + 1);
  }
  for (const { id } of ends) uses.set(id, Number.POSITIVE_INFINITY);
  model.inputs.forEach(({ id, dtype }, i) => {
    const { value, mask } = given(inputs[i]);
    known.set(id, { value: cast(value, dtype ?? value.dtype), mask });
  });
  for (const { outboundLayer: layer, inputTensors, outputTensors, callArgs } of nodes) {
    if (outputTensors.every(({ id }) => known.has(id))) continue;
    const found = inputTensors.map(({ id }) => given(known.get(id)));
    // What it was called with for good; masks and states are among the inputs.
    const { mask: _, initialState: __, training, ...told } = callArgs ?? {};
    const own = { ...shared, ...told, ...(typeof training === "boolean" ? { training } : {}) };
    const outputs = isModel(layer) ? runModel(layer, found, own) : callLayer(layer, found, own);
    outputTensors.forEach(({ id }, i) => {
      known.set(id, given(outputs[i]));
    });
    if ((layer as MaskTaker).takesMasksAway)
      for (const { id } of inputTensors) known.set(id, { value: given(known.get(id)).value });
    if (args.training) continue;
    for (const { id, sourceLayer } of inputTensors) {
      const left = (uses.get(id) ?? 0) - 1;
      uses.set(id, left);
      const { value } = given(known.get(id));
      // States of a stateful layer may be what it has put out.
      if (left === 0 && !keep.has(value) && !sourceLayer.stateful) value.dispose();
    }
  }
  return ends.map(({ id }) => {
    const { value, mask } = given(known.get(id));
    // What comes from an input must not be disposed of with it.
    return { value: keep.has(value) ? value.clone() : value, mask };
  });
}

function callLayer(layer: tf.layers.Layer, inputs: readonly Masked[], args: CallArguments): Masked[] {
  const values = inputs.map(({ value }) => value);
  const masks = inputs.map(({ mask }) => mask ?? null);
  if ((layer as MaskTaker).takesMasks) args.mask = masks;
  else if (masks[0] && args.withoutMask !== true) args.mask = masks[0];
  exact.add(args);
  const outputs = [layer.apply(values, args)].flat() as tf.Tensor[];
  const made = layer.supportsMasking ? [layer.computeMask(values, masks as tf.Tensor[])].flat() : [];
  // One mask is that of all outputs.
  return outputs.map((value, i) => ({ value, mask: (made.length > 1 ? made[i] : made[0]) ?? undefined }));
}

function given(tensor: Masked | undefined): Masked {
  if (tensor === undefined) throw new Error("Cannot run model: each layer must have its inputs, got none");
  return tensor;
}
