// Imported for what it does: models predict by one op from then on, where they can.
import "./compiled/predictions.js";

// Training: mini-batch gradient descent with a progress bar, a live plot, a history and callbacks.
export type { Callback, Logs } from "./callbacks/callback.js";
export { EarlyStopping, type EarlyStoppingOptions, earlyStopping } from "./callbacks/early-stopping.js";
export type { EpochResult, History } from "./callbacks/history.js";
export {
  learningRateSchedule,
  type ReduceOnPlateauOptions,
  reduceOnPlateau,
} from "./callbacks/learning-rate.js";
export type { MonitorOptions } from "./callbacks/monitor.js";
export { type StepReport, trainingStep } from "./compiled/report.js";
export { type LengthBatch, LengthBatches, type LengthBatchesOptions } from "./data/length-batches.js";
export type { ClassWeight } from "./data/sample-weights.js";
export { type FitOptions, fit, type ModelData, type Samples } from "./fit.js";
export { type Dataset, type DatasetBatch, type FitDatasetOptions, fitDataset } from "./fit-dataset.js";
export { type FitTruncatedOptions, fitTruncated } from "./fit-truncated.js";
export type { TrainingOptions } from "./train.js";
export type { HistoryOf, KeptHistory } from "./weights/kept-history.js";
export type { KeepWeights, KeepWeightsBounds, KeptWeights } from "./weights/kept-weights.js";
export { type Moment, type TimeTravelOptions, timeTravel } from "./weights/time-travel.js";
