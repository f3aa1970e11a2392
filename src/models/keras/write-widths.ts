import { cellsOf } from "../../layers/recurrent-cells.js";
import type * as tf from "../../tensorflow.js";
import { isModel, kindOf } from "../../tfjs/model-graph.js";

type Wrapper = tf.layers.Layer & {
  readonly layer?: tf.layers.Layer;
  readonly forwardLayer?: tf.RNN;
  readonly backwardLayer?: tf.RNN;
  readonly mergeMode?: string | null;
};

/**
 * Makes sure that Keras builds the layers after each Bidirectional as wide as they are: it takes both directions to be as
 * wide as the first.
 *
 * @param layers - of a model
 * @param refuse - throws
 * @param isFollowed - whether other layers follow the model
 */
export function requireKnownWidths(
  layers: readonly tf.layers.Layer[],
  refuse: (rule: string) => never,
  isFollowed = false,
): void {
  for (const layer of layers) {
    const isUsed = isFollowed || layer.outboundNodes.length > 0;
    if (isModel(layer)) requireKnownWidths(layer.layers, refuse, isUsed);
    const { layer: inner, forwardLayer, backwardLayer, mergeMode } = layer as Wrapper;
    if (kindOf(layer) === "TimeDistributed" && inner) requireKnownWidths([inner], refuse, isUsed);
    if (!isUsed || !forwardLayer || !backwardLayer || mergeMode !== "concat") continue;
    const [ahead, back] = [forwardLayer, backwardLayer].map((each) => cellsOf(each).at(-1)?.units);
    if (ahead !== back)
      refuse(
        `Bidirectional ("${layer.name}"): both directions must have as many units where layers follow, since Keras builds these for twice the first, got ${ahead} and ${back}`,
      );
  }
}
