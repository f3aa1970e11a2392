import { callsOf, nodesByDepth } from "../model-graph.js";
import * as tf from "../tensorflow.js";

/** What tfjs does not show of a layer: how often it is used, by its calls and, if it is a model, by itself. */
interface Counted {
  _refCount: number | null;
}
interface CountedModel {
  _refCount: number;
  assertNotDisposed(): void;
}

/**
 * Takes a model's uses of its layers back, which frees the weights that nobody else uses. tfjs takes back one use of
 * each layer, however often the model calls it, and within a Sequential leaves the use that a nested model is of itself:
 * the weights of shared and nested layers would stay for ever.
 */
function dispose(this: tf.LayersModel): ReturnType<tf.LayersModel["dispose"]> {
  const counted = this as unknown as CountedModel;
  counted.assertNotDisposed();
  const result = { refCountAfterDispose: --counted._refCount, numDisposedVariables: 0 };
  if (result.refCountAfterDispose > 0) return result;
  const nodes = new Set<unknown>(nodesByDepth(this).flat());
  for (const layer of new Set(this.layers)) {
    const calls = callsOf(layer).filter((node) => nodes.has(node)).length;
    const uses = Math.max(1, calls) + (layer instanceof tf.LayersModel ? 1 : 0);
    for (let left = uses; left > 0 && (layer as unknown as Counted)._refCount !== 0; left--)
      result.numDisposedVariables += layer.dispose().numDisposedVariables;
  }
  return result;
}
// What all models are made of; tfjs does not export it. Models also dispose of their optimiser.
Object.assign(Object.getPrototypeOf(tf.LayersModel.prototype), { dispose });
