import { briefly, requireInteger } from "../../arguments.js";
import { requireFinite } from "../../preprocessing/arrays.js";
import {
  type NumericSeries,
  type PaddingSide,
  type PadSequencesOptions,
  padSequences,
  type Sequence,
} from "../../preprocessing/index.js";
import { RandomGenerator } from "../../random/index.js";
import * as tf from "../../tensorflow.js";

/** How sequences are batched. */
export interface LengthBatchesOptions {
  /** Sequences in a batch; 32 unless given. The last batch may be smaller. */
  readonly batchSize?: number;
  /** Whether every pass has a new order of the batches, and of equally long sequences; true unless given. */
  readonly shuffle?: boolean;
  /** Seed of the orders, an integer from 0 to 2³² − 1; 0 unless given. */
  readonly seed?: number;
  /** Where shorter sequences are filled up; `"post"` unless given. */
  readonly padding?: PaddingSide;
  /** What fills up, which no sequence may contain, so that a mask of it is exact; 0 unless given. */
  readonly value?: number;
  /** `"int32"` (the default) for indices, `"float32"` for measurements. */
  readonly dtype?: "int32" | "float32";
}

// A type, not an interface: only a type has the index signature that tf.data asks for.
/** Sequences of about one length with their targets. */
export type LengthBatch = {
  /** `[batch, longest]` or `[batch, longest, features]` */
  readonly xs: tf.Tensor;
  /** float32 `[batch, 1]` for labels, `[batch, outputs]` for rows */
  readonly ys: tf.Tensor2D;
  /** Which sequences they are, `[batch]`: to bring predictions back into the given order. */
  readonly rows: number[];
};

/**
 * Sequences of different lengths in batches of nearly one length each: a short sequence is not filled up to the longest
 * of all, and no step is cut off. It is a `tf.data.Dataset` for `fitDataset` and `evaluateDataset`, and an
 * async iterable. Who iterates disposes of `xs` and `ys`, as those two methods do.
 *
 * Masks are exact: with an embedding that masks zeros (or a masking layer for `value`) the padded steps, and only they,
 * are left out. Hence no sequence may contain the value itself.
 *
 * @example
 * ```ts
 * import { tf } from "rnnlab";
 * import { LengthBatches } from "rnnlab/training";
 * const batches = new LengthBatches([[5, 6, 7], [8], [9, 4]], [1, 0, 1], { batchSize: 2, shuffle: false });
 * for await (const { xs, ys } of batches) {
 *   console.log(JSON.stringify(xs.arraySync()));
 *   tf.dispose([xs, ys]);
 * }
 * // [[8,0],[9,4]] and [[5,6,7]]
 * ```
 */
export class LengthBatches extends tf.data.Dataset<LengthBatch> {
  /** Batches in a pass */
  override readonly size: number;
  readonly #sequences: readonly Sequence[];
  readonly #targets: readonly NumericSeries[];
  readonly #batchSize: number;
  readonly #random: RandomGenerator | undefined;
  readonly #pad: PadSequencesOptions;

  /**
   * @param sequences - n sequences, `[time]` or `[time, features]`
   * @param targets - a number for each, `[n]`, or a row of numbers, `[n, outputs]`
   * @param options - batch size, order, padding
   * @throws {RangeError} when there are no sequences or not as many targets, a sequence is empty or contains the
   * padding value, rows differ in length, a number is not finite or none of the dtype, or an option is out of range
   * @throws {TypeError} when sequences or targets are no arrays of numbers
   */
  constructor(
    sequences: readonly Sequence[],
    targets: NumericSeries | readonly NumericSeries[],
    options: LengthBatchesOptions = {},
  ) {
    super();
    const {
      batchSize = 32,
      shuffle = true,
      seed = 0,
      padding = "post",
      value = 0,
      dtype = "int32",
    } = options;
    requireInteger(ACTION, "batchSize", batchSize, 1);
    this.#pad = { padding, value, dtype };
    this.#sequences = sequences;
    this.#targets = targetRows(targets);
    this.#batchSize = batchSize;
    this.#random = shuffle ? new RandomGenerator(seed) : undefined;
    this.size = Math.ceil(sequences.length / batchSize);
    if (sequences.length === 0 || sequences.length !== this.#targets.length) {
      throw new RangeError(
        `Cannot ${ACTION}: there must be as many targets as sequences and at least one, got ${sequences.length} sequences and ${this.#targets.length} targets`,
      );
    }
    sequences.forEach((sequence, row) => {
      requireMaskable(sequence, row, value);
    });
    // What cannot be padded shall not wait for the middle of a training to say so.
    for (let row = 0; row < sequences.length; row += CHECKED_TOGETHER) {
      const [first] = sequences;
      padSequences([...(first ? [first] : []), ...sequences.slice(row, row + CHECKED_TOGETHER)], this.#pad);
    }
  }

  /** One pass over all batches, for tfjs. */
  override async iterator(): ReturnType<tf.data.Dataset<LengthBatch>["iterator"]> {
    return await tf.data.generator(() => this[Symbol.asyncIterator]()).iterator();
  }

  /** One pass over all batches, for `for await`. */
  async *[Symbol.asyncIterator](): AsyncGenerator<LengthBatch, void, undefined> {
    for (const rows of this.#order()) {
      const { values, shape } = padSequences(
        rows.map((row) => this.#sequences[row] ?? []),
        this.#pad,
      );
      const targets = rows.map((row) => [...(this.#targets[row] ?? [])]);
      yield { xs: tf.tensor(values, shape), ys: tf.tensor2d(targets), rows };
    }
  }

  /** Sorted by length, equals in random order; cut into batches; batches in random order. */
  #order(): number[][] {
    const random = this.#random;
    const count = this.#sequences.length;
    const order = random?.permutation(count) ?? Int32Array.from({ length: count }, (_, i) => i);
    const lengthOf = (row: number) => this.#sequences[row]?.length ?? 0;
    order.sort((a, b) => lengthOf(a) - lengthOf(b));
    const batches = Array.from({ length: this.size }, (_, i) =>
      Array.from(order.subarray(i * this.#batchSize, (i + 1) * this.#batchSize)),
    );
    return random?.shuffle(batches) ?? batches;
  }
}

const ACTION = "make length batches";

/** How many sequences are padded together to be checked, which bounds the memory it takes. */
const CHECKED_TOGETHER = 256;

function targetRows(targets: NumericSeries | readonly NumericSeries[]): NumericSeries[] {
  const rows = Array.from<number | NumericSeries, NumericSeries>(targets, (target) =>
    typeof target === "number" ? [target] : target,
  );
  rows.forEach((row, i) => {
    requireFinite(ACTION, `targets of sequence ${i}`, row);
    if (row.length > 0 && row.length === rows[0]?.length) return;
    throw new RangeError(
      `Cannot ${ACTION}: every target must have ${rows[0]?.length || "some"} numbers, got ${row.length} for sequence ${i}`,
    );
  });
  return rows;
}

function requireMaskable(sequence: Sequence, row: number, value: number): void {
  if (sequence.length === 0) {
    throw new RangeError(
      `Cannot ${ACTION}: every sequence must have at least one step, got 0 in sequence ${row}`,
    );
  }
  for (let step = 0; step < sequence.length; step++) {
    const numbers = sequence[step];
    const masked = typeof numbers === "object" ? [...numbers].every((x) => x === value) : numbers === value;
    if (!masked) continue;
    throw new RangeError(
      `Cannot ${ACTION}: no step may equal the padding value ${briefly(value)}, which is masked, got it in sequence ${row} at step ${step}; choose another value`,
    );
  }
}
