import * as tf from "../tensorflow.js";
import { drawn } from "../tfjs/recording.js";
import type { Seeds } from "./seeds.js";

/**
 * Draws what dropout multiplies by, anew at each step of a training: 0, or 1 / (1 − rate). The draws are those of
 * `tf.dropout()`.
 *
 * @param shape - of the mask
 * @param rate - the share of zeros, at least 0 and less than 1
 * @param seeds - for the draws
 * @returns the mask
 */
export function dropoutMask(shape: readonly number[], rate: number, seeds: Seeds): tf.Tensor {
  return drawn(() => tf.dropout(tf.ones([...shape]), rate, undefined, seeds.next()));
}
