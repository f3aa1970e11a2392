import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { splitSeries } from "rnnlab/preprocessing";

describe("splitSeries()", () => {
  it("splits in time, and lets the test part begin before the split", () => {
    assert.deepEqual(splitSeries([1, 2, 3, 4, 5], { trainLength: 3 }), { train: [1, 2, 3], test: [4, 5] });
    assert.deepEqual(splitSeries([1, 2, 3, 4, 5], { trainLength: 3, overlap: 2 }), {
      train: [1, 2, 3],
      test: [2, 3, 4, 5],
    });
  });

  it("copies typed arrays and keeps their type", () => {
    const series = Float64Array.of(1, 2, 3);
    const { train, test } = splitSeries(series, { trainLength: 2 });
    train[0] = 9;
    assert.equal(series[0], 1);
    assert.deepEqual(test, Float64Array.of(3));
  });

  it("refuses lengths that leave a part empty, and overlaps that do not fit", () => {
    assert.throws(
      () => splitSeries([1, 2], { trainLength: 0 }),
      new RangeError("Cannot split series: trainLength must be a positive integer, got 0"),
    );
    assert.throws(
      () => splitSeries([1, 2], { trainLength: 2 }),
      new RangeError("Cannot split series: trainLength must be less than the 2 rows there are, got 2"),
    );
    assert.throws(
      () => splitSeries([1, 2, 3], { trainLength: 1, overlap: 2 }),
      new RangeError("Cannot split series: overlap must not exceed trainLength 1, got 2"),
    );
    assert.throws(
      () => splitSeries([1, 2, 3], { trainLength: 1, overlap: -1 }),
      new RangeError("Cannot split series: overlap must be a non-negative integer, got -1"),
    );
  });

  it("refuses what is no array", () => {
    assert.throws(
      () => splitSeries("abc", { trainLength: 1 }),
      new TypeError("Cannot split series: series must be an array, got 'abc'"),
    );
  });
});
