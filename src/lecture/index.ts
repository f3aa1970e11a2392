// What a lecture notebook needs around its models: settings, summaries and the closing report.

export { type LayerSummary, type ModelSummary, modelSummary } from "./model-summary.js";
export { type Check, LectureReport, type ReportOptions } from "./report.js";
export { type LectureSettings, lectureSettings } from "./settings.js";
