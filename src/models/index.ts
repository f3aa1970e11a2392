// Whole models: what they are made of, files of them, predictions from text.

export { type LayerSummary, type ModelSummary, type SummaryOptions, summary } from "./summary.js";
