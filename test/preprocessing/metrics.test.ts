import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { meanSquaredError, rootMeanSquaredError } from "rnnlab/preprocessing";
import { readGolden } from "../golden/read-golden.js";

interface Golden {
  actual: number[];
  predicted: number[];
  meanSquaredError: number;
  rootMeanSquaredError: number;
  rows: number[][];
  predictedRows: number[][];
  meanSquaredErrorOfRows: number;
}

describe("meanSquaredError() and rootMeanSquaredError()", () => {
  it("equal scikit-learn", () => {
    const golden = readGolden<{ metrics: Golden }>("preprocessing").metrics;
    const { actual, predicted } = golden;
    assert.ok(Math.abs(meanSquaredError(actual, predicted) - golden.meanSquaredError) < 1e-10);
    assert.ok(Math.abs(rootMeanSquaredError(actual, predicted) - golden.rootMeanSquaredError) < 1e-12);
    const { rows, predictedRows } = golden;
    assert.ok(Math.abs(meanSquaredError(rows, predictedRows) - golden.meanSquaredErrorOfRows) < 1e-14);
    const shaped = { values: Float32Array.from(rows.flat()), shape: [5, 3] };
    assert.ok(Math.abs(meanSquaredError(shaped, predictedRows) - golden.meanSquaredErrorOfRows) < 1e-6);
  });

  it("take any kind of array", () => {
    assert.equal(rootMeanSquaredError(Float32Array.of(0, 0), Float64Array.of(3, -3)), 3);
  });

  it("broadcast nothing: shapes must be equal", () => {
    assert.throws(() => meanSquaredError([1, 2], [[1], [2]]), /got \[2\] and \[2, 1\]$/);
    assert.throws(() => meanSquaredError([[1, 2]], [[1], [2]]), /got \[1, 2\] and \[2, 1\]$/);
    assert.throws(
      () => meanSquaredError({ values: Float32Array.of(1, 2, 3), shape: [2, 2] }, [1]),
      new RangeError("Cannot compute mean squared error: actual of shape [2, 2] must have 4 values, got 3"),
    );
  });

  it("refuse lengths that differ or are 0, and values that are not finite", () => {
    assert.throws(
      () => meanSquaredError([1], [1, 2]),
      new RangeError(
        "Cannot compute mean squared error: actual and predicted must have one shape with at least one number, got [1] and [2]",
      ),
    );
    assert.throws(() => rootMeanSquaredError([], []), /^RangeError: .* got \[0\] and \[0\]$/);
    assert.throws(
      () => rootMeanSquaredError([1, 2], [1, Number.NaN]),
      new RangeError(
        "Cannot compute mean squared error: predicted values must be finite numbers, got NaN at index 1",
      ),
    );
  });

  it("refuse what is no array of numbers", () => {
    assert.throws(
      () => meanSquaredError(JSON.parse("{}"), JSON.parse("{}")),
      new TypeError("Cannot compute mean squared error: actual values must be an array of numbers, got {}"),
    );
    assert.throws(
      () => meanSquaredError([1], JSON.parse("[1, [1]]")),
      new TypeError(
        "Cannot compute mean squared error: predicted values must be an array of numbers, got [Array] at index 1",
      ),
    );
  });
});
