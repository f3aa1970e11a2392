import * as tf from "../tensorflow.js";
import { hidden } from "../tfjs/hidden.js";
import { nodesByDepth } from "../tfjs/model-graph.js";
import { replaceMembers } from "../tfjs/patches.js";

/**
 * Takes a model's uses of its layers back, which frees the weights that nobody else uses. tfjs takes back one use of
 * each layer, however often the model calls it, and within a Sequential leaves the use that a nested model is of itself:
 * the weights of shared and nested layers would stay for ever.
 */
function dispose(this: tf.LayersModel): ReturnType<tf.LayersModel["dispose"]> {
  const counted = hidden("layer", this);
  counted.assertNotDisposed();
  const references = (counted._refCount ?? 0) - 1;
  counted._refCount = references;
  const result = { refCountAfterDispose: references, numDisposedVariables: 0 };
  if (result.refCountAfterDispose > 0) return result;
  const nodes = new Set<unknown>(nodesByDepth(this).flat());
  for (const layer of new Set(this.layers)) {
    const calls = layer.inboundNodes.filter((node) => nodes.has(node)).length;
    const uses = Math.max(1, calls) + (layer instanceof tf.LayersModel ? 1 : 0);
    for (let left = uses; left > 0 && hidden("layer", layer)._refCount !== 0; left--)
      result.numDisposedVariables += layer.dispose().numDisposedVariables;
  }
  return result;
}
// What all models are made of; tfjs does not export it. Models also dispose of their optimiser.
const container: tf.LayersModel = Object.getPrototypeOf(tf.LayersModel.prototype);
replaceMembers("tfjs's models", container, { dispose });
