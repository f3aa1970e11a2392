// What a lecture notebook needs around its models: settings, tables and the closing report.

export { type Check, LectureReport, type ReportOptions } from "./report.js";
export { resultTable, type TableCell } from "./result-table.js";
export { type LectureSettings, lectureSettings } from "./settings.js";
