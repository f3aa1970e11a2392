import { dropActivity, testActivity } from "../layers/activity-penalty.js";
import * as tf from "../tensorflow.js";
import { trainedVariables } from "../tfjs/compiled-model.js";
import { isModel } from "../tfjs/model-graph.js";
import { dropTape } from "../tfjs/tape.js";
import { forward, type Predictions } from "./forward.js";
import { meanLoss } from "./loss.js";

/** What a step is taken on, or several steps; the tensors stay the caller's. */
export interface Batch {
  /** For how many steps it has samples, those of each step below those before; 1 unless given */
  readonly steps?: number;
  /** One for each input of the model */
  readonly inputs: readonly tf.Tensor[];
  /** One for each output of the model */
  readonly targets: readonly tf.Tensor[];
  /** A weight for each sample, or for each loss, of all outputs */
  readonly weights?: tf.Tensor | undefined;
}

/** A loss or a metric of a batch. */
export type Measure = {
  readonly value: number;
  /** How much it counts in the mean of several batches: as many samples, or numbers that are not masked */
  readonly count: number;
};

/** A step that was taken, or a test. */
export interface Taken {
  /** Before the step; of several steps one below the other */
  readonly loss: tf.Tensor;
  /** The values of a step are there only if the model has metrics */
  readonly predictions: Pick<Predictions, "values" | "masks">;
  /** What each metric makes of them, where the step has done that, too: then the values are not there */
  readonly numbers?: readonly MetricNumbers[] | undefined;
  /** Releases all */
  dispose(): void;
}

/** The numbers of a metric. */
export interface MetricNumbers {
  /** Of several steps one below the other */
  readonly values: tf.Tensor;
  /** The shape of one step's */
  readonly shape: readonly number[];
}

/**
 * Takes one step down the gradient of a model's loss, op by op.
 *
 * @param model - a compiled model, not a sequential one but the one inside
 * @param batch - the samples
 * @returns what is measured of it
 */
export function takeStep(model: tf.LayersModel, batch: Batch): Taken {
  const { optimizer } = model;
  const variables = trainedVariables(model);
  let predictions: Predictions | undefined;
  let kept: tf.Tensor[] = [];
  let gradients: tf.Tensor[] = [];
  const dispose = () => {
    tf.dispose(kept);
    predictions?.dispose();
    dropActivity();
  };
  try {
    const { value, grads } = optimizer.computeGradients(() => {
      predictions = forward(model, batch.inputs, true);
      // Metrics need the predictions, but no tape.
      if (model.metricsTensors.length > 0) kept = predictions.values.map((each) => tf.keep(each));
      return totalLoss(model, batch, predictions);
    }, variables);
    kept.push(value);
    gradients = Object.values(grads).filter((gradient) => gradient != null);
    optimizer.applyGradients(variables.map(({ name }) => ({ name, tensor: grads[name] as tf.Tensor })));
    // Computed by computeGradients() in any case, which the compiler cannot know.
    return { loss: value, predictions: predictions as Predictions | undefined as Predictions, dispose };
  } catch (error) {
    dropTape();
    dispose();
    throw error;
  } finally {
    tf.dispose(gradients);
  }
}

/**
 * Computes the loss of a batch without training, op by op.
 *
 * @param model - a compiled model, not a sequential one but the one inside
 * @param batch - the samples
 * @returns the loss, penalties of regularisers included as in Keras, and the predictions
 */
export function takeTest(model: tf.LayersModel, batch: Batch): Taken {
  return testActivity(() => {
    const predictions = forward(model, batch.inputs, false);
    const dispose = () => {
      tf.dispose([...predictions.values]);
      predictions.dispose();
    };
    try {
      const loss = tf.tidy(() => totalLoss(model, batch, predictions));
      return {
        loss,
        predictions,
        dispose: () => {
          loss.dispose();
          dispose();
        },
      };
    } catch (error) {
      dispose();
      throw error;
    }
  });
}

function totalLoss(
  model: tf.LayersModel,
  { targets, weights }: Batch,
  { values, logits, masks }: Predictions,
): tf.Scalar {
  const losses = values.map((predictions, i) =>
    meanLoss(model, i, {
      targets: targets[i] as tf.Tensor,
      predictions,
      logits: logits[i],
      weights,
      mask: masks[i],
    }),
  );
  return [...losses, ...regularization(model)].reduce((sum, each) => tf.add(sum, each));
}

/**
 * What regularisers ask for. A layer that is used in several places pays for its weights once, as in Keras; tfjs's own
 * training has it pay in each.
 */
function regularization({ layers }: tf.LayersModel): tf.Scalar[] {
  return [...new Set(layers.flatMap(layersWithin))].flatMap((layer) => layer.calculateLosses());
}

/** A layer, or those of a model that is one. */
function layersWithin(layer: tf.layers.Layer): readonly tf.layers.Layer[] {
  return isModel(layer) ? layer.layers.flatMap(layersWithin) : [layer];
}

/**
 * Reads the loss of a batch and computes its metrics. Of the batches of several steps they are the means.
 *
 * @param model - a compiled model, not a sequential one but the one inside
 * @param batch - the samples
 * @param taken - what was taken on it
 * @returns the loss, then the metrics, as the model's metric names have them
 */
export function measure(
  { metricsTensors }: tf.LayersModel,
  { inputs, targets, steps = 1 }: Batch,
  { loss, predictions: { values, masks }, numbers }: Omit<Taken, "dispose">,
): Measure[] {
  const samples = inputs[0]?.shape[0] ?? 0;
  // TensorFlow has computed it already on the processor: to read a number takes less time than any op on it.
  const losses = Array.from(loss.dataSync());
  const mean = { value: losses.reduce((sum, each) => sum + each, 0) / losses.length, count: samples };
  if (metricsTensors.length === 0) return [mean];
  return tf.tidy(() => [
    mean,
    ...metricsTensors.map(([metric, output], i) => {
      const computed = numbers?.[i];
      const [target, value] = [targets[output] as tf.Tensor, values[output] as tf.Tensor];
      const all = computed?.values ?? metric(target, value);
      if (steps === 1 || all.shape[0] === samples) return meanOf(all, samples, masks[output]);
      // What is no number of each sample is one of each batch.
      const ofSteps = computed
        ? tf.split(computed.values, steps).map((each) => tf.reshape(each, [...computed.shape]))
        : onSteps(metric, target, value, steps);
      const means = ofSteps.map((each) => meanOf(each, samples / steps));
      const sum = (of: (mean: Measure) => number) => means.reduce((total, each) => total + of(each), 0);
      return { value: sum((each) => each.value) / steps, count: sum((each) => each.count) };
    }),
  ]);
}

function onSteps(
  metric: tf.LayersModel["metricsTensors"][number][0],
  target: tf.Tensor,
  value: tf.Tensor,
  steps: number,
): tf.Tensor[] {
  const values = tf.split(value, steps);
  return tf.split(target, steps).map((each, step) => metric(each, values[step] as tf.Tensor));
}

/** The mean of what a metric has computed for some samples. */
function meanOf(numbers: tf.Tensor, samples: number, mask?: tf.Tensor): Measure {
  const number = (scalar: tf.Tensor) => scalar.dataSync()[0] ?? Number.NaN;
  // What is one number for the batch, or has a shape of its own, is not masked, as in Keras.
  if (!mask || !tf.util.arraysEqual(mask.shape, numbers.shape)) {
    const value = number(numbers.size === 1 ? numbers : tf.mean(numbers));
    return { value, count: numbers.rank === 0 ? samples : numbers.size };
  }
  const counting = tf.cast(mask, "float32");
  const count = number(tf.sum(counting));
  return { value: count && number(tf.sum(tf.mul(numbers, counting))) / count, count };
}
