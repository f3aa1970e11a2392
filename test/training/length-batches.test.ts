import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { tf } from "rnnlab";
import { RandomGenerator } from "rnnlab/random";
import { fitDataset, LengthBatches } from "rnnlab/training";
import { quietly } from "../quiet.js";

const random = new RandomGenerator(6);
const sequences = Array.from({ length: 50 }, () =>
  Array.from({ length: 1 + random.integer(20) }, () => 1 + random.integer(9)),
);
/** Whether the sequence has a number above 8. */
const labels = sequences.map((sequence) => Number(sequence.includes(9)));

interface PlainBatch {
  xs: number[][];
  ys: number[][];
  rows: number[];
}

async function collect(batches: LengthBatches): Promise<PlainBatch[]> {
  const plain: PlainBatch[] = [];
  for await (const { xs, ys, rows } of batches) {
    plain.push({ xs: xs.arraySync() as number[][], ys: ys.arraySync(), rows });
    tf.dispose([xs, ys]);
  }
  return plain;
}

describe("LengthBatches", () => {
  it("has every sequence whole and once, with its target, padded only to the longest of its batch", async () => {
    const before = tf.memory().numTensors;
    const batches = new LengthBatches(sequences, labels, { batchSize: 8, seed: 1 });
    const plain = await collect(batches);
    assert.equal(tf.memory().numTensors, before);
    assert.equal(plain.length, batches.size);
    assert.deepEqual(
      plain.flatMap(({ rows }) => rows).sort((a, b) => a - b),
      sequences.map((_, i) => i),
    );
    for (const { xs, ys, rows } of plain) {
      const longest = Math.max(...rows.map((row) => sequences[row]!.length));
      rows.forEach((row, i) => {
        const padding = Array.from({ length: longest - sequences[row]!.length }, () => 0);
        assert.deepEqual(xs[i], [...sequences[row]!, ...padding]);
        assert.deepEqual(ys[i], [labels[row]]);
      });
    }
  });

  it("puts sequences of one length together: no batch's range of lengths overlaps another's", async () => {
    const plain = await collect(new LengthBatches(sequences, labels, { batchSize: 8, shuffle: false }));
    const lengths = plain.flatMap(({ rows }) => rows.map((row) => sequences[row]!.length));
    assert.deepEqual(
      lengths,
      [...lengths].sort((a, b) => a - b),
    );
  });

  it("has a new order in every pass, and the same orders for the same seed", async () => {
    const rowsOf = async (batches: LengthBatches) => (await collect(batches)).map(({ rows }) => rows);
    const one = new LengthBatches(sequences, labels, { batchSize: 4, seed: 3 });
    const other = new LengthBatches(sequences, labels, { batchSize: 4, seed: 3 });
    const [first, second] = [await rowsOf(one), await rowsOf(one)];
    assert.notDeepEqual(first, second);
    assert.deepEqual([await rowsOf(other), await rowsOf(other)], [first, second]);
  });

  it("has the same batches in a new order where all lengths differ, and none in the order of lengths", async () => {
    const ladder = Array.from({ length: 24 }, (_, i) => Array.from({ length: i + 1 }, () => 1));
    const batches = new LengthBatches(
      ladder,
      ladder.map(() => 0),
      { batchSize: 2, seed: 5 },
    );
    const orders = [await collect(batches), await collect(batches)].map((plain) =>
      plain.map(({ rows }) => rows[0]!),
    );
    const sorted = ladder.map((_, i) => i).filter((i) => i % 2 === 0);
    for (const order of orders) {
      assert.notDeepEqual(order, sorted);
      assert.deepEqual(
        [...order].sort((a, b) => a - b),
        sorted,
      );
    }
    assert.notDeepEqual(orders[0], orders[1]);
  });

  it("mixes sequences of one length anew in every pass", async () => {
    const equal = Array.from({ length: 12 }, (_, i) => [i + 1, 1]);
    const batches = new LengthBatches(
      equal,
      equal.map(() => 0),
      { batchSize: 12, seed: 5 },
    );
    const [[first], [second]] = [await collect(batches), await collect(batches)];
    assert.notDeepEqual(first?.rows, [...equal.keys()]);
    assert.notDeepEqual(first?.rows, second?.rows);
  });

  it("pads in front, with another value, and rows of features", async () => {
    const steps = [
      [
        [1, 0],
        [2, 0],
      ],
      [[3, 0]],
    ];
    const options = { padding: "pre", value: 0, dtype: "float32", shuffle: false } as const;
    const [batch] = await collect(
      new LengthBatches(
        steps,
        [
          [1, 2],
          [3, 4],
        ],
        options,
      ),
    );
    assert.deepEqual(batch, {
      xs: [
        [
          [0, 0],
          [3, 0],
        ],
        [
          [1, 0],
          [2, 0],
        ],
      ] as unknown as number[][],
      ys: [
        [3, 4],
        [1, 2],
      ],
      rows: [1, 0],
    });
  });

  it("does not change what a masked model predicts of a sequence alone", async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.embedding({ inputDim: 10, outputDim: 3, maskZero: true }),
        tf.layers.simpleRNN({ units: 4 }),
        tf.layers.dense({ units: 1 }),
      ],
    });
    for await (const { xs, ys, rows } of new LengthBatches(sequences, labels, { batchSize: 16 })) {
      tf.tidy(() => {
        const together = (model.predict(xs) as tf.Tensor).dataSync();
        rows.forEach((row, i) => {
          const alone = (model.predict(tf.tensor2d([sequences[row]!])) as tf.Tensor).dataSync()[0]!;
          assert.ok(Math.abs(together[i]! - alone) < 1e-5, `sequence ${row}: ${together[i]}, alone ${alone}`);
        });
      });
      tf.dispose([xs, ys]);
    }
    model.dispose();
  });

  it("is a data set for our fitDataset(), tfjs's, and evaluateDataset()", async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.embedding({ inputDim: 10, outputDim: 4, maskZero: true }),
        tf.layers.simpleRNN({ units: 4 }),
        tf.layers.dense({ units: 1, activation: "sigmoid" }),
      ],
    });
    model.compile({ optimizer: "adam", loss: "binaryCrossentropy", metrics: ["accuracy"] });
    const batches = new LengthBatches(sequences, labels, { batchSize: 8 });
    const options = { epochs: 2, batchesPerEpoch: batches.size, validationData: batches };
    const ours = await quietly(() => fitDataset(model, batches, options));
    assert.equal(ours.loss.length, 2);
    const history = await model.fitDataset(batches, { epochs: 2, verbose: 0, validationData: batches });
    assert.equal(history.history.val_loss?.length, 2);
    const [loss] = (await model.evaluateDataset(batches, {})) as tf.Scalar[];
    assert.ok(Number.isFinite(loss!.dataSync()[0]));
  });

  it("refuses what it could not mask or pad, before the first batch", () => {
    const refusals: [() => unknown, string][] = [
      [
        () => new LengthBatches([], []),
        "there must be as many targets as sequences and at least one, got 0 sequences and 0 targets",
      ],
      [
        () => new LengthBatches([[1]], []),
        "there must be as many targets as sequences and at least one, got 1 sequences and 0 targets",
      ],
      [
        () => new LengthBatches([[1], []], [0, 1]),
        "every sequence must have at least one step, got 0 in sequence 1",
      ],
      [
        () => new LengthBatches([[1], [2, 0, 3]], [0, 1]),
        "no step may equal the padding value 0, which is masked, got it in sequence 1 at step 1; choose another value",
      ],
      [
        () => new LengthBatches([[1]], [Number.NaN]),
        "targets of sequence 0 must be finite numbers, got NaN at index 0",
      ],
      [
        () => new LengthBatches([[1], [2]], [[1, 2], [3]]),
        "every target must have 2 numbers, got 1 for sequence 1",
      ],
      [
        () => new LengthBatches([[1], [2]], [[], []]),
        "every target must have some numbers, got 0 for sequence 0",
      ],
      [() => new LengthBatches([[1]], [1], { batchSize: 0 }), "batchSize must be a positive integer, got 0"],
    ];
    for (const [refused, message] of refusals) {
      assert.throws(refused, new RangeError(`Cannot make length batches: ${message}`));
    }
    assert.throws(
      () => new LengthBatches([[1], [1.5]], [0, 1]),
      /^RangeError: Cannot pad sequences: .* got 1\.5$/,
    );
  });
});
