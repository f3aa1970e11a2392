import type * as tf from "../../tensorflow.js";
import { isModel, kindOf } from "../../tfjs/model-graph.js";
import { sharedLayers } from "./keras-layers.js";
import { keepsMask, makesMask } from "./masks.js";
import { wrappedLayer } from "./wrapped-layer.js";

/*
 * Where the masks in a model come from, which Keras writes in other ways than TensorFlow.js.
 */

/** A mask: which steps of a tensor, or which of their features, differ from a value. */
interface MaskSource {
  readonly tensor: tf.SymbolicTensor;
  readonly value: number;
  readonly isOfFeatures: boolean;
}

/** The source of masks that are one; nothing if some differ or are missing. */
function commonSource(sources: readonly (MaskSource | undefined)[]): MaskSource | undefined {
  const [first] = sources;
  const isFirst = (each: MaskSource | undefined) =>
    each?.tensor === first?.tensor && each?.value === first?.value;
  return sources.every(isFirst) ? first : undefined;
}

/** Whether Keras concatenates masks beside a layer. */
export function joinsMasks(layer: tf.layers.Layer, inputs: readonly tf.SymbolicTensor[]): boolean {
  return (
    kindOf(layer) === "Concatenate" &&
    inputs.some((input) => maskSource(input) !== undefined || followsOthers(input))
  );
}

/** Whether a layer merges masks that are not one. */
export function mergesOthers(layer: tf.layers.Layer, inputs: readonly tf.SymbolicTensor[]): boolean {
  if (sharedLayers[kindOf(layer)]?.mask !== "merges") return false;
  const sources = inputs.map(maskSource);
  return (
    inputs.some((input, i) => sources[i] !== undefined || followsOthers(input)) && !commonSource(sources)
  );
}

/** Whether the mask of a tensor is merged from several, which need not be one. */
export function followsOthers(output: tf.SymbolicTensor | undefined): boolean {
  const layer = output?.sourceLayer;
  if (layer === undefined || isModel(layer) || makesMask(layer)) return false;
  const inputs = layer.inboundNodes[output?.nodeIndex ?? 0]?.inputTensors ?? [];
  return mergesOthers(layer, inputs) || (keepsMask(layer) && followsOthers(inputs[0]));
}

/** Where the mask of a tensor comes from: what is compared with which value, for each step or each feature of it. */
export function maskSource(output: tf.SymbolicTensor | undefined): MaskSource | undefined {
  const layer = output?.sourceLayer;
  const tensor = output?.sourceLayer.inboundNodes[output.nodeIndex]?.inputTensors[0];
  if (tensor === undefined || layer === undefined || isModel(layer)) return undefined;
  const [kind, config] = [kindOf(layer), layer.getConfig()];
  if (sharedLayers[kind]?.mask === "merges") {
    const inputs = layer.inboundNodes[output?.nodeIndex ?? 0]?.inputTensors ?? [];
    return commonSource(inputs.map(maskSource));
  }
  if (kind === "Embedding")
    return config.maskZero === true ? { tensor, value: 0, isOfFeatures: false } : undefined;
  if (kind === "Masking") return { tensor, value: Number(config.maskValue ?? 0), isOfFeatures: true };
  const keeps = kind === "InputLayer" ? false : keepsMask(layer);
  const both = kind === "Bidirectional" && wrappedLayer(layer, "layer")?.getConfig().returnSequences === true;
  return keeps || both ? maskSource(tensor) : undefined;
}
