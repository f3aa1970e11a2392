import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { seasonalDifference, seasonalNaiveForecast } from "rnnlab/preprocessing";

describe("seasonalDifference()", () => {
  it("is the change since the season before", () => {
    assert.deepEqual(seasonalDifference([1, 9, 2, 8, 3], { period: 2 }), Float64Array.of(1, -1, 1));
  });

  it("is turned back by the seasonal naive forecast of the same rows", () => {
    const series = [3, 1, 4, 1, 5, 9, 2, 6];
    const naive = seasonalNaiveForecast(series, { period: 3 });
    const restored = seasonalDifference(series, { period: 3 }).map((change, i) => change + naive[i]!);
    assert.deepEqual([...restored], series.slice(3));
  });

  it("refuses a period that is not positive, or as long as the series", () => {
    assert.throws(
      () => seasonalDifference([1, 2], { period: 0 }),
      new RangeError("Cannot take seasonal difference: period must be a positive integer, got 0"),
    );
    assert.throws(
      () => seasonalDifference([1, 2], { period: 2 }),
      new RangeError("Cannot take seasonal difference: period 2 needs more than 2 values, got 2"),
    );
  });

  it("refuses what is no number, rather than to count it as 0", () => {
    assert.throws(
      () => seasonalDifference(JSON.parse("[1, null]"), { period: 1 }),
      new TypeError(
        "Cannot take seasonal difference: series must be an array of numbers, got null at index 1",
      ),
    );
  });
});
