import * as tf from "../tensorflow.js";
import type { Clipping } from "./options.js";
import type { Step } from "./rule.js";

/**
 * Clips gradients as Keras does.
 *
 * @param gradients - of all variables
 * @param clipping - how
 * @returns the clipped gradients
 */
export function clipGradients(gradients: readonly tf.Tensor[], { by, limit }: Clipping): tf.Tensor[] {
  if (by === "none") return [...gradients];
  if (by === "value") return gradients.map((gradient) => tf.clipByValue(gradient, -limit, limit));
  const squares = gradients.map((gradient) => tf.sum(tf.square(gradient)));
  if (by === "norm") {
    return gradients.map((gradient, i) =>
      tf.div(tf.mul(gradient, limit), tf.maximum(tf.sqrt(squares[i] as tf.Tensor), limit)),
    );
  }
  const norm = tf.sqrt(tf.addN(squares));
  // The difference is zero, or not a number where the norm is infinite: a lost step shows.
  const scale = tf.add(tf.mul(limit, tf.minimum(tf.div(1, norm), 1 / limit)), tf.sub(norm, norm));
  return gradients.map((gradient) => tf.mul(gradient, scale));
}

/**
 * Takes a step for one variable with TensorFlow's own ops: the same numbers as the fused op to rounding.
 *
 * @param step - the formula and what it takes
 * @param variable - before the step
 * @param gradient - of its shape
 * @param slots - what the formula keeps, of its shape
 * @returns the variable, then the slots, after the step
 */
export function tensorflowStep(
  { rule, decay, coefficients }: Step,
  variable: tf.Tensor,
  gradient: tf.Tensor,
  slots: readonly tf.Tensor[],
): tf.Tensor[] {
  const c = (index: number) => coefficients[index] ?? Number.NaN;
  const slot = (index: number) => slots[index] as tf.Tensor;
  const mean = (index: number, of: tf.Tensor, share: number) =>
    tf.add(tf.mul(slot(index), c(share)), tf.mul(of, c(share + 1)));
  const start = decay === 1 ? variable : tf.mul(variable, decay);
  if (rule === "sgd") return [tf.sub(start, tf.mul(gradient, c(0)))];
  if (rule === "sgdMomentum") {
    const moment = mean(0, gradient, 0);
    return [tf.add(start, tf.add(tf.mul(moment, c(2)), tf.mul(gradient, c(3)))), moment];
  }
  if (rule === "adam") {
    const first = mean(0, gradient, 0);
    const second = mean(1, tf.square(gradient), 2);
    return [tf.sub(start, tf.div(tf.mul(first, c(4)), tf.add(tf.sqrt(second), c(5)))), first, second];
  }
  const squares = mean(0, tf.square(gradient), 0);
  const means = rule.includes("Centered") ? [mean(1, gradient, 0)] : [];
  const variance = means.reduce((sum, each) => tf.sub(sum, tf.square(each)), tf.add(squares, c(3)));
  const increment = tf.div(tf.mul(gradient, c(2)), tf.sqrt(variance));
  if (!rule.endsWith("Momentum")) return [tf.sub(start, increment), squares, ...means];
  const moment = tf.add(tf.mul(slot(slots.length - 1), c(4)), increment);
  return [tf.sub(start, moment), squares, ...means, moment];
}
