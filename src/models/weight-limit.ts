import * as tf from "../tensorflow.js";

type AddWeight = (
  this: tf.layers.Layer,
  name: string,
  shape: number[],
  ...rest: unknown[]
) => tf.LayerVariable;

/**
 * Builds a model from a description that cannot be trusted: what has more weights than the file that it came with is
 * refused before it takes memory. The weights are zero.
 *
 * @param limit - greatest number of weights
 * @param refuse - makes the error for a number above it
 * @param build - makes the model, at once
 * @returns what `build` returns
 */
export function buildWithin<Result>(
  limit: number,
  refuse: (count: number) => Error,
  build: () => Result,
): Result {
  // The one method that all layers make their weights with, whoever calls their constructors.
  const prototype = tf.layers.Layer.prototype as unknown as { addWeight: AddWeight };
  const { addWeight } = prototype;
  const zeros = tf.initializers.zeros();
  const made: tf.LayerVariable[] = [];
  let count = 0;
  prototype.addWeight = function (name, shape, dtype, _initializer, ...rest) {
    count += shape.reduce((product, size) => product * size, 1);
    if (!(count <= limit)) throw refuse(count);
    const weight = addWeight.call(this, name, shape, dtype, zeros, ...rest);
    made.push(weight);
    return weight;
  };
  try {
    return build();
  } catch (error) {
    for (const weight of made)
      if (!(weight as unknown as { val: tf.Tensor }).val.isDisposed) weight.dispose();
    throw error;
  } finally {
    prototype.addWeight = addWeight;
  }
}
