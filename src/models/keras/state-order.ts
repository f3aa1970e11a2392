import { cellsOf } from "../../layers/recurrent-cells.js";
import * as tf from "../../tensorflow.js";
import { kindOf } from "../../tfjs/model-graph.js";
import type { KerasVersion } from "./keras-values.js";
import type { Refuse } from "./refusal.js";

/**
 * Makes sure that the states of several cells are in the order of the cells: before Keras 2.2.4 the last cell's came
 * first.
 *
 * @param layer - that is called
 * @param isGivenStates - whether the call has initial states
 * @param version - of the Keras that wrote the file
 * @param refuse - throws, and names the layer
 */
export function requireStateOrder(
  layer: tf.layers.Layer,
  isGivenStates: boolean,
  { major, minor, patch }: KerasVersion,
  refuse: Refuse,
): void {
  if (major !== 2 || minor > 2 || (minor === 2 && patch >= 4)) return;
  const { forwardLayer = layer } = layer as { forwardLayer?: tf.layers.Layer };
  if (!(forwardLayer instanceof tf.RNN) || kindOf(forwardLayer) !== "RNN") return;
  if (cellsOf(forwardLayer).length > 1 && (forwardLayer.returnState || isGivenStates))
    refuse(
      "several cells must neither be given states nor put them out, which Keras before 2.2.4 has in the order from the last cell to the first, got such states",
      {
        help: "load the model with Keras 2.2.4 or later in Python, see that it is right there, and save it again",
      },
    );
}
