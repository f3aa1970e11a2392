import type { MergingLayer } from "../../layers/merging.js";
import * as tf from "../../tensorflow.js";
import { isModel, kindOf, nodesByDepth } from "../../tfjs/model-graph.js";
import type { StockBidirectional } from "../../tfjs/stock.js";
import { sharedLayers } from "./keras-layers.js";
import type { KerasVersion } from "./keras-values.js";
import { ofLayer, type Refuse } from "./refusal.js";

/** Whether a layer gives its output a mask, whatever its input has. */
export function makesMask(layer: tf.layers.Layer): boolean {
  const kind = kindOf(layer);
  return kind === "Masking" || (kind === "Embedding" && layer.getConfig().maskZero === true);
}

/** Whether a layer's first output has the mask of its input. */
export function keepsMask(layer: tf.layers.Layer): boolean {
  const { returnSequences } = layer as Partial<tf.RNN>;
  return (sharedLayers[kindOf(layer)]?.mask === "keeps" && layer.supportsMasking) || returnSequences === true;
}

/** A tensor as far as masks are concerned. */
export interface Maskable {
  /** How many axes it has */
  readonly axes: number;
  /** How many axes its mask has; 0 without a mask */
  readonly maskAxes: number;
}

const isMasked = ({ maskAxes }: Maskable): boolean => maskAxes > 0;

/** How many axes a mask must have where the layer uses it; nothing for a layer that uses none. */
function usedAxes(layer: tf.layers.Layer, inputs: readonly Maskable[]): number | undefined {
  const kind = kindOf(layer);
  const ofSteps = ["Bidirectional", "GlobalAveragePooling1D", "Attention", "AdditiveAttention"];
  if (layer instanceof tf.RNN || [...ofSteps, "MultiHeadAttention"].includes(kind)) return 2;
  // Each comes with the numbers of its place.
  const ofPlaces = ["BatchNormalization", "Concatenate", "Multiply", "Maximum", "Minimum"];
  if (ofPlaces.includes(kind)) return (inputs[0]?.axes ?? 0) - 1;
  return sharedLayers[kind]?.mask === "merges" ? inputs.find(isMasked)?.maskAxes : undefined;
}

/** A step of steps, as after TimeDistributed(Flatten()), has several values in a mask: Keras fails, or takes them for those of units. */
function requireAxes(layer: tf.layers.Layer, inputs: readonly Maskable[], refuse: Refuse): void {
  const axes = usedAxes(layer, inputs);
  const other = inputs.find((input) => isMasked(input) && input.maskAxes !== axes);
  if (axes === undefined || other === undefined) return;
  ofLayer(
    refuse,
    kindOf(layer),
    layer.name,
  )(`the mask of an input must have ${axes} axes, got ${other.maskAxes}`, {
    help: "put a layer that ends the mask before it, such as Reshape or Flatten, and save the model again",
  });
}

/** How many axes the mask of what is merged has. */
function mergedAxes(layer: tf.layers.Layer, inputs: readonly Maskable[]): number {
  const isAny = (layer as MergingLayer).maskRule === "any" && kindOf(layer) !== "Concatenate";
  if (isAny ? !inputs.every(isMasked) : !inputs.some(isMasked)) return 0;
  return Math.max(...inputs.map(({ maskAxes }) => maskAxes));
}

/** How many axes the mask that a layer puts out has. */
function putOutAxes(layer: tf.layers.Layer, inputs: readonly Maskable[]): number {
  if (sharedLayers[kindOf(layer)]?.mask === "merges") return mergedAxes(layer, inputs);
  const [{ axes, maskAxes } = { axes: 0, maskAxes: 0 }] = inputs;
  if (makesMask(layer)) return kindOf(layer) === "Masking" ? axes - 1 : axes;
  return keepsMask(layer) ? maskAxes : 0;
}

const usesMask = (layer: tf.layers.Layer): boolean =>
  isModel(layer) || layer instanceof tf.RNN || kindOf(layer) === "Bidirectional";

/** Keras 2 has masks go through TimeDistributed as tfjs and Keras 3 do not. */
function checkTimeDistributed(inner: tf.layers.Layer, input: Maskable, refuseIt: Refuse): void {
  const help =
    "put a layer that ends the mask before it, or save the model again with Keras 3, which computes this otherwise";
  const step = { axes: input.axes - 1, maskAxes: 0 };
  if (maskedOutputs(inner, [step], refuseIt).some((maskAxes) => maskAxes > 0)) {
    refuseIt(`the layer inside must make no mask in files of Keras 2, got ${kindOf(inner)} with one`, {
      help,
    });
  }
  if (isMasked(input) && usesMask(inner)) {
    refuseIt(`its input must have no mask in files of Keras 2 where ${kindOf(inner)} is inside, got one`, {
      help,
    });
  }
}

/** Where Keras unrolls a layer that reads back, it counts from the wrong end which steps are masked and put out zeros. */
function requireKnownZeros(layer: tf.layers.Layer, refuseIt: Refuse): void {
  const { forwardLayer, backwardLayer } = layer as Partial<StockBidirectional>;
  const isBoth = kindOf(layer) === "Bidirectional";
  for (const each of isBoth ? [forwardLayer, backwardLayer] : [layer]) {
    if (!(each instanceof tf.RNN)) continue;
    const { unroll, goBackwards, returnSequences, zeroOutputForMask } = each.getConfig();
    // Keras's Bidirectional has them put out zeros without being asked.
    if (unroll && goBackwards && returnSequences && (isBoth || zeroOutputForMask))
      refuseIt("unroll must be false where masked steps are read back and put out zeros, got true", {
        help: "build the layer in Python with unroll=False, give the model the weights with set_weights(), and save it again",
      });
  }
}

/**
 * Tells which outputs of a layer, or of a model that is one, have a mask, and how many axes that has.
 *
 * @param layer - a layer, or a built model
 * @param inputs - what its inputs have
 * @param refuse - throws for a layer that would count masked steps which Keras leaves out
 * @param version - of Keras
 * @returns for each output the axes of its mask; 0 without one
 */
export function maskedOutputs(
  layer: tf.layers.Layer,
  inputs: readonly Maskable[],
  refuse: Refuse,
  version?: KerasVersion,
): number[] {
  return isModel(layer)
    ? outputsOfModel(layer, inputs, refuse, version)
    : [outputOfLayer(layer, inputs, refuse, version)];
}

function outputOfLayer(
  layer: tf.layers.Layer,
  inputs: readonly Maskable[],
  refuse: Refuse,
  version: KerasVersion | undefined,
): number {
  const kind = kindOf(layer);
  const refuseIt = ofLayer(refuse, kind, layer.name);
  const [first = { axes: 0, maskAxes: 0 }] = inputs;
  if (kind === "TimeDistributed") {
    const { layer: inner } = layer as typeof layer & { readonly layer: tf.layers.Layer };
    if (version?.major === 2) checkTimeDistributed(inner, first, refuseIt);
    // Each step has its part of a mask that says more than which steps count.
    const part = { axes: first.axes - 1, maskAxes: first.maskAxes > 2 ? first.maskAxes - 1 : 0 };
    maskedOutputs(inner, [part], refuse, version);
  }
  // In Keras 2 masked steps have no part in the mean of a group, where their shapes allow it at all.
  const isOtherwise = version?.major === 2 && kind === "GroupNormalization";
  if ((sharedLayers[kind]?.mask === "refuses" || isOtherwise) && inputs.some(isMasked)) {
    refuseIt("it must not follow a mask, which Keras takes for one of features, got one that does", {
      help: "put a layer that ends the mask before it, such as Reshape or Flatten, and save the model again",
    });
  }
  requireAxes(layer, inputs, refuse);
  if (inputs.some(isMasked)) requireKnownZeros(layer, refuseIt);
  return putOutAxes(layer, inputs);
}

function outputsOfModel(
  model: tf.LayersModel,
  inputs: readonly Maskable[],
  refuse: Refuse,
  version: KerasVersion | undefined,
): number[] {
  const known = new Map(model.inputs.map(({ id }, i) => [id, inputs[i]?.maskAxes ?? 0]));
  for (const { outboundLayer, inputTensors, outputTensors } of [...nodesByDepth(model)].reverse().flat()) {
    // An input comes from a layer of its own, which takes it to be its input, too.
    if (outputTensors.every(({ id }) => known.has(id))) continue;
    const given = inputTensors.map(({ id, shape }) => ({
      axes: shape.length,
      maskAxes: known.get(id) ?? 0,
    }));
    const found = maskedOutputs(outboundLayer, given, refuse, version);
    outputTensors.forEach(({ id }, i) => {
      known.set(id, found[i] ?? 0);
    });
  }
  return model.outputs.map(({ id }) => known.get(id) ?? 0);
}
