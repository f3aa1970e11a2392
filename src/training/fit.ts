import type { ShapedValues } from "../preprocessing/index.js";
import { RandomGenerator } from "../random/index.js";
import * as tf from "../tensorflow.js";
import type { History } from "./callbacks/history.js";
import { requireOptions, requirePair, requireSamples } from "./check-arguments.js";
import { type BatchSource, batchesOf, type Columns } from "./data/batches.js";
import { fixedBatchSize, requireBatches, requireCompiled, shapedTargets } from "./data/check-data.js";
import { type ClassWeight, shapedWeights, weightsOfClasses } from "./data/sample-weights.js";
import { interruptibly } from "./interruptible.js";
import { requirePositiveInteger, type TrainingOptions, train } from "./train.js";
import type { HistoryOf } from "./weights/kept-history.js";
import type { KeepWeights } from "./weights/kept-weights.js";

/** Data to train on: a tensor, or values with their shape as `slidingWindows()` makes them. */
export type Samples = tf.Tensor | ShapedValues;

/** Data for a model with one input or output, or for one with several in their order. */
export type ModelData = Samples | readonly Samples[];

/** How {@link fit} trains. */
export interface FitOptions<Keep extends KeepWeights | undefined = KeepWeights | undefined>
  extends TrainingOptions<Keep> {
  /** Samples a step; 32, or what the model is fixed to, unless given. The last batch of an epoch may be smaller */
  readonly batchSize?: number;
  /** Seed of the order of the samples, an integer from 0 to 2³² − 1; 0 unless given */
  readonly seed?: number;
  /**
   * Whether each epoch has a new order of the samples; true unless given. Data up to 64 MiB are copied into it at once,
   * larger ones batch by batch
   */
  readonly shuffle?: boolean;
  /** Inputs and targets on which loss and metrics are computed after each epoch */
  readonly validationData?: readonly [inputs: ModelData, targets: ModelData];
  /** The share of the samples, the last ones as given, that is used as validation data instead, between 0 and 1 */
  readonly validationSplit?: number;
  /** `[n]`: what the loss of each sample is multiplied by, or `[n, …]` for each of its losses */
  readonly sampleWeight?: Samples;
  /** What the loss of each sample is multiplied by, by its class number; 1 for classes that are not named */
  readonly classWeight?: ClassWeight;
}

/**
 * Trains a compiled model by mini-batch gradient descent, with a progress bar that is updated in place. The same seed
 * gives the same order of samples in every run. No tensors are left behind, and inputs and targets stay the caller's.
 * An optimiser that was given to compile() by its name is replaced by the fused one with the same numbers. Where the
 * model puts out sequences, steps that its layers mask count neither in the loss nor in metrics, as in Keras.
 *
 * It goes on when the notebook's page is closed. `%replay` in a cell of the page that is opened again shows what came
 * meanwhile, and follows it to the end.
 *
 * @param model - a compiled tfjs model
 * @param inputs - `[n, …]`, as the model's input; an array for several inputs
 * @param targets - `[n, …]`, as the model's output (`[n]` for an output of `[n, 1]`), of any numeric dtype;
 *   nothing is broadcast
 * @param options - epochs, batch size, seed, validation data, weights, callbacks, plot
 * @returns the loss and metrics of each epoch, and the weights with `keepWeights`
 * @throws {RangeError} when shapes do not fit (both are named), an option is out of range, or a class number for the
 * sparse cross-entropy is none
 * @throws {TypeError} when something is of another type
 * @throws {Error} when the model is not compiled, or is being trained already
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
export async function fit<Keep extends KeepWeights | undefined = undefined>(
  model: tf.LayersModel,
  inputs: ModelData,
  targets: ModelData,
  options: FitOptions<Keep>,
): Promise<HistoryOf<Keep>> {
  requireCompiled(model);
  requireOptions(options);
  const history = await interruptibly(model, () => fitColumns(model, inputs, targets, options));
  return history as HistoryOf<Keep>;
}

async function fitColumns(
  model: tf.LayersModel,
  inputs: ModelData,
  targets: ModelData,
  options: FitOptions,
): Promise<History> {
  const { batchSize = fixedBatchSize(model) ?? 32, seed = 0, shuffle = true, validationData } = options;
  requirePositiveInteger("batchSize", batchSize);
  const random = new RandomGenerator(seed);
  const owned: tf.Tensor[] = [];
  const own = <T extends tf.Tensor>(tensor: T): T => {
    owned.push(tensor);
    return tensor;
  };
  try {
    const data = toColumns(model, inputs, targets, own);
    const [given] = options.sampleWeight ? toTensors("sampleWeight", options.sampleWeight, own) : [];
    const all = { ...data, weights: given && own(shapedWeights(given, data.inputs[0]?.shape[0] ?? 0)) };
    requireOneWeight(all, options);
    const [training, rest] = splitOff(all, options, own);
    if (validationData) requirePair("validationData", validationData);
    const tested = validationData ? toColumns(model, validationData[0], validationData[1], own) : rest;
    for (const columns of tested ? [training, tested] : [training]) {
      requireBatches(model, columns.inputs[0]?.shape[0] ?? 0, batchSize);
    }
    // As in Keras, classes are weighed in training only, samples in validation too.
    const source = batchesOf(weighed(training, options, own), batchSize, shuffle ? random : undefined);
    const validation: BatchSource | undefined = tested && batchesOf(tested, batchSize);
    return await train(model, source, validation, options);
  } finally {
    tf.dispose(owned);
  }
}

type Own = <T extends tf.Tensor>(tensor: T) => T;

/** Tensors stay the caller's, and so stay as they are; ours are ours to dispose of. */
function toTensors(name: string, data: ModelData, own: Own): tf.Tensor[] {
  return requireSamples(name, data).map((samples) =>
    samples instanceof tf.Tensor ? samples : own(tf.tensor(samples.values, samples.shape)),
  );
}

function toColumns(model: tf.LayersModel, inputs: ModelData, targets: ModelData, own: Own): Columns {
  const [x, y] = [toTensors("inputs", inputs, own), toTensors("targets", targets, own)];
  return { inputs: x, targets: shapedTargets(model, x, y).map(own) };
}

function requireOneWeight({ targets, weights }: Columns, { classWeight }: FitOptions): void {
  if (classWeight === undefined) return;
  if (weights !== undefined) {
    throw new RangeError("Cannot fit: only one of sampleWeight and classWeight can be given, got both");
  }
  if (targets.length > 1) {
    throw new RangeError(
      `Cannot fit: with classWeight the model must have one output, got ${targets.length}; give sampleWeight`,
    );
  }
}

function weighed(columns: Columns, { classWeight }: FitOptions, own: Own): Columns {
  const [target] = columns.targets;
  if (classWeight === undefined || target === undefined) return columns;
  return { ...columns, weights: own(weightsOfClasses(target, classWeight)) };
}

/** Parts the last samples from the others, before any change of their order. */
function splitOff(
  columns: Columns,
  { validationSplit, validationData }: FitOptions,
  own: Own,
): [training: Columns, validation: Columns | undefined] {
  if (validationSplit === undefined) return [columns, undefined];
  if (validationData !== undefined) {
    throw new RangeError("Cannot fit: only one of validationSplit and validationData can be given, got both");
  }
  const samples = columns.inputs[0]?.shape[0] ?? 0;
  const first = Math.floor(samples * (1 - validationSplit));
  if (!(validationSplit > 0 && validationSplit < 1 && first > 0 && first < samples)) {
    throw new RangeError(
      `Cannot fit: validationSplit must leave samples for training and validation, got ${validationSplit} of ${samples} samples`,
    );
  }
  const part = (begin: number, size: number): Columns => {
    const cut = (tensor: tf.Tensor) => own(tensor.slice(begin, size));
    const weights = columns.weights && cut(columns.weights);
    return { inputs: columns.inputs.map(cut), targets: columns.targets.map(cut), weights };
  };
  return [part(0, first), part(first, samples - first)];
}
