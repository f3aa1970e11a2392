import * as tf from "../tensorflow.js";

/** The masks of a layer's inputs, as a model hands them over; null where there is none. */
export type Masks = readonly (tf.Tensor | null | undefined)[];

/** Far below any score, and far from overflow: what Keras takes for float32. */
const LEAST = -1e9;

/**
 * Which values each query may see.
 *
 * @param queries - how many
 * @param values - how many
 * @returns bool `[1, queries, values]`: those up to its own place
 */
export function causalMask(queries: number, values: number): tf.Tensor {
  return tf.tidy(() => {
    const rows = tf.reshape(tf.range(0, queries, 1, "int32"), [1, queries, 1]);
    const columns = tf.reshape(tf.range(0, values, 1, "int32"), [1, 1, values]);
    return tf.greaterEqual(rows, columns);
  });
}

/**
 * Keeps what all masks keep.
 *
 * @param masks - of shapes that fit each other; missing ones keep all
 * @returns bool, or nothing if all are missing
 */
export function allOf(...masks: Masks): tf.Tensor | undefined {
  const given = masks.filter((mask) => mask != null);
  return given
    .map((mask) => tf.cast(mask, "bool"))
    .reduce<tf.Tensor | undefined>(
      (both, mask) => (both === undefined ? mask : tf.logicalAnd(both, mask)),
      undefined,
    );
}

/**
 * Softmax over the last axis of what a mask keeps.
 *
 * @param scores - `[…, values]`
 * @param mask - of a shape that fits
 * @returns shares of the values; equal ones for all of them where the mask keeps none
 */
export function maskedSoftmax(scores: tf.Tensor, mask: tf.Tensor | undefined): tf.Tensor {
  return tf.softmax(mask ? tf.where(mask, scores, tf.fill(scores.shape, LEAST)) : scores);
}
