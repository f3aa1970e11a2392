// Whole models: what they are made of, files of them, predictions from text.

export type { Attachments } from "./attachments.js";
export { type LoadedModel, type LoadModelOptions, loadModel, loadWeights } from "./load-model.js";
export type { LayerSummary, ModelSummary } from "./model-summary.js";
export { type PredictTextOptions, predictText } from "./predict-text.js";
export { saveModel, saveWeights } from "./save-model.js";
export { type SummaryOptions, summary } from "./summary.js";
