/** How a test ended. */
export type TestStatus = "passed" | "failed" | "skipped" | "todo";

/** What became of a test. */
export interface TestResult {
  /** With the names of what it is described by: `"sums > of nothing"` */
  readonly name: string;
  readonly status: TestStatus;
  readonly milliseconds: number;
  /** What the test has thrown; for an assertion with the difference */
  readonly error?: string;
}

/** The MIME type of results for programs, such as `rnnlab test`. */
export const RESULTS_TYPE = "application/vnd.rnnlab.tests+json";
