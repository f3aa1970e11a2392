// From raw data to what a network trains on: scaling, windows, splits, padding, text vectorisation; and what
// its predictions are measured by.
export type { NumericRows, NumericSeries, ShapedValues } from "./arrays.js";
export {
  type NaiveForecastOptions,
  naiveForecast,
  type SeasonalNaiveForecastOptions,
  seasonalNaiveForecast,
} from "./baselines.js";
export {
  accuracyScore,
  type ClassLabels,
  type ConfusionMatrix,
  type ConfusionMatrixOptions,
  confusionMatrix,
} from "./classification.js";
export type { ConstantRule, FeatureScalerOptions, MissingRule } from "./feature-scaler.js";
export { meanSquaredError, rootMeanSquaredError, type ShapedNumbers } from "./metrics.js";
export { MinMaxScaler, type MinMaxScalerOptions, type MinMaxScalerState } from "./min-max-scaler.js";
export { type OneHotOptions, oneHot } from "./one-hot.js";
export { type PaddingSide, type PadSequencesOptions, padSequences, type Sequence } from "./pad-sequences.js";
export { type SeasonalDifferenceOptions, seasonalDifference } from "./seasonal-difference.js";
export { type SlidingWindows, type SlidingWindowsOptions, slidingWindows } from "./sliding-windows.js";
export { type SplitSeriesOptions, splitSeries } from "./split-series.js";
export { StandardScaler, type StandardScalerOptions, type StandardScalerState } from "./standard-scaler.js";
export type { TextSplit, TextStandardize } from "./text-analysis.js";
export { TextVectorization, type TextVectorizationState } from "./text-vectorization.js";
export type { TextOutputMode, TextVectorizationOptions } from "./text-vectorization-options.js";
export {
  type NamedArrays,
  type SampleArray,
  type TrainTestSplit,
  type TrainTestSplitOptions,
  trainTestSplit,
} from "./train-test-split.js";
