import type { MergingLayer } from "../../layers/merging.js";
import { isModel, kindOf, nodesByDepth } from "../../model-graph.js";
import type * as tf from "../../tensorflow.js";
import { sharedLayers } from "./keras-layers.js";
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

/**
 * Tells which outputs of a layer, or of a model that is one, have a mask.
 *
 * @param layer - a layer, or a built model
 * @param inputs - whether each of its inputs has one
 * @param refuse - throws for a layer that would count masked steps which Keras leaves out
 * @returns whether each output has one
 */
export function maskedOutputs(layer: tf.layers.Layer, inputs: readonly boolean[], refuse: Refuse): boolean[] {
  if (!isModel(layer)) {
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
    const found = maskedOutputs(outboundLayer, given, refuse);
    outputTensors.forEach(({ id }, i) => {
      masked.set(id, found[i] ?? false);
    });
  }
  return layer.outputs.map(({ id }) => masked.get(id) ?? false);
}
