// What a lecture notebook needs around its models: settings, summaries, tables and the closing report.

export { type LayerSummary, type ModelSummary, modelSummary } from "./model-summary.js";
export { type Check, LectureReport, type ReportOptions } from "./report.js";
export { resultTable, type TableCell } from "./result-table.js";
export { type LectureSettings, lectureSettings } from "./settings.js";
