import type { RandomGenerator } from "../../random/index.js";
import * as tf from "../../tensorflow.js";
import type { Batch } from "../train-step.js";

/** Where batches come from. */
export interface BatchSource {
  /** Batches an epoch */
  readonly steps: number;
  /**
   * The batches of an epoch, counted from 1, each disposed of when the next is taken or the iteration ends. Those of
   * several steps may come as one, as many as `together` says
   */
  epoch(number?: number, together?: () => number): Iterable<Batch> | AsyncIterable<Batch>;
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
  const fullSteps = Math.floor(samples / batchSize);
  const bytes = tensors.reduce((sum, { size }) => sum + 4 * size, 0);

  const toBatch = (parts: readonly tf.Tensor[], steps: number): Batch => {
    const targets = columns.inputs.length;
    const weights = targets + columns.targets.length;
    return {
      steps,
      inputs: parts.slice(0, targets),
      targets: parts.slice(targets, weights),
      weights: parts[weights],
    };
  };

  /** What batches from one step on are of: the last one may have fewer samples, and is a step of its own. */
  const portionsFrom = (
    step: number,
    together: number,
  ): { readonly steps: number; readonly rows: number }[] => {
    const rest = fullSteps - step;
    const full = [...Array.from({ length: Math.floor(rest / together) }, () => together), rest % together];
    const portions = full.map((count) => ({ steps: count, rows: count * batchSize }));
    return [...portions, { steps: 1, rows: samples % batchSize }].filter(({ rows }) => rows > 0);
  };

  // One op gives all batches: they are views of one memory, where a slice for each would be an op for each.
  function* split(ordered: readonly tf.Tensor[], together: () => number): Generator<Batch> {
    for (let step = 0; step < steps; ) {
      const count = together();
      const portions = portionsFrom(step, count);
      const rows = portions.map((each) => each.rows);
      const begin = step * batchSize;
      const parts = ordered.map((tensor) =>
        tf.tidy(() => {
          const rest = begin === 0 ? tensor.clone() : tensor.slice(begin);
          return rows.length === 1 ? [rest] : tf.split(rest, rows);
        }),
      );
      try {
        for (const [i, portion] of portions.entries()) {
          const batch = parts.map((of) => of[i] as tf.Tensor);
          yield toBatch(batch, portion.steps);
          tf.dispose(batch);
          step += portion.steps;
          if (together() !== count) break;
        }
      } finally {
        tf.dispose(parts);
      }
    }
  }

  const gather = (order: Int32Array) => {
    const rows = tf.tensor1d(order, "int32");
    const gathered = tensors.map((tensor) => tf.gather(tensor, rows));
    rows.dispose();
    return gathered;
  };

  function* shuffled(order: Int32Array, together: () => number): Generator<Batch> {
    if (bytes <= SHUFFLED_BYTES) {
      const copies = gather(order);
      try {
        yield* split(copies, together);
      } finally {
        tf.dispose(copies);
      }
      return;
    }
    for (let step = 0; step < steps; ) {
      const [portion] = portionsFrom(step, together());
      const { steps: taken, rows } = portion as { steps: number; rows: number };
      const batch = gather(order.subarray(step * batchSize, step * batchSize + rows));
      try {
        yield toBatch(batch, taken);
      } finally {
        tf.dispose(batch);
      }
      step += taken;
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
    epoch: (number = drawn + 1, together = () => 1) =>
      random ? shuffled(orderOf(random, number), together) : split(tensors, together),
  };
}
