// Training: mini-batch gradient descent with a progress bar, a live plot, a history and callbacks.
export type { Callback, Logs } from "./callback.js";
export { EarlyStopping, type EarlyStoppingOptions, earlyStopping } from "./early-stopping.js";
export { type FitOptions, fit, type ModelData, type Samples } from "./fit.js";
export { type Dataset, type DatasetBatch, type FitDatasetOptions, fitDataset } from "./fit-dataset.js";
export { type FitTruncatedOptions, fitTruncated } from "./fit-truncated.js";
export type { EpochResult, History } from "./history.js";
export { learningRateSchedule, type ReduceOnPlateauOptions, reduceOnPlateau } from "./learning-rate.js";
export { type LengthBatch, LengthBatches, type LengthBatchesOptions } from "./length-batches.js";
export type { MonitorOptions } from "./monitor.js";
export type { ClassWeight } from "./sample-weights.js";
export type { TrainingOptions } from "./train.js";
