import type * as tf from "../../tensorflow.js";

/** A layer that may run others: TimeDistributed has one, Bidirectional two. */
export type Wrapper = tf.layers.Layer & {
  readonly layer?: tf.layers.Layer;
  readonly forwardLayer?: tf.layers.Layer;
  readonly backwardLayer?: tf.layers.Layer;
};

/**
 * Finds the layer that a wrapper runs.
 *
 * @param wrapper - any layer
 * @param field - the option of Keras's in which it is
 * @returns nothing where the option is none of these
 */
export function wrappedLayer(wrapper: Wrapper, field: string): tf.layers.Layer | undefined {
  if (field === "layer") return wrapper.forwardLayer ?? wrapper.layer;
  return field === "backward_layer" ? wrapper.backwardLayer : undefined;
}
