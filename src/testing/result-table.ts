import { escapeHtml, type MimeBundle } from "../display/index.js";
import { RESULTS_TYPE, type TestResult, type TestStatus } from "./test-result.js";

const SIGNS: Readonly<Record<TestStatus, string>> = { passed: "✔", failed: "✖", skipped: "–", todo: "…" };
const COLOURS: Readonly<Record<TestStatus, string>> = {
  passed: "#2e7d32",
  failed: "#c62828",
  skipped: "inherit",
  todo: "inherit",
};

/** How many tests passed and failed, and how many did not count, in words. */
export function summaryOf(results: readonly TestResult[]): string {
  const count = (status: TestStatus): number => results.filter((each) => each.status === status).length;
  const others = (["skipped", "todo"] as const).flatMap((status) =>
    count(status) === 0 ? [] : [`${count(status)} ${status}`],
  );
  return [`${count("passed")} passed`, `${count("failed")} failed`, ...others].join(", ");
}

/** The results of a cell's tests in several formats. */
export function resultBundle(results: readonly TestResult[]): MimeBundle {
  return {
    "text/html": htmlOf(results),
    "text/plain": textOf(results),
    [RESULTS_TYPE]: { tests: results },
  };
}

const timeOf = ({ milliseconds }: TestResult): string =>
  `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;

function textOf(results: readonly TestResult[]): string {
  const lines = results.flatMap((result) => [
    `${SIGNS[result.status]} ${result.name} (${result.status === "passed" || result.status === "failed" ? timeOf(result) : result.status})`,
    ...(result.error === undefined ? [] : result.error.split("\n").map((line) => `    ${line}`)),
  ]);
  return [...lines, summaryOf(results)].join("\n");
}

function htmlOf(results: readonly TestResult[]): string {
  const rows = results.map((result) => {
    const { name, status, error } = result;
    const sign = `<span style="color: ${COLOURS[status]}">${SIGNS[status]}</span> ${status}`;
    const time = status === "passed" || status === "failed" ? timeOf(result) : "";
    const row = `<tr><td style="text-align: left">${sign}</td><td style="text-align: left">${escapeHtml(name)}</td><td>${time}</td></tr>`;
    const why =
      error === undefined
        ? ""
        : `<tr><td></td><td colspan="2" style="text-align: left"><pre>${escapeHtml(error)}</pre></td></tr>`;
    return row + why;
  });
  const head = `<thead><tr><th></th><th style="text-align: left">test</th><th>time</th></tr></thead>`;
  return `<table><caption>${summaryOf(results)}</caption>${head}<tbody>${rows.join("")}</tbody></table>`;
}
