import { type NumericSeries, requireFinite } from "./arrays.js";

/**
 * Mean squared error: `Σ (yᵢ − ŷᵢ)² / n`.
 *
 * @param actual - the true values `[n]`
 * @param predicted - the predictions `[n]`
 * @returns the error, in squared units of the values
 * @throws RangeError if the lengths differ or are 0, or a value is not finite
 * @throws TypeError if either is no array of numbers
 * @example
 * ```ts
 * import { meanSquaredError } from "rnnlab/preprocessing";
 * console.log(meanSquaredError([1, 2], [1, 4])); // 2
 * ```
 */
export function meanSquaredError(actual: NumericSeries, predicted: NumericSeries): number {
  const action = "compute mean squared error";
  requireFinite(action, "actual values", actual);
  requireFinite(action, "predicted values", predicted);
  if (actual.length !== predicted.length || actual.length === 0) {
    throw new RangeError(
      `Cannot ${action}: actual and predicted must have one length above 0, got ${actual.length} and ${predicted.length}`,
    );
  }
  let sum = 0;
  for (let i = 0; i < actual.length; i++) sum += ((actual[i] ?? 0) - (predicted[i] ?? 0)) ** 2;
  return sum / actual.length;
}

/**
 * Root mean squared error: `√(Σ (yᵢ − ŷᵢ)² / n)`.
 *
 * @param actual - the true values `[n]`
 * @param predicted - the predictions `[n]`
 * @returns the error, in the units of the values
 * @throws RangeError and TypeError as `meanSquaredError`
 * @example
 * ```ts
 * import { rootMeanSquaredError } from "rnnlab/preprocessing";
 * console.log(rootMeanSquaredError([0, 0], [3, 3])); // 3
 * ```
 */
export function rootMeanSquaredError(actual: NumericSeries, predicted: NumericSeries): number {
  return Math.sqrt(meanSquaredError(actual, predicted));
}
