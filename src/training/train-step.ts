import * as tf from "../tensorflow.js";
import { forward, type Predictions } from "./forward.js";
import { meanLoss } from "./loss.js";
import { type ModelParts, modelParts } from "./model-parts.js";

/** What one step is taken on; the tensors stay the caller's. */
export interface Batch {
  /** One for each input of the model */
  readonly inputs: readonly tf.Tensor[];
  /** One for each output of the model */
  readonly targets: readonly tf.Tensor[];
  /** A weight for each sample, or for each loss, of all outputs */
  readonly weights?: tf.Tensor | undefined;
}

/**
 * Takes one step down the gradient of a model's loss.
 *
 * @param model - a compiled model
 * @param batch - the samples
 * @returns the loss before the step, then the metrics, as the model's metric names have them
 */
export function trainStep(model: tf.LayersModel, batch: Batch): number[] {
  const parts = modelParts(model);
  const variables = parts.collectedTrainableWeights.map((weight) => weight.read());
  let kept: tf.Tensor[] = [];
  let predictions: readonly tf.Tensor[] = [];
  try {
    const { value, grads } = parts.optimizer_.computeGradients(() => {
      const { values, logits } = forward(parts, batch.inputs, true);
      predictions = values;
      // Metrics need the predictions, but no tape.
      kept = [...logits, ...(parts.metricsTensors.length > 0 ? values.map(tf.keep) : [])].filter(isThere);
      return totalLoss(parts, batch, { values, logits });
    }, variables);
    kept.push(value, ...Object.values(grads).filter(isThere));
    const gradients = variables.map(({ name }) => ({ name, tensor: grads[name] as tf.Tensor }));
    parts.optimizer_.applyGradients(gradients);
    // TensorFlow has computed it already on the processor: to read a number takes less time than any op on it.
    return [value.dataSync()[0] ?? Number.NaN, ...metricsOf(parts, batch, predictions)];
  } finally {
    tf.dispose(kept);
  }
}

const isThere = (tensor: tf.Tensor | null | undefined): tensor is tf.Tensor =>
  tensor !== undefined && tensor !== null;

/**
 * Computes loss and metrics of a batch without training.
 *
 * @param model - a compiled model
 * @param batch - the samples
 * @returns the loss, penalties of regularisers included as in Keras, then the metrics
 */
export function testStep(model: tf.LayersModel, batch: Batch): number[] {
  return tf.tidy(() => {
    const parts = modelParts(model);
    const predictions = forward(parts, batch.inputs, false);
    try {
      const loss = totalLoss(parts, batch, predictions);
      return [loss.dataSync()[0] ?? Number.NaN, ...metricsOf(parts, batch, predictions.values)];
    } finally {
      tf.dispose(predictions.logits.filter(isThere));
    }
  });
}

function totalLoss(
  parts: ModelParts,
  { targets, weights }: Batch,
  { values, logits }: Predictions,
): tf.Scalar {
  const losses = values.map((predictions, i) =>
    meanLoss(parts, i, { targets: targets[i] as tf.Tensor, predictions, logits: logits[i], weights }),
  );
  return [...losses, ...parts.calculateLosses()].reduce((sum, each) => tf.add(sum, each));
}

function metricsOf(
  { metricsTensors }: ModelParts,
  { targets }: Batch,
  predictions: readonly tf.Tensor[],
): number[] {
  if (metricsTensors.length === 0) return [];
  return tf.tidy(() =>
    metricsTensors.map(([metric, output]) => {
      const values = metric(targets[output] as tf.Tensor, predictions[output] as tf.Tensor);
      return (values.size === 1 ? values : tf.mean(values)).dataSync()[0] ?? Number.NaN;
    }),
  );
}
