import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { naiveForecast, seasonalNaiveForecast } from "rnnlab/preprocessing";

// Their errors on the electricity series are in test/datasets/electricity.test.ts.
describe("naiveForecast()", () => {
  it("repeats the value before", () => {
    assert.deepEqual(naiveForecast([5, 7, 6, 8]), Float64Array.of(5, 7, 6));
    assert.deepEqual(naiveForecast([5, 7, 6, 8], { from: 2 }), Float64Array.of(7, 6));
  });

  it("refuses a first row that has no value before it, or is not there", () => {
    assert.throws(
      () => naiveForecast([1, 2, 3], { from: 0 }),
      new RangeError("Cannot make naive forecast: from must be an integer from 1 to 2 for 3 values, got 0"),
    );
    assert.throws(() => naiveForecast([1, 2, 3], { from: 3 }), /^RangeError: .* got 3$/);
  });
});

describe("seasonalNaiveForecast()", () => {
  it("repeats the value one season before", () => {
    assert.deepEqual(seasonalNaiveForecast([1, 9, 2, 8, 3], { period: 2 }), Float64Array.of(1, 9, 2));
    assert.deepEqual(seasonalNaiveForecast([1, 9, 2, 8, 3], { period: 2, from: 4 }), Float64Array.of(2));
  });

  it("refuses a period that is not positive, and a season longer than the series", () => {
    assert.throws(
      () => seasonalNaiveForecast([1, 2, 3], { period: -12 }),
      new RangeError("Cannot make seasonal naive forecast: period must be a positive integer, got -12"),
    );
    assert.throws(
      () => seasonalNaiveForecast([1, 2, 3], { period: 12 }),
      new RangeError("Cannot make seasonal naive forecast: series must have more than 12 values, got 3"),
    );
  });

  it("refuses a series without values, and what is no number", () => {
    assert.throws(
      () => naiveForecast([]),
      new RangeError("Cannot make naive forecast: series must have more than 1 values, got 0"),
    );
    assert.throws(
      () => seasonalNaiveForecast(JSON.parse("[1, null, 2]"), { period: 1 }),
      new TypeError(
        "Cannot make seasonal naive forecast: series must be an array of numbers, got null at index 1",
      ),
    );
  });
});
