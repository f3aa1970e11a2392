// What a lecture notebook needs around its models: settings and the closing report.

export { type Claim, LectureReport, type References, type ReportOptions } from "./report.js";
export { type LectureSettings, lectureSettings } from "./settings.js";
export { TrainingTimes } from "./training-times.js";
