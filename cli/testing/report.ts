import type { TestStatus } from "../../src/testing/test-result.js";
import type { CellTest, NotebookTests } from "./run-tests.js";

/** How many tests ended in each way. */
export type Counts = Readonly<Record<TestStatus, number>>;

const SIGNS: Readonly<Record<TestStatus, string>> = { passed: "✔", failed: "✖", skipped: "–", todo: "…" };

/** Counts tests. */
export function countsOf(tests: readonly CellTest[]): Counts {
  const counts = { passed: 0, failed: 0, skipped: 0, todo: 0 };
  for (const { status } of tests) counts[status]++;
  return counts;
}

/** The last line: "2 passed, 1 failed". */
export function summaryOf({ passed, failed, skipped, todo }: Counts): string {
  const others = [...(skipped > 0 ? [`${skipped} skipped`] : []), ...(todo > 0 ? [`${todo} todo`] : [])];
  return [`${passed} passed`, `${failed} failed`, ...others].join(", ");
}

/** The tests of a notebook for people. */
export function textReport({ notebook, tests }: NotebookTests): string {
  const lines = tests.flatMap(({ cell, name, status, milliseconds, error }) => [
    `  ${SIGNS[status]} ${name} (cell ${cell}${status === "passed" || status === "failed" ? `, ${milliseconds.toFixed(0)} ms` : `, ${status}`})`,
    ...(error === undefined ? [] : error.split("\n").map((line) => `      ${line}`.trimEnd())),
  ]);
  return [notebook, ...lines, ""].join("\n");
}
