// From raw series to what a network trains on: scaling, windows, splits; and what its forecasts are measured by.
export type { NumericRows, NumericSeries, ShapedValues } from "./arrays.js";
export {
  type NaiveForecastOptions,
  naiveForecast,
  type SeasonalNaiveForecastOptions,
  seasonalNaiveForecast,
} from "./baselines.js";
export { meanSquaredError, rootMeanSquaredError } from "./metrics.js";
export { MinMaxScaler, type MinMaxScalerOptions, type MinMaxScalerState } from "./min-max-scaler.js";
export { type SeasonalDifferenceOptions, seasonalDifference } from "./seasonal-difference.js";
export { type SlidingWindows, type SlidingWindowsOptions, slidingWindows } from "./sliding-windows.js";
export { type SplitSeriesOptions, splitSeries } from "./split-series.js";
