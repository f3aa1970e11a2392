import { quoteShape } from "../arguments.js";
import * as tf from "../tensorflow.js";
import { runOp } from "../tfjs/backend.js";
import { lossName } from "./loss-name.js";

/** One output of a model for a batch. */
interface Output {
  readonly targets: tf.Tensor;
  readonly predictions: tf.Tensor;
  /** What the predictions' sigmoid or softmax was taken of */
  readonly logits: tf.Tensor | undefined;
  /** `[n]`, a number for each sample, or of the shape of the losses */
  readonly weights: tf.Tensor | undefined;
  /** Which of the losses count, where not all do: bool */
  readonly mask: tf.Tensor | undefined;
}

/** The mean of losses with the gradient by what they are computed of. */
interface Mean {
  readonly value: tf.Tensor;
  readonly slope: tf.Tensor;
}

/**
 * Gives the mean loss of one output over all numbers of a batch, as Keras has it: weighted losses are added up and
 * divided by how many there are, not by the sum of the weights; those that are masked do not count at all.
 *
 * @param model - a compiled model
 * @param index - which of its outputs
 * @param output - what that is for the batch
 * @returns the mean
 */
export function meanLoss(model: tf.LayersModel, index: number, output: Output): tf.Scalar {
  const { targets, predictions, logits, mask } = output;
  const weights = mask ? masked(mask, output.weights) : output.weights;
  const name = lossName(model, index);
  if (name === "meanSquaredError" && weights === undefined) {
    return withSlope(predictions, () => squaredError(targets, predictions));
  }
  if (logits) return withSlope(logits, () => crossEntropy(name, { ...output, weights }, logits));
  const losses = (model.lossFunctions[index] as tf.LayersModel["lossFunctions"][number])(
    targets,
    predictions,
  );
  if (mask && losses.rank > 0 && !startsWith(losses.shape, mask.shape)) {
    throw new RangeError(
      `Cannot fit: the mask of the output must have a number for each of its losses ${quoteShape(losses.shape)}, got shape ${quoteShape(mask.shape)}; give the loss of each step`,
    );
  }
  return tf.mean(weighted(losses, weights));
}

/** Weights of 0 where something is masked, and elsewhere such that the mean of all is that of what counts. */
function masked(mask: tf.Tensor, weights: tf.Tensor | undefined): tf.Tensor {
  const counts = tf.cast(mask, "float32");
  const all = tf.mul(counts, tf.divNoNan(mask.size, tf.sum(counts)));
  if (weights === undefined) return all;
  return weights.rank > all.rank ? weighted(weights, all) : weighted(all, weights);
}

/** Multiplies each sample's numbers by its weight. */
function weighted(values: tf.Tensor, weights: tf.Tensor | undefined): tf.Tensor {
  if (weights === undefined) return values;
  // A loss of one's own may be one number for the batch.
  if (values.rank > 0 && !startsWith(values.shape, weights.shape)) {
    throw new RangeError(
      `Cannot fit: sampleWeight must be a number for each sample or each of its losses ${quoteShape(values.shape)}, got shape ${quoteShape(weights.shape)}`,
    );
  }
  const column = [...weights.shape, ...Array(Math.max(0, values.rank - weights.rank)).fill(1)];
  return tf.mul(values, tf.reshape(weights, column));
}

const startsWith = (shape: readonly number[], first: readonly number[]): boolean =>
  tf.util.arraysEqual(shape.slice(0, first.length), [...first]);

/** Puts a mean with its gradient, computed in one go, on the tape: a third of the ops that tfjs would take. */
function withSlope(x: tf.Tensor, compute: () => Mean): tf.Scalar {
  return tf.customGrad((_, save) => {
    const { value, slope } = compute();
    (save as tf.GradSaveFunc)([slope]);
    return { value, gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => tf.mul(saved as tf.Tensor, dy) };
  })(x) as tf.Scalar;
}

function squaredError(targets: tf.Tensor, predictions: tf.Tensor): Mean {
  const error = tf.sub(predictions, targets);
  return { value: tf.mean(tf.square(error)), slope: tf.mul(error, 2 / error.size) };
}

function crossEntropy(
  name: unknown,
  { targets, predictions, weights }: Omit<Output, "mask">,
  logits: tf.Tensor,
): Mean {
  const [losses, slopes] =
    name === "binaryCrossentropy"
      ? [sigmoidCrossEntropy(targets, logits), tf.sub(predictions, targets)]
      : softmaxCrossEntropy(name === "sparseCategoricalCrossentropy", targets, logits);
  const value = tf.mean(weighted(losses, weights));
  return { value, slope: tf.div(weighted(slopes, weights), losses.size) };
}

/** max(x, 0) − x t + log(1 + exp(−|x|)), which neither overflows nor loses small numbers. */
function sigmoidCrossEntropy(targets: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  const rest = tf.log1p(tf.exp(tf.neg(tf.abs(logits))));
  return tf.add(tf.sub(tf.relu(logits), tf.mul(logits, targets)), rest);
}

/** TensorFlow's own op, which takes a matrix: the loss of each sample, or of each step, and its gradient by the logits. */
function softmaxCrossEntropy(
  isSparse: boolean,
  targets: tf.Tensor,
  logits: tf.Tensor,
): [losses: tf.Tensor, slopes: tf.Tensor] {
  const classes = logits.shape.at(-1) ?? 1;
  const rows = (tensor: tf.Tensor) => (tensor.rank === 2 ? tensor : tf.reshape(tensor, [-1, classes]));
  const op = isSparse ? "SparseSoftmaxCrossEntropyWithLogits" : "SoftmaxCrossEntropyWithLogits";
  const y = isSparse ? numbers(targets) : rows(targets);
  const [losses, slopes] = runOp(op, {}, [rows(logits), y], 2) as [tf.Tensor, tf.Tensor];
  if (logits.rank === 2) return [losses, slopes];
  return [tf.reshape(losses, logits.shape.slice(0, -1)), tf.reshape(slopes, logits.shape)];
}

function numbers(targets: tf.Tensor): tf.Tensor {
  return tf.cast(tf.reshape(targets, [targets.size]), "int32");
}
