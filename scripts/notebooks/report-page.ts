import { escapeHtml } from "../../src/display/index.js";
import { TRAINING_FIGURE } from "../../src/lecture/training-times.js";
import type { Report, Result } from "./result.js";

/** A notebook's result with what its closing cell reported, if it came so far. */
export interface Reported {
  readonly result: Result;
  readonly report: Report | undefined;
}

const STYLE = `
  :root { color-scheme: light dark }
  body { max-width: 72em; margin: 2em auto; padding: 0 1em; font: 15px/1.45 system-ui, sans-serif }
  table { border-collapse: collapse; margin: 1em 0 }
  th, td { padding: 0.25em 0.9em; border-bottom: 1px solid #8886; text-align: left }
  .number { text-align: right; font-variant-numeric: tabular-nums }
  .failed { color: #d55e00; font-weight: bold }`;

const QUICK =
  "This is the quick size, which trains on less and for fewer epochs. The published figures and Keras's are of the full size: here they are no comparison.";

const HEAD = ["notebook", "data", "size", "seconds", "training, ours", "training, Keras", "result"];

/**
 * Writes a page with everything that a run of the notebooks came to.
 *
 * @param all - one entry a notebook
 * @returns HTML that needs no network: a table of the notebooks, with the seconds of their trainings and Keras's
 *   beside, then for each a table of its figures, with the published ones and Keras's beside ours
 */
export function reportPage(all: readonly Reported[]): string {
  const overview = all.map(({ result, report }) => [
    text(result.notebook),
    text(result.data ?? "–"),
    text(result.size),
    seconds(result.seconds),
    ...trainingSeconds(result, report).map(seconds),
    outcome(result.passed, result.passed ? "passed" : `failed: ${result.error ?? ""}`),
  ]);
  const trained = all
    .map(({ result, report }) => trainingSeconds(result, report))
    .filter(([ours]) => ours !== undefined);
  const total = [
    text("together"),
    text(""),
    text(""),
    seconds(sum(all.map(({ result }) => result.seconds))),
    ...[0, 1].map((column) => seconds(sum(trained.map((each) => each[column])))),
    text(""),
  ];
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>rnnlab: the lectures</title>
<style>${STYLE}
</style>
<h1>The lectures</h1>
${tableOf(HEAD, [...overview, total])}
${all.map(section).join("\n")}
</html>
`;
}

/** Ours and Keras's, as far as they are reported. */
function trainingSeconds({ figures }: Result, report: Report | undefined): (number | undefined)[] {
  const keras = report?.references?.[TRAINING_FIGURE]?.keras;
  return [figures[TRAINING_FIGURE], keras === undefined ? undefined : Number(keras)];
}

/** Undefined if there is nothing to add, or a part is missing: a sum without it would say too little. */
const sum = (values: readonly (number | undefined)[]): number | undefined =>
  values.length === 0
    ? undefined
    : values.reduce((a, b) => (a === undefined || b === undefined ? undefined : a + b), 0);

function section({ result, report }: Reported): string {
  const rows = Object.entries(result.figures).map(([name, value]) => {
    const { published = "", keras = "" } = report?.references?.[name] ?? {};
    const check = report?.checks.find((each) => each.name === name);
    return [
      text(name),
      number(published),
      number(keras),
      number(Number.isInteger(value) ? value : Number(value.toPrecision(5))),
      text(check?.rule ?? ""),
      check === undefined ? text("") : outcome(check.passed, check.passed ? "holds" : "does not hold"),
    ];
  });
  const heading = `<h2>${escapeHtml(result.notebook)}</h2>`;
  if (rows.length === 0)
    return `${heading}\n<p>No figures: ${escapeHtml(result.error ?? "nothing was reported")}</p>`;
  const note = result.size === "quick" ? `\n<p>${QUICK}</p>` : "";
  return `${heading}${note}\n${tableOf(["figure", "published", "Keras", "ours", "claim", "result"], rows)}`;
}

const text = (value: string): string => `<td>${escapeHtml(value)}`;
const number = (value: number | string): string => `<td class="number">${escapeHtml(String(value))}`;
const seconds = (value: number | undefined): string => number(value?.toFixed(1) ?? "");
const outcome = (passed: boolean, value: string): string =>
  `<td${passed ? "" : ' class="failed"'}>${escapeHtml(value)}`;

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const body = rows.map((row) => `<tr>${row.join("")}`).join("\n");
  return `<table>\n<tr>${head.map((each) => `<th>${escapeHtml(each)}`).join("")}\n${body}\n</table>`;
}
