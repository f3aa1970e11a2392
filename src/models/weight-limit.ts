import * as tf from "../tensorflow.js";
import { hidden } from "../tfjs/hidden.js";
import { replaceMembers } from "../tfjs/patches.js";

/**
 * Builds a model from a description that cannot be trusted: what has more weights than the file that it came with is
 * refused before it takes memory. The weights are zero.
 *
 * @param limit - greatest number of weights
 * @param refuse - makes the error for a number above it
 * @param build - makes the model, at once
 * @returns what `build` returns
 * @throws {Error} when `refuse` or `build` does; the weights made so far are disposed of
 */
export async function buildWithin<Result>(
  limit: number,
  refuse: (count: number) => Error,
  build: () => Result | Promise<Result>,
): Promise<Result> {
  // The one method that all layers make their weights with, whoever calls their constructors.
  const prototype = hidden("layer", tf.layers.Layer.prototype);
  const { addWeight } = prototype;
  const zeros = tf.initializers.zeros();
  const made: tf.Tensor[] = [];
  let count = 0;
  replaceMembers("tfjs's layers", prototype, {
    addWeight(name, shape, dtype, _initializer, ...rest) {
      count += shape.reduce<number>((product, size) => product * (size ?? 1), 1);
      if (!(count <= limit)) throw refuse(count);
      const weight = addWeight.call(this, name, shape, dtype, zeros, ...rest);
      made.push(weight.read());
      return weight;
    },
  });
  try {
    let result: Result | Promise<Result>;
    try {
      result = build();
    } finally {
      // Before anyone else's layers get their turn.
      replaceMembers("tfjs's layers", prototype, { addWeight });
    }
    return await result;
  } catch (error) {
    for (const weight of made) weight.dispose();
    throw error;
  }
}
