import type { MultiHeadAttention } from "../../layers/multi-head-attention.js";
import type * as tf from "../../tensorflow.js";
import { kindOf, type LayerNode, nodesByDepth } from "../../tfjs/model-graph.js";

/**
 * Makes sure that MultiHeadAttention computes in the newest Keras what it does here: one that comes from a file of a
 * Keras before 3.10 may treat masks otherwise.
 *
 * @param model - to be written
 * @param isMasked - whether a tensor of it has a mask
 * @param refuse - throws
 */
export function requireNewAttention(
  model: tf.LayersModel,
  isMasked: (tensor: tf.SymbolicTensor) => boolean,
  refuse: (rule: string) => never,
): void {
  const depths = nodesByDepth(model);
  const depthOf = (call: LayerNode) => depths.findIndex((calls) => calls.includes(call));
  for (const call of depths.flat()) {
    const layer = call.outboundLayer;
    if (kindOf(layer) !== "MultiHeadAttention") continue;
    const { takesMasksAway } = layer as MultiHeadAttention;
    const { allMasked, dropout } = layer.getConfig();
    const masked = call.inputTensors.slice(0, 3).filter(isMasked);
    if (
      allMasked === "mean" &&
      masked.length > 0 &&
      (Number(dropout) > 0 || call.callArgs?.returnAttentionScores)
    )
      refuse(
        `${layer.name} must not follow a mask, since the newest Keras gives zeros where all is masked and the layer, from an older file, the mean; got one that does`,
      );
    const isLater = (other: LayerNode) =>
      other !== call &&
      other.inputTensors.some((tensor) => masked.includes(tensor)) &&
      depthOf(other) <= depthOf(call);
    const later = takesMasksAway ? undefined : depths.flat().find(isLater);
    if (later)
      refuse(
        `${later.outboundLayer.name} must not follow a mask that ${layer.name} uses, too, since the newest Keras takes it away from what it runs later, got one that does`,
      );
  }
}
