// Tests in notebooks: `test()` and `describe()`, with a small table of results below the cell.
export { describe, test } from "./test.js";
export { finished, type TestFunction, type TestOptions, type TestRun } from "./test-queue.js";
export type { TestResult, TestStatus } from "./test-result.js";
