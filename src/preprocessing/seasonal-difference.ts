import { requireInteger } from "../arguments.js";
import { type NumericSeries, requireNumbers } from "./arrays.js";

/** The season of a seasonal difference. */
export interface SeasonalDifferenceOptions {
  /** Steps in a season: 12 for monthly data with a yearly season. */
  readonly period: number;
}

/**
 * The change since the season before, `d_t = y_t − y_{t−period}`: what is left to learn when the season itself is
 * known. A forecast of it is turned back by adding the seasonal naive forecast of the same rows.
 *
 * @param series - the values `[n]`
 * @param options - the period
 * @returns differences of rows period … n − 1, float64 `[n − period]`
 * @throws {RangeError} when the period is not a positive integer or the series is no longer than it
 * @throws {TypeError} when the series is no array of numbers
 * @example
 * ```ts
 * import { seasonalDifference } from "rnnlab/preprocessing";
 * console.log([...seasonalDifference([1, 9, 2, 8, 3], { period: 2 })].join(" ")); // 1 -1 1
 * ```
 */
export function seasonalDifference(series: NumericSeries, options: SeasonalDifferenceOptions): Float64Array {
  const action = "take seasonal difference";
  const { period } = options;
  requireNumbers(action, "series", series);
  requireInteger(action, "period", period, 1);
  if (series.length <= period) {
    throw new RangeError(
      `Cannot ${action}: period ${period} needs more than ${period} values, got ${series.length}`,
    );
  }
  return Float64Array.from(
    { length: series.length - period },
    (_, i) => (series[i + period] ?? 0) - (series[i] ?? 0),
  );
}
