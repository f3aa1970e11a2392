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
  epoch(number?: number, together?: Together): Iterable<Batch> | AsyncIterable<Batch>;
}

/** Data of the same samples: inputs, targets, weights. */
export interface Columns {
  readonly inputs: readonly tf.Tensor[];
  readonly targets: readonly tf.Tensor[];
  readonly weights?: tf.Tensor | undefined;
}

/** How many of the next batches are best given as one, each with `samples` of these data. */
export type Together = (data: Columns, samples: number) => number;

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
  const plan: Plan = { columns, samples, batchSize, steps: Math.ceil(samples / batchSize) };
  const bytes = tensors.reduce((sum, { size }) => sum + 4 * size, 0);

  function* shuffled(order: Int32Array, together: Together): Generator<Batch> {
    if (bytes > SHUFFLED_BYTES) return yield* gatherEach(plan, tensors, order, together);
    const copies = gather(tensors, order);
    try {
      yield* split(plan, copies, together);
    } finally {
      tf.dispose(copies);
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
    steps: plan.steps,
    epoch: (number = drawn + 1, together = () => 1) =>
      random ? shuffled(orderOf(random, number), together) : split(plan, tensors, together),
  };
}

/** How columns are cut. */
interface Plan {
  readonly columns: Columns;
  readonly samples: number;
  readonly batchSize: number;
  readonly steps: number;
}

/** What is given as one. */
interface Portion {
  readonly steps: number;
  readonly rows: number;
}

/** The portions from a step on, which is not the end: the last step may have fewer samples, and is one of its own. */
function portionsFrom(plan: Plan, step: number, together: number): [Portion, ...Portion[]] {
  const { samples, batchSize } = plan;
  const rest = Math.floor(samples / batchSize) - step;
  const full = [...Array.from({ length: Math.floor(rest / together) }, () => together), rest % together];
  const portions = full.map((steps) => ({ steps, rows: steps * batchSize }));
  const all = [...portions, { steps: 1, rows: samples % batchSize }].filter(({ rows }) => rows > 0);
  return all as [Portion, ...Portion[]];
}

/** One op gives all batches: they are views of one memory, where a slice for each would be an op for each. */
function* split(plan: Plan, ordered: readonly tf.Tensor[], together: Together): Generator<Batch> {
  for (let step = 0; step < plan.steps; ) {
    const count = together(plan.columns, plan.batchSize);
    const portions = portionsFrom(plan, step, count);
    const rows = portions.map((each) => each.rows);
    const begin = step * plan.batchSize;
    const parts = ordered.map((tensor) =>
      tf.tidy(() => {
        const rest = begin === 0 ? tensor.clone() : tensor.slice(begin);
        return rows.length === 1 ? [rest] : tf.split(rest, rows);
      }),
    );
    try {
      for (const [i, { steps }] of portions.entries()) {
        const batch = parts.map((of) => of[i] as tf.Tensor);
        yield toBatch(plan, batch, steps);
        tf.dispose(batch);
        step += steps;
        if (together(plan.columns, plan.batchSize) !== count) break;
      }
    } finally {
      tf.dispose(parts);
    }
  }
}

/** The batches in a new order, each copied when its turn comes. */
function* gatherEach(
  plan: Plan,
  tensors: readonly tf.Tensor[],
  order: Int32Array,
  together: Together,
): Generator<Batch> {
  for (let step = 0; step < plan.steps; ) {
    const [{ steps, rows }] = portionsFrom(plan, step, together(plan.columns, plan.batchSize));
    const begin = step * plan.batchSize;
    const batch = gather(tensors, order.subarray(begin, begin + rows));
    try {
      yield toBatch(plan, batch, steps);
    } finally {
      tf.dispose(batch);
    }
    step += steps;
  }
}

function gather(tensors: readonly tf.Tensor[], order: Int32Array): tf.Tensor[] {
  const rows = tf.tensor1d(order, "int32");
  const gathered = tensors.map((tensor) => tf.gather(tensor, rows));
  rows.dispose();
  return gathered;
}

function toBatch({ columns }: Plan, parts: readonly tf.Tensor[], steps: number): Batch {
  const targets = columns.inputs.length;
  const weights = targets + columns.targets.length;
  return {
    steps,
    inputs: parts.slice(0, targets),
    targets: parts.slice(targets, weights),
    weights: parts[weights],
  };
}
