import { typeName } from "../arguments.js";
import * as tf from "../tensorflow.js";
import { requireOptions, requireTensors } from "./check-arguments.js";
import type { BatchSource } from "./data/batches.js";
import { requireBatches, requireCompiled, shapedTargets } from "./data/check-data.js";
import { shapedWeights } from "./data/sample-weights.js";
import { interruptibly } from "./interruptible.js";
import { requirePositiveInteger, type TrainingOptions, train } from "./train.js";
import type { Batch } from "./train-step.js";
import type { HistoryOf } from "./weights/kept-history.js";
import type { KeepWeights } from "./weights/kept-weights.js";

/** A batch with the names that tfjs's data sets use. */
export interface DatasetBatch {
  /** `[n, …]` as the model's input; an array for several inputs */
  readonly xs: tf.Tensor | readonly tf.Tensor[];
  /** `[n, …]` as the model's output; an array for several outputs */
  readonly ys: tf.Tensor | readonly tf.Tensor[];
  /** `[n]`: what the loss of each sample is multiplied by */
  readonly sampleWeight?: tf.Tensor;
}

/** Gives the batches of an epoch anew each time that it is iterated over or called: `tf.data`'s own, or any iterable. */
export type Dataset =
  | tf.data.Dataset<tf.TensorContainer>
  | Iterable<DatasetBatch>
  | AsyncIterable<DatasetBatch>
  | (() => Iterable<DatasetBatch> | AsyncIterable<DatasetBatch>);

/** How {@link fitDataset} trains. */
export interface FitDatasetOptions<Keep extends KeepWeights | undefined = KeepWeights | undefined>
  extends TrainingOptions<Keep> {
  /** Number of batches after which an epoch ends, if the data set has not ended before; unless given, it ends with the data set */
  readonly batchesPerEpoch?: number;
  /** On which loss and metrics are computed after each epoch */
  readonly validationData?: Dataset;
}

/**
 * Trains a compiled model on batches that are made while it is trained, of any sizes, such as texts of like length.
 * The tensors of a batch are disposed of after its step, as tfjs does it.
 *
 * @param model - a compiled tfjs model
 * @param dataset - gives the batches of an epoch
 * @param options - epochs, batches an epoch, validation data, callbacks, plot
 * @returns the loss and metrics of each epoch, and the weights with `keepWeights`
 * @throws {RangeError} when shapes do not fit (both are named), an option is out of range, a class number for the
 * sparse cross-entropy is none, or there is no batch
 * @throws {TypeError} when something is of another type
 * @throws {Error} when the model is not compiled, or is being trained already
 * @example
 * ```ts
 * import { tf } from "rnnlab";
 * import { fitDataset } from "rnnlab/training";
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
 * model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
 * function* batches() {
 *   for (const size of [2, 3]) yield { xs: tf.ones([size, 1]), ys: tf.zeros([size, 1]) };
 * }
 * const history = await fitDataset(model, batches, { epochs: 2, batchesPerEpoch: 2 });
 * console.log(history.epoch); // [ 1, 2 ]
 * ```
 */
export async function fitDataset<Keep extends KeepWeights | undefined = undefined>(
  model: tf.LayersModel,
  dataset: Dataset,
  options: FitDatasetOptions<Keep>,
): Promise<HistoryOf<Keep>> {
  requireCompiled(model);
  requireOptions(options);
  const { batchesPerEpoch = sizeOf(dataset), validationData } = options;
  if (options.batchesPerEpoch !== undefined) requirePositiveInteger("batchesPerEpoch", batchesPerEpoch);
  const validation = validationData && sourceOf(model, validationData, Number.POSITIVE_INFINITY);
  const source = sourceOf(model, dataset, batchesPerEpoch);
  const history = await interruptibly(model, () => train(model, source, validation, options));
  return history as HistoryOf<Keep>;
}

/** The batches that a data set of tf.data says it has; infinitely many where nobody knows. */
function sizeOf(dataset: Dataset): number {
  const size = "size" in dataset ? dataset.size : undefined;
  return typeof size === "number" && size > 0 ? size : Number.POSITIVE_INFINITY;
}

function sourceOf(model: tf.LayersModel, dataset: Dataset, steps: number): BatchSource {
  async function* epoch(): AsyncGenerator<Batch> {
    let step = 0;
    for await (const given of batchesOf(dataset)) {
      const owned = [given.xs, given.ys, given.sampleWeight ?? []].flat() as tf.Tensor[];
      try {
        const own = (tensor: tf.Tensor): tf.Tensor => {
          owned.push(tensor);
          return tensor;
        };
        yield toBatch(model, given, own);
      } finally {
        tf.dispose(owned);
      }
      if (++step === steps) return;
    }
    if (step === 0)
      throw new RangeError("Cannot fit: the data set must give a batch in each epoch, got none");
  }
  return { steps, epoch };
}

async function* batchesOf(given: Dataset): AsyncGenerator<DatasetBatch> {
  const dataset = typeof given === "function" ? given() : given;
  if (typeof dataset !== "object" || dataset === null)
    throw new TypeError(
      `Cannot fit: the data set must be iterable, a tf.data.Dataset or a function that gives one, got ${typeName(dataset)}`,
    );
  if (Symbol.iterator in dataset || Symbol.asyncIterator in dataset) yield* dataset;
  else {
    const iterator = await dataset.iterator();
    for (let next = await iterator.next(); !next.done; next = await iterator.next())
      yield next.value as tf.TensorContainer & DatasetBatch;
  }
}

function toBatch(model: tf.LayersModel, given: DatasetBatch, own: (tensor: tf.Tensor) => tf.Tensor): Batch {
  const { xs, ys, sampleWeight } = given;
  const [inputs, targets] = [requireTensors("xs of a batch", xs), requireTensors("ys of a batch", ys)];
  const shaped = shapedTargets(model, inputs, targets).map(own);
  const samples = inputs[0]?.shape[0] ?? 0;
  requireBatches(model, samples, samples);
  return { inputs, targets: shaped, weights: sampleWeight && own(shapedWeights(sampleWeight, samples)) };
}
