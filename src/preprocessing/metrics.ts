import { quoteShape } from "../arguments.js";
import {
  countFeatures,
  hasRows,
  type NumericRows,
  type NumericSeries,
  requireFinite,
  type ShapedValues,
} from "./arrays.js";

/** Numbers with a shape: a series `[n]`, rows `[n, outputs]`, or values with their shape. */
export type ShapedNumbers = NumericSeries | NumericRows | ShapedValues;

/**
 * Mean squared error: `Σ (yᵢ − ŷᵢ)² / n` over all n numbers. Shapes must be equal: nothing is broadcast.
 *
 * @param actual - the true values `[n]`, `[n, outputs]` or of any shape
 * @param predicted - the predictions, of the same shape
 * @returns the error, in squared units of the values
 * @throws {RangeError} when the shapes differ (both are named), there are no numbers, or one is not finite
 * @throws {TypeError} when either is no array of numbers, or of rows of numbers
 * @example
 * ```ts
 * import { meanSquaredError } from "rnnlab/preprocessing";
 * console.log(meanSquaredError([1, 2], [1, 4])); // 2
 * ```
 */
export function meanSquaredError(actual: ShapedNumbers, predicted: ShapedNumbers): number {
  const action = "compute mean squared error";
  const truth = flatten(action, "actual", actual);
  const guess = flatten(action, "predicted", predicted);
  const [expected, given] = [truth.shape.join(", "), guess.shape.join(", ")];
  if (expected !== given || truth.values.length === 0) {
    throw new RangeError(
      `Cannot ${action}: actual and predicted must have one shape with at least one number, got [${expected}] and [${given}]`,
    );
  }
  let sum = 0;
  truth.values.forEach((value, i) => {
    sum += (value - (guess.values[i] ?? 0)) ** 2;
  });
  return sum / truth.values.length;
}

/**
 * Root mean squared error: `√(Σ (yᵢ − ŷᵢ)² / n)` over all n numbers.
 *
 * @param actual - the true values, as for `meanSquaredError`
 * @param predicted - the predictions, of the same shape
 * @returns the error, in the units of the values
 * @throws {RangeError | TypeError} when `meanSquaredError` does
 * @example
 * ```ts
 * import { rootMeanSquaredError } from "rnnlab/preprocessing";
 * console.log(rootMeanSquaredError([0, 0], [3, 3])); // 3
 * ```
 */
export function rootMeanSquaredError(actual: ShapedNumbers, predicted: ShapedNumbers): number {
  return Math.sqrt(meanSquaredError(actual, predicted));
}

interface Flat {
  readonly values: NumericSeries;
  readonly shape: readonly number[];
}

function flatten(action: string, name: string, data: ShapedNumbers): Flat {
  const flat = isShaped(data)
    ? data
    : hasRows(data)
      ? ofRows(action, data)
      : { values: data, shape: [data?.length] };
  requireFinite(action, `${name} values`, flat.values);
  const size = flat.shape.reduce((product, length) => product * length, 1);
  if (size === flat.values.length) return flat;
  throw new RangeError(
    `Cannot ${action}: ${name} of shape ${quoteShape(flat.shape)} must have ${size} values, got ${flat.values.length}`,
  );
}

function isShaped(data: ShapedNumbers): data is ShapedValues {
  return typeof data === "object" && data !== null && "values" in data && "shape" in data;
}

function ofRows(action: string, rows: NumericRows): Flat {
  const features = countFeatures(action, rows);
  return { values: rows.flatMap((row) => [...row]), shape: [rows.length, features] };
}
