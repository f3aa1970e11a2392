import type { MergingLayer } from "../../layers/merging.js";
import { isModel, kindOf, nodesByDepth } from "../../model-graph.js";
import type * as tf from "../../tensorflow.js";
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

/** Whether what is merged has a mask. */
function mergesMasks(layer: tf.layers.Layer, inputs: readonly boolean[]): boolean {
  const isAny = (layer as MergingLayer).maskRule === "any" && kindOf(layer) !== "Concatenate";
  return isAny ? inputs.every(Boolean) : inputs.some(Boolean);
}

const usesMask = (layer: tf.layers.Layer): boolean =>
  isModel(layer) ||
  ["SimpleRNN", "LSTM", "GRU", "RNN", "Bidirectional", "ConvLSTM2D"].includes(kindOf(layer));

/** Keras 2 has masks go through TimeDistributed as tfjs and Keras 3 do not. */
function checkTimeDistributed(layer: tf.layers.Layer, isMasked: boolean, refuse: Refuse): void {
  const { layer: inner } = layer as unknown as { readonly layer: tf.layers.Layer };
  const help =
    "put a layer that ends the mask before it, or save the model again with Keras 3, which computes this otherwise";
  const refuseIt = ofLayer(refuse, kindOf(layer), layer.name);
  if (maskedOutputs(inner, [false], refuse).includes(true)) {
    refuseIt(`the layer inside must make no mask in files of Keras 2, got ${kindOf(inner)} with one`, {
      help,
    });
  }
  if (isMasked && usesMask(inner)) {
    refuseIt(`its input must have no mask in files of Keras 2 where ${kindOf(inner)} is inside, got one`, {
      help,
    });
  }
}

/**
 * Tells which outputs of a layer, or of a model that is one, have a mask.
 *
 * @param layer - a layer, or a built model
 * @param inputs - whether each of its inputs has one
 * @param refuse - throws for a layer that would count masked steps which Keras leaves out
 * @param version - of Keras
 * @returns whether each output has one
 */
export function maskedOutputs(
  layer: tf.layers.Layer,
  inputs: readonly boolean[],
  refuse: Refuse,
  version?: KerasVersion,
): boolean[] {
  if (!isModel(layer)) {
    if (version?.major === 2 && kindOf(layer) === "TimeDistributed") {
      checkTimeDistributed(layer, inputs[0] === true, refuse);
    }
    if (sharedLayers[kindOf(layer)]?.mask === "refuses" && inputs.includes(true)) {
      ofLayer(
        refuse,
        kindOf(layer),
        layer.name,
      )("it must not follow a mask, which Keras compares with the features, got one that does", {
        help: "put a layer that ends the mask before it, such as Reshape or Flatten, and save the model again",
      });
    }
    if (sharedLayers[kindOf(layer)]?.mask === "merges") return [mergesMasks(layer, inputs)];
    return [makesMask(layer) || (inputs[0] === true && keepsMask(layer))];
  }
  const masked = new Map(layer.inputs.map(({ id }, i) => [id, inputs[i] ?? false]));
  for (const { outboundLayer, inputTensors, outputTensors } of [...nodesByDepth(layer)].reverse().flat()) {
    // An input comes from a layer of its own, which takes it to be its input, too.
    if (outputTensors.every(({ id }) => masked.has(id))) continue;
    const given = inputTensors.map(({ id }) => masked.get(id) ?? false);
    const found = maskedOutputs(outboundLayer, given, refuse, version);
    outputTensors.forEach(({ id }, i) => {
      masked.set(id, found[i] ?? false);
    });
  }
  return layer.outputs.map(({ id }) => masked.get(id) ?? false);
}
