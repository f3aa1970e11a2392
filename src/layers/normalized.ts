import * as tf from "../tensorflow.js";

/** What the values of a tensor are normalised by, in shapes that go over all of them. */
export interface Moments {
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
  readonly epsilon: number;
}

/** What a layer has learned to scale and move normalised values by, as far as it has. */
export interface Scaling {
  readonly gamma: tf.LayerVariable | null | undefined;
  readonly beta: tf.LayerVariable | null | undefined;
}

/**
 * Normalises values, scales them, and moves them.
 *
 * @param x - the values
 * @param moments - their mean and variance, and what is added to the variance
 * @param scaling - the layer that has `gamma` and `beta`, or one of them, or none
 * @param shape - that of `gamma` and `beta` beside the values
 * @returns the values, in the shape of `x`
 */
export function normalized(x: tf.Tensor, moments: Moments, scaling: Scaling, shape: number[]): tf.Tensor {
  const { mean, variance, epsilon } = moments;
  const { gamma, beta } = scaling;
  const along = (weight: tf.LayerVariable) => tf.reshape(weight.read(), shape);
  const normal = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, epsilon)));
  const scaled = gamma ? tf.mul(normal, along(gamma)) : normal;
  return beta ? tf.add(scaled, along(beta)) : scaled;
}
