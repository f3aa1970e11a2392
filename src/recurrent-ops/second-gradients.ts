import * as tf from "../tensorflow.js";
import { gradientDepth } from "../tfjs/tape.js";

/** Whether a gradient that is being computed will be differentiated itself: the one of the fused ops cannot be. */
export function isDifferentiatedTwice(): boolean {
  return gradientDepth() > 1;
}

/**
 * The hyperbolic tangent with a gradient that has a gradient. tfjs computes the gradient of its own from the output. Its
 * tape does not know where that came from, so a second gradient silently lacks this share.
 *
 * @param x - any shape
 * @returns tanh(x)
 */
export function tanh(x: tf.Tensor): tf.Tensor {
  const differentiable = tf.customGrad((input, save) => {
    (save as tf.GradSaveFunc)([input as tf.Tensor]);
    const gradFunc = (dy: tf.Tensor, [saved]: tf.Tensor[]) =>
      tf.mul(dy, tf.sub(1, tf.square(tanh(saved as tf.Tensor))));
    return { value: tf.tanh(input as tf.Tensor), gradFunc };
  });
  return differentiable(x);
}

/**
 * The logistic function, differentiable as {@link tanh} is.
 *
 * @param x - any shape
 * @returns 1 / (1 + exp(−x))
 */
export function sigmoid(x: tf.Tensor): tf.Tensor {
  return tf.mul(0.5, tf.add(1, tanh(tf.mul(0.5, x))));
}
