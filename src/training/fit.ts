import type { ShapedValues } from "../preprocessing/index.js";
import { RandomGenerator } from "../random/index.js";
import * as tf from "../tensorflow.js";
import { requireCompiled, targetShape } from "./check-data.js";
import { type EpochResult, type History, toHistory } from "./history.js";
import { TrainingProgress } from "./training-progress.js";

/** Data to train on: a tensor, or values with their shape as `slidingWindows()` makes them. */
export type Samples = tf.Tensor | ShapedValues;

/** How {@link fit} trains. */
export interface FitOptions {
  /** How many times all samples are used, a positive integer */
  readonly epochs: number;
  /** Samples a step; 32 unless given. The last batch of an epoch may be smaller */
  readonly batchSize?: number;
  /** Seed of the order of the samples, an integer from 0 to 2³² − 1; 0 unless given */
  readonly seed?: number;
  /** Whether each epoch has a new order of the samples; true unless given */
  readonly shuffle?: boolean;
  /** Inputs and targets on which loss and metrics are computed after each epoch */
  readonly validationData?: readonly [inputs: Samples, targets: Samples];
  /** Named in the progress bar and the plot; the model's own name unless given */
  readonly name?: string;
  /** Draws the loss while it falls; false unless given */
  readonly livePlot?: boolean;
  /** Called after each epoch; training ends early when it returns `"stop"` */
  readonly onEpochEnd?: (result: EpochResult) => unknown;
}

/** A pause for messages, timers and interrupts is due after this many milliseconds of steps. */
const longestBlock = 100;

/**
 * Trains a compiled model by mini-batch gradient descent, with a progress bar that is updated in place. The same seed
 * gives the same order of samples in every run. No tensors are left behind, and inputs and targets stay the caller's.
 *
 * @param model - a compiled tfjs model with one input and one output
 * @param inputs - `[n, …]`, as the model's input
 * @param targets - `[n, …]`, as the model's output (`[n]` for an output of `[n, 1]`): nothing is broadcast
 * @param options - epochs, batch size, seed, validation data, plot
 * @returns the loss and metrics of each epoch
 * @throws RangeError if shapes do not fit (both are named) or an option is not a positive integer
 * @throws Error if the model is not compiled
 * @example
 * ```ts
 * import { tf } from "rnnlab";
 * import { fit } from "rnnlab/training";
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
 * model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
 * const x = tf.tensor2d([[0], [1], [2]]);
 * const history = await fit(model, x, x.mul(2), { epochs: 3, seed: 7 });
 * console.log(history.loss.length); // 3
 * ```
 */
export async function fit(
  model: tf.LayersModel,
  inputs: Samples,
  targets: Samples,
  options: FitOptions,
): Promise<History> {
  requireCompiled(model);
  const given = [inputs, targets, ...(options.validationData ?? [])];
  const tensors = given.map((samples) =>
    isTensor(samples) ? samples : tf.tensor(samples.values, samples.shape),
  );
  const [x, y, ...validation] = tensors as [tf.Tensor, tf.Tensor, ...tf.Tensor[]];
  try {
    const [validationX, validationY] = validation;
    const validationData = validationX && validationY ? ([validationX, validationY] as const) : undefined;
    return await fitTensors(model, x, y, validationData, options);
  } finally {
    tf.dispose(tensors.filter((tensor, index) => tensor !== given[index]));
  }
}

const isTensor = (samples: Samples): samples is tf.Tensor => samples instanceof tf.Tensor;

async function fitTensors(
  model: tf.LayersModel,
  inputs: tf.Tensor,
  targets: tf.Tensor,
  validationData: readonly [tf.Tensor, tf.Tensor] | undefined,
  options: FitOptions,
): Promise<History> {
  const { epochs, batchSize = 32, seed = 0, shuffle = true, name = model.name } = options;
  for (const [option, value] of Object.entries({ epochs, batchSize })) {
    if (!(Number.isInteger(value) && value > 0)) {
      throw new RangeError(`Cannot fit: ${option} must be a positive integer, got ${value}`);
    }
  }
  const random = new RandomGenerator(seed);
  const shape = targetShape(model, inputs, targets);
  if (validationData !== undefined) targetShape(model, ...validationData);
  const samples = shape[0] ?? 0;
  const steps = Math.ceil(samples / batchSize);
  const progress = new TrainingProgress({ name, epochs, steps, livePlot: options.livePlot ?? false });
  const y = targets.reshape(shape);
  const results: EpochResult[] = [];
  try {
    for (let epoch = 1; epoch <= epochs; epoch++) {
      const start = performance.now();
      const order = shuffle ? random.permutation(samples) : Int32Array.from({ length: samples }, (_, i) => i);
      const onStep = (step: number, loss: number) => progress.step(epoch, step, loss);
      const [loss = Number.NaN, ...metrics] = await trainEpoch(model, inputs, y, {
        order,
        batchSize,
        onStep,
      });
      const msPerStep = (performance.now() - start) / steps;
      const validation = validationData === undefined ? [] : evaluate(model, validationData, batchSize);
      const [valLoss, ...valMetrics] = validation;
      const result: EpochResult = {
        epoch,
        loss,
        ...(valLoss === undefined ? {} : { valLoss }),
        metrics: { ...named(model, "", metrics), ...named(model, "val_", valMetrics) },
        seconds: (performance.now() - start) / 1000,
        msPerStep,
      };
      results.push(result);
      progress.epochEnd(result);
      if ((await options.onEpochEnd?.(result)) === "stop") break;
    }
  } finally {
    y.dispose();
    progress.finish();
  }
  return toHistory(results);
}

interface EpochPlan {
  readonly order: Int32Array;
  readonly batchSize: number;
  readonly onStep: (step: number, loss: number) => void;
}

/** One step a batch; gives the means of loss and metrics over all samples. */
async function trainEpoch(
  model: tf.LayersModel,
  inputs: tf.Tensor,
  targets: tf.Tensor,
  { order, batchSize, onStep }: EpochPlan,
): Promise<number[]> {
  const sums: number[] = [];
  let pausedAt = performance.now();
  for (let start = 0; start < order.length; start += batchSize) {
    const rows = tf.tensor1d(order.subarray(start, start + batchSize), "int32");
    const batch = [inputs.gather(rows), targets.gather(rows)] as const;
    try {
      const values = [await model.trainOnBatch(...batch)].flat();
      for (const [index, value] of values.entries()) sums[index] = (sums[index] ?? 0) + value * rows.size;
    } finally {
      tf.dispose([rows, ...batch]);
    }
    onStep(start / batchSize + 1, (sums[0] ?? Number.NaN) / Math.min(start + batchSize, order.length));
    if (performance.now() - pausedAt > longestBlock) {
      await new Promise((resolve) => setImmediate(resolve));
      pausedAt = performance.now();
    }
  }
  return sums.map((sum) => sum / order.length);
}

function evaluate(
  model: tf.LayersModel,
  [inputs, targets]: readonly [tf.Tensor, tf.Tensor],
  batchSize: number,
): number[] {
  return tf.tidy(() => {
    const y = targets.reshape(targetShape(model, inputs, targets));
    return [model.evaluate(inputs, y, { batchSize })]
      .flat()
      .map((value) => value.dataSync()[0] ?? Number.NaN);
  });
}

/** Pairs a model's metric values with their names. */
function named(model: tf.LayersModel, prefix: string, values: readonly number[]): Record<string, number> {
  return Object.fromEntries(
    values.map((value, index) => [`${prefix}${model.metricsNames[index + 1]}`, value]),
  );
}
