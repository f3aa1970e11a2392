import { requireInteger } from "../arguments.js";
import { type NumericSeries, requireNumbers } from "./arrays.js";

/** Which rows the naive forecast is for. */
export interface NaiveForecastOptions {
  /** First row that is forecast; the first that can be unless given. */
  readonly from?: number;
}

/** The season, and which rows the seasonal naive forecast is for. */
export interface SeasonalNaiveForecastOptions extends NaiveForecastOptions {
  /** Steps in a season: 12 for monthly data with a yearly season. */
  readonly period: number;
}

/**
 * The naive forecast: every value is forecast to be the one before, `ŷ_t = y_{t−1}`. A model that does no better has
 * learned nothing.
 *
 * @param series - the true values `[n]`
 * @param options - the first row to forecast; 1 unless given
 * @returns forecasts for rows from … n − 1, float64 `[n − from]`
 * @throws {RangeError} when there is no earlier value or no row left to forecast
 * @throws {TypeError} when the series is no array of numbers
 * @example
 * ```ts
 * import { naiveForecast } from "rnnlab/preprocessing";
 * console.log([...naiveForecast([5, 7, 6], { from: 1 })].join(" ")); // 5 7
 * ```
 */
export function naiveForecast(series: NumericSeries, options: NaiveForecastOptions = {}): Float64Array {
  return earlierValues("make naive forecast", series, 1, options.from ?? 1);
}

/**
 * The seasonal naive forecast: every value is forecast to be the one a season before, `ŷ_t = y_{t−period}`.
 *
 * @param series - the true values `[n]`
 * @param options - the period, and the first row to forecast; the period unless given
 * @returns forecasts for rows from … n − 1, float64 `[n − from]`
 * @throws {RangeError} when the period is not a positive integer, there is no value a season before, or no row is left
 * @throws {TypeError} when the series is no array of numbers
 * @example
 * ```ts
 * import { seasonalNaiveForecast } from "rnnlab/preprocessing";
 * console.log([...seasonalNaiveForecast([1, 9, 2, 8, 3], { period: 2 })].join(" ")); // 1 9 2
 * ```
 */
export function seasonalNaiveForecast(
  series: NumericSeries,
  options: SeasonalNaiveForecastOptions,
): Float64Array {
  return earlierValues(
    "make seasonal naive forecast",
    series,
    options.period,
    options.from ?? options.period,
  );
}

function earlierValues(action: string, series: NumericSeries, lag: number, from: number): Float64Array {
  requireNumbers(action, "series", series);
  requireInteger(action, "period", lag, 1);
  if (series.length <= lag) {
    throw new RangeError(`Cannot ${action}: series must have more than ${lag} values, got ${series.length}`);
  }
  if (!Number.isInteger(from) || from < lag || from >= series.length) {
    throw new RangeError(
      `Cannot ${action}: from must be an integer from ${lag} to ${series.length - 1} for ${series.length} values, got ${from}`,
    );
  }
  return Float64Array.from(series.slice(from - lag, series.length - lag));
}
