import type { RandomGenerator } from "../../random/index.js";
import * as tf from "../../tensorflow.js";
import type { Batch } from "../train-step.js";

/** Where batches come from. */
export interface BatchSource {
  /** Batches an epoch */
  readonly steps: number;
  /** The batches of an epoch, counted from 1, each disposed of when the next is taken or the iteration ends */
  epoch(number?: number): Iterable<Batch> | AsyncIterable<Batch>;
}

/** Data of the same samples: inputs, targets, weights. */
export interface Columns {
  readonly inputs: readonly tf.Tensor[];
  readonly targets: readonly tf.Tensor[];
  readonly weights?: tf.Tensor | undefined;
}

/** Data up to this size are put into their new order at once, in a copy, not batch by batch. */
const SHUFFLED_BYTES = 64 * 2 ** 20;

/**
 * Cuts tensors into batches.
 *
 * @param columns - the data, which stay the caller's
 * @param batchSize - samples a batch; the last one may have fewer
 * @param random - gives each epoch a new order; without it the samples keep theirs
 * @returns the source
 */
export function batchesOf(columns: Columns, batchSize: number, random?: RandomGenerator): BatchSource {
  const tensors = [...columns.inputs, ...columns.targets, ...(columns.weights ? [columns.weights] : [])];
  const samples = tensors[0]?.shape[0] ?? 0;
  const steps = Math.ceil(samples / batchSize);
  const sizes = Array.from({ length: steps }, (_, i) => Math.min(batchSize, samples - i * batchSize));
  const bytes = tensors.reduce((sum, { size }) => sum + 4 * size, 0);

  const toBatch = (parts: readonly tf.Tensor[]): Batch => {
    const targets = columns.inputs.length;
    const weights = targets + columns.targets.length;
    return {
      inputs: parts.slice(0, targets),
      targets: parts.slice(targets, weights),
      weights: parts[weights],
    };
  };

  // One op gives all batches: they are views of one memory, where a slice for each would be an op for each.
  function* split(ordered: readonly tf.Tensor[]): Generator<Batch> {
    const parts = ordered.map((tensor) => (steps === 1 ? [tensor.clone()] : tf.split(tensor, sizes)));
    try {
      for (const step of sizes.keys()) {
        const batch = parts.map((of) => of[step] as tf.Tensor);
        yield toBatch(batch);
        tf.dispose(batch);
      }
    } finally {
      tf.dispose(parts);
    }
  }

  const gather = (order: Int32Array) => {
    const rows = tf.tensor1d(order, "int32");
    const gathered = tensors.map((tensor) => tf.gather(tensor, rows));
    rows.dispose();
    return gathered;
  };

  function* shuffled(order: Int32Array): Generator<Batch> {
    if (bytes <= SHUFFLED_BYTES) {
      const copies = gather(order);
      try {
        yield* split(copies);
      } finally {
        tf.dispose(copies);
      }
      return;
    }
    for (const [step, size] of sizes.entries()) {
      const batch = gather(order.subarray(step * batchSize, step * batchSize + size));
      try {
        yield toBatch(batch);
      } finally {
        tf.dispose(batch);
      }
    }
  }

  // An epoch has its order also where those before it were another training's.
  let drawn = 0;
  const orderOf = (random: RandomGenerator, number: number): Int32Array => {
    for (; drawn < number - 1; drawn++) random.permutation(samples);
    drawn++;
    return random.permutation(samples);
  };
  return {
    steps,
    epoch: (number = drawn + 1) => (random ? shuffled(orderOf(random, number)) : split(tensors)),
  };
}
