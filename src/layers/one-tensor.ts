import type * as tf from "../tensorflow.js";

/**
 * What a layer of one input is called with.
 *
 * @param inputs - a tensor, or a list of one
 * @param layer - the layer's name, for the message
 * @returns the tensor
 * @throws {TypeError} when there is another number of tensors
 */
export function oneTensor(inputs: tf.Tensor | tf.Tensor[], layer: string): tf.Tensor {
  const [only, ...others] = [inputs].flat();
  if (only !== undefined && others.length === 0) return only;
  throw new TypeError(`Cannot apply ${layer}: it must have one input, got ${[inputs].flat().length}`);
}
