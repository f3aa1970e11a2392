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
 * @throws the error of `refuse` or of `build`; the weights made so far are disposed of
 */
export async function buildWithin<Result>(
  limit: number,
  refuse: (count: number) => Error,
  build: () => Result | Promise<Result>,
): Promise<Result> {
  // The one method that all layers make their weights with, whoever calls their constructors.
  const prototype = tf.layers.Layer.prototype as unknown as { addWeight: AddWeight };
  const { addWeight } = prototype;
  const zeros = tf.initializers.zeros();
  const made: tf.Tensor[] = [];
  let count = 0;
  prototype.addWeight = function (name, shape, dtype, _initializer, ...rest) {
    count += shape.reduce((product, size) => product * size, 1);
    if (!(count <= limit)) throw refuse(count);
    const weight = addWeight.call(this, name, shape, dtype, zeros, ...rest);
    made.push(weight.read());
    return weight;
  };
  try {
    let result: Result | Promise<Result>;
    try {
      result = build();
    } finally {
      // Before anyone else's layers get their turn.
      prototype.addWeight = addWeight;
    }
    return await result;
  } catch (error) {
    for (const weight of made) weight.dispose();
    throw error;
  }
}
