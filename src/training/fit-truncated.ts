import { quoteShape } from "../arguments.js";
import type * as tf from "../tensorflow.js";
import { type DatasetBatch, fitDataset } from "./fit-dataset.js";
import { requirePositiveInteger, type TrainingOptions } from "./train.js";
import type { HistoryOf } from "./weights/kept-history.js";
import type { KeepWeights } from "./weights/kept-weights.js";

/** How {@link fitTruncated} trains. */
export interface FitTruncatedOptions<Keep extends KeepWeights | undefined = KeepWeights | undefined>
  extends TrainingOptions<Keep> {
  /** Steps of a chunk, through which gradients flow; a positive integer. The last chunk may be shorter */
  readonly steps: number;
  /** Sequences on which loss and metrics are computed after each epoch, chunk by chunk */
  readonly validationData?: readonly [inputs: tf.Tensor, targets: tf.Tensor];
}

/**
 * Trains a model on long sequences by truncated backpropagation through time (Williams and Peng, 1990): the sequences
 * are cut into chunks of `steps` steps, one update is made for each, and the state at the end of a chunk is where the
 * next one starts, as a number, without its gradient. So memory and time of an update do not grow with the sequences,
 * and what lies further back than the chunk is remembered, but never learned from. With `steps` no less than the length
 * it is full backpropagation through time. Each epoch, and each validation, starts from states of zeros.
 *
 * @param model - a compiled model whose recurrent layers are `stateful`, with a time axis that takes any length:
 *   `batchInputShape: [sequences, null, features]`
 * @param inputs - `[sequences, time, features]`; all of them are one batch
 * @param targets - `[sequences, time, outputs]`
 * @param options - steps of a chunk, epochs, validation data, callbacks, plot
 * @returns the loss and metrics of each epoch, and the weights with `keepWeights`; means over its updates
 * @throws {RangeError} when shapes do not fit, no layer is stateful, or an option is out of range
 * @throws {Error} when the model is not compiled, or is being trained already
 * @example
 * ```ts
 * import { layers, tf } from "rnnlab";
 * import { fitTruncated } from "rnnlab/training";
 * const model = tf.sequential({
 *   layers: [
 *     layers.simpleRNN({ units: 4, stateful: true, returnSequences: true, batchInputShape: [2, null, 1] }),
 *     layers.dense({ units: 1 }),
 *   ],
 * });
 * model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
 * const series = tf.randomUniform([2, 30, 1]);
 * const history = await fitTruncated(model, series, series, { steps: 10, epochs: 2 }); // 3 updates an epoch
 * console.log(history.epoch); // [ 1, 2 ]
 * ```
 */
export async function fitTruncated<Keep extends KeepWeights | undefined = undefined>(
  model: tf.LayersModel,
  inputs: tf.Tensor,
  targets: tf.Tensor,
  { steps, validationData, ...options }: FitTruncatedOptions<Keep>,
): Promise<HistoryOf<Keep>> {
  requirePositiveInteger("steps", steps);
  if (!model.stateful) {
    throw new RangeError(
      "Cannot fit truncated: a layer must be stateful to carry its state to the next chunk, got none; give the recurrent layers stateful: true and a batchInputShape",
    );
  }
  requireAlikeInTime(inputs, targets);
  if (validationData) requireAlikeInTime(...validationData);
  const chunks = (x: tf.Tensor, y: tf.Tensor) =>
    function* (): Generator<DatasetBatch> {
      model.resetStates();
      for (const [start, length] of cuts(x, steps)) {
        yield { xs: sliceTime(x, start, length), ys: sliceTime(y, start, length) };
      }
    };
  try {
    return await fitDataset(model, chunks(inputs, targets), {
      ...options,
      batchesPerEpoch: cuts(inputs, steps).length,
      ...(validationData ? { validationData: chunks(...validationData) } : {}),
    });
  } finally {
    model.resetStates();
  }
}

/** Start and length of each chunk. */
function cuts({ shape }: tf.Tensor, steps: number): [start: number, length: number][] {
  const time = shape[1] ?? 0;
  return Array.from({ length: Math.ceil(time / steps) }, (_, i) => [
    i * steps,
    Math.min(steps, time - i * steps),
  ]);
}

function sliceTime(sequences: tf.Tensor, start: number, length: number): tf.Tensor {
  return sequences.slice([0, start], [sequences.shape[0] ?? 0, length]);
}

/** A model without returned sequences would have one target a sequence, and no part of it for each chunk. */
function requireAlikeInTime({ shape: x }: tf.Tensor, { shape: y }: tf.Tensor): void {
  if (x.length > 1 && (x[1] ?? 0) > 0 && y[0] === x[0] && y[1] === x[1]) return;
  throw new RangeError(
    `Cannot fit truncated: inputs and targets must have as many sequences and steps, [sequences, time, …], got ${quoteShape(x)} and ${quoteShape(y)}`,
  );
}
