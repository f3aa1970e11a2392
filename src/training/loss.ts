import * as tf from "../tensorflow.js";
import type { ModelParts } from "./model-parts.js";

type Loss = (targets: tf.Tensor, predictions: tf.Tensor) => tf.Scalar;

/**
 * Gives the mean loss of one output over all numbers of a batch, as Keras has it: weighted losses are added up and
 * divided by how many there are, not by the sum of the weights.
 *
 * @param parts - of the model
 * @param output - which of its outputs
 * @param targets - of that output
 * @param predictions - of that output
 * @param weights - `[n]`, a number for each sample, or for each loss
 * @returns the mean
 */
export function meanLoss(
  { loss, lossFunctions }: ModelParts,
  output: number,
  targets: tf.Tensor,
  predictions: tf.Tensor,
  weights: tf.Tensor | undefined,
): tf.Scalar {
  const direct = weights === undefined && typeof loss === "string" ? directLosses[loss] : undefined;
  if (direct !== undefined) return direct(targets, predictions);
  const losses = (lossFunctions[output] as ModelParts["lossFunctions"][number])(targets, predictions);
  if (weights === undefined) return tf.mean(losses);
  const column = [...weights.shape, ...Array(Math.max(0, losses.rank - weights.rank)).fill(1)];
  return tf.mean(tf.mul(losses, tf.reshape(weights, column)));
}

/** Losses whose gradient is written out: the same numbers as tfjs's, in a third of the ops. */
const directLosses: Readonly<Record<string, Loss>> = { meanSquaredError, binaryCrossentropy };

function meanSquaredError(targets: tf.Tensor, predictions: tf.Tensor): tf.Scalar {
  return tf.customGrad((prediction, save) => {
    const error = tf.sub(prediction as tf.Tensor, targets);
    (save as tf.GradSaveFunc)([error]);
    return {
      value: tf.mean(tf.square(error)) as tf.Scalar,
      gradFunc: (dy, [saved]) => tf.mul(saved as tf.Tensor, tf.mul(dy, 2 / predictions.size)),
    };
  })(predictions) as tf.Scalar;
}

function binaryCrossentropy(targets: tf.Tensor, predictions: tf.Tensor): tf.Scalar {
  const epsilon = tf.backend().epsilon();
  return tf.customGrad((prediction, save) => {
    (save as tf.GradSaveFunc)([prediction as tf.Tensor]);
    const p = tf.clipByValue(prediction as tf.Tensor, epsilon, 1 - epsilon);
    const logits = tf.log(tf.div(p, tf.sub(1, p)));
    // max(x, 0) − x t + log(1 + exp(−|x|)) neither overflows nor loses small numbers.
    const rest = tf.log1p(tf.exp(tf.neg(tf.abs(logits))));
    const losses = tf.add(tf.sub(tf.relu(logits), tf.mul(logits, targets)), rest);
    return {
      value: tf.mean(losses) as tf.Scalar,
      gradFunc: (dy, [saved]) => {
        const [q, unclipped] = clipped(saved as tf.Tensor, epsilon);
        const slope = tf.div(tf.sub(q, targets), tf.mul(q, tf.sub(1, q)));
        return tf.mul(tf.mul(slope, unclipped), tf.div(dy, predictions.size));
      },
    };
  })(predictions) as tf.Scalar;
}

/** A clipped probability, and 1 where clipping has changed nothing, 0 elsewhere: the slope of clipping. */
function clipped(probability: tf.Tensor, epsilon: number): [tf.Tensor, tf.Tensor] {
  const p = tf.clipByValue(probability, epsilon, 1 - epsilon);
  return [p, tf.cast(tf.equal(p, probability), "float32")];
}
