import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { oneHot, type PadSequencesOptions, padSequences, type Sequence } from "rnnlab/preprocessing";
import { readGolden } from "../golden/read-golden.js";

interface Golden {
  padding: {
    sequences: Sequence[];
    options: Omit<PadSequencesOptions, "maxLength"> & { maxlen?: number };
    shape: number[];
    values: number[];
  }[];
  oneHot: { labels: number[]; classes: number | null; rows: number[][] }[];
}

const golden = readGolden<Golden>("text-vectorization");

describe("padSequences()", () => {
  for (const { sequences, options, shape, values } of golden.padding) {
    it(`equals Keras: ${JSON.stringify(options)} on shape ${shape}`, () => {
      const { maxlen, ...rest } = options;
      const padded = padSequences(sequences, {
        ...rest,
        ...(maxlen === undefined ? {} : { maxLength: maxlen }),
      });
      assert.deepEqual(padded.shape, shape);
      assert.deepEqual([...padded.values], values);
      assert.equal(padded.values.constructor, options.dtype === "float32" ? Float32Array : Int32Array);
    });
  }

  it("refuses no sequences, shapes that differ, numbers that its type cannot hold, and other sides", () => {
    const refusals: [() => unknown, string][] = [
      [() => padSequences([]), "sequences must be an array of at least one sequence, got 0"],
      [() => padSequences([[], []]), "maxLength must be a positive integer, got 0"],
      [() => padSequences([[1]], { maxLength: 0 }), "maxLength must be a positive integer, got 0"],
      [
        () => padSequences([[[1, 2]], [[1]]], { dtype: "float32" }),
        "every sequence must have shape [time, 2], got [time, 1] in sequence 1",
      ],
      [
        () => padSequences([[1], [[1]]]),
        "every sequence must have shape [time], got [time, 1] in sequence 1",
      ],
      [
        () => padSequences([[1, Number.NaN]]),
        'sequence 0 must have int32 integers (dtype: "float32" takes others), got NaN',
      ],
      [
        () => padSequences([[2 ** 31]]),
        'sequence 0 must have int32 integers (dtype: "float32" takes others), got 2147483648',
      ],
      [
        () => padSequences([[1]], { value: 0.5 }),
        'value must have int32 integers (dtype: "float32" takes others), got 0.5',
      ],
      [
        () => padSequences([[1e39]], { dtype: "float32" }),
        "sequence 0 must have finite float32 numbers, got 1e+39",
      ],
      [
        () => padSequences([[1]], JSON.parse('{ "padding": "left" }')),
        'padding must be "pre" or "post", got \'left\'',
      ],
    ];
    for (const [refused, message] of refusals) {
      assert.throws(refused, new RangeError(`Cannot pad sequences: ${message}`));
    }
    assert.throws(
      () => padSequences(JSON.parse('[[1], ["a"]]')),
      new TypeError(
        "Cannot pad sequences (sequence 1): data must be an array of numbers, got 'a' at index 0",
      ),
    );
  });
});

describe("oneHot()", () => {
  for (const { labels, classes, rows } of golden.oneHot) {
    it(`equals Keras: ${labels} of ${classes ?? "all"} classes`, () => {
      const { values, shape } = oneHot(labels, classes === null ? {} : { classes });
      assert.deepEqual([...values], rows.flat());
      assert.deepEqual(shape, [rows.length, rows[0]!.length]);
    });
  }

  it("refuses labels that are no classes, none, and all of one class", () => {
    const refusals: [() => unknown, string][] = [
      [() => oneHot([]), "there must be at least one label, got 0"],
      [() => oneHot([0, 0]), "labels must be of at least 2 classes, got only 0; give the number of classes"],
      [() => oneHot([0, -1]), "every label must be a non-negative integer, got -1"],
      [() => oneHot([0, 0.5]), "every label must be a non-negative integer, got 0.5"],
      [() => oneHot([0, Number.NaN]), "every label must be a non-negative integer, got NaN"],
      [() => oneHot([0, 2], { classes: 2 }), "labels must be below 2 classes, got 2"],
    ];
    for (const [refused, message] of refusals) {
      assert.throws(refused, new RangeError(`Cannot encode one-hot: ${message}`));
    }
  });
});
