import { escapeHtml } from "../../src/display/index.js";
import { TRAINING_FIGURE } from "../../src/lecture/training-times.js";
import { barFigure, figureSvg } from "../../src/plot/index.js";
import { compare, RULE, type Verdict } from "./comparison.js";
import type { Reference, Report, Result } from "./result.js";

/** A notebook's result with what its closing cell reported, if it came so far. */
export interface Reported {
  readonly result: Result;
  readonly report: Report | undefined;
}

const STYLE = `
  :root { color-scheme: light dark; --good: #00694b; --bad: #b34700; --soft: #666 }
  @media (prefers-color-scheme: dark) { :root { --good: #4ecb9f; --bad: #ff9248; --soft: #aaa } }
  body { max-width: 76em; margin: 2em auto; padding: 0 1em; font: 15px/1.45 system-ui, sans-serif }
  .section { padding-top: 1em }
  .wide { overflow-x: auto }
  table { border-collapse: collapse; margin: 0.5em 0 1em }
  th, td { padding: 0.25em 0.7em; border-bottom: 1px solid #8886; text-align: left; vertical-align: top }
  .number { text-align: right; font-variant-numeric: tabular-nums }
  .better { color: var(--good); white-space: nowrap }
  .equal { white-space: nowrap }
  .worse { color: var(--bad); white-space: nowrap }
  .apart { color: var(--soft); font-style: italic }
  :not(.apart) + .apart { border-left: 3px double #8888 }
  .failed { color: var(--bad); font-weight: bold }
  .chart { max-width: 45em; overflow-x: auto }
  .chart svg { min-width: 36em }
  @media print { h2 { break-after: avoid } tr, .chart { break-inside: avoid } }`;

const NO_COMPARISON = {
  quick:
    "This is the quick size, which trains on less and for fewer epochs. The published figures and Keras's are of the full size: here they are no comparison.",
  sample:
    "This ran on a synthetic sample. The published figures and Keras's are of the real data: here they are no comparison.",
};

/** Below the seconds of training: Keras's are stored in the notebooks. */
const KERAS_SECONDS =
  "Keras's seconds are from a quiet computer with two cores and AVX-512, ours from this one: they compare only if it is like that one.";

const MARKS: Readonly<Record<Verdict, string>> = { better: "▲ better", equal: "= equal", worse: "▼ worse" };

/**
 * Writes a page with everything that a run of the notebooks came to.
 *
 * @param all - one entry a notebook
 * @returns HTML that needs no network: a table of the notebooks, with the seconds of their trainings and Keras's
 *   beside and as a chart, then for each a table of its figures by section, with the published ones and Keras's beside
 *   ours
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
  const overviewHead = [
    ...["notebook", "data", "size"].map(head),
    ...["seconds", "training, ours", "training, Keras"].map(numberHead),
    head("result"),
  ];
  const isCompared = all.some(
    ({ result, report }) => report?.references && reasonAgainst(result) === undefined,
  );
  const rule = isCompared ? `\n<p>${RULE}</p>` : "";
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
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>rnnlab: the lectures</title>
<style>${STYLE}
</style>
<h1>The lectures</h1>
${tableOf(overviewHead, [...overview, total])}${chart(all)}${rule}
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

/** Of the lectures whose trainings Keras has done, too. */
function chart(all: readonly Reported[]): string {
  const rows = all.flatMap(({ result, report }) => {
    const [ours, keras] = trainingSeconds(result, report);
    return ours === undefined || keras === undefined
      ? []
      : [{ label: result.notebook.slice(0, 3), ours, keras }];
  });
  if (rows.length === 0) return "";
  const labels = rows.map(({ label }) => label);
  const bars = [
    { name: "ours", labels, values: rows.map(({ ours }) => ours) },
    { name: "Keras", labels, values: rows.map(({ keras }) => keras) },
  ];
  const figure = barFigure(bars, { title: "Seconds of training", xLabel: "seconds", xUnit: "s" });
  return `\n<div class="chart">${figureSvg(figure, { fluid: true })}</div>\n<p>${KERAS_SECONDS}</p>`;
}

function section({ result, report }: Reported): string {
  const heading = `<h2>${escapeHtml(result.notebook)}</h2>`;
  const names = Object.keys(result.figures);
  if (names.length === 0)
    return `${heading}\n<p>No figures: ${escapeHtml(result.error ?? "nothing was reported")}</p>`;
  const given = Object.values(report?.references ?? {});
  const reason = reasonAgainst(result);
  const others: Others = {
    kinds: (["published", "keras"] as const).filter((kind) => given.some((each) => each[kind] !== undefined)),
    apart: reason !== undefined,
  };
  const note = reason === undefined || others.kinds.length === 0 ? "" : `\n<p>${NO_COMPARISON[reason]}</p>`;
  const columns = headOf(others);
  const rows = sectionsOf(names, report).flatMap(({ title, figures }) => [
    ...(title === "" ? [] : [[`<th class="section" colspan="${columns.length}">${escapeHtml(title)}`]]),
    ...figures.map((name) => figureRow(name, result, report, others)),
  ]);
  return `${heading}${note}\n${tableOf(columns, rows)}`;
}

/** Why the figures are no comparison with those of others. */
const reasonAgainst = ({ size, data }: Result): keyof typeof NO_COMPARISON | undefined =>
  size === "quick" ? "quick" : data === "sample" ? "sample" : undefined;

/** The figures of others: which there are, and whether they stand apart from ours. */
interface Others {
  readonly kinds: readonly ("published" | "keras")[];
  readonly apart: boolean;
}

/** The sections with their figures; those of none come first. */
function sectionsOf(names: readonly string[], report: Report | undefined) {
  const sections = (report?.sections ?? []).map(({ title, figures }) => ({
    title,
    figures: figures.filter((name) => names.includes(name)),
  }));
  const grouped = new Set(sections.flatMap(({ figures }) => figures));
  const rest = { title: "", figures: names.filter((name) => !grouped.has(name)) };
  return [rest, ...sections].filter(({ figures }) => figures.length > 0);
}

const TITLES = { published: "published", keras: "Keras" };

function headOf({ kinds, apart }: Others): string[] {
  const beside = kinds.flatMap((kind) => [numberHead(TITLES[kind]), head("ours is")]);
  const separate = kinds.map((kind) => `<th class="number apart">${TITLES[kind]}, full size`);
  return [
    head("figure"),
    numberHead("ours"),
    ...(apart ? [] : beside),
    ...["claim", "result"].map(head),
    ...(apart ? separate : []),
  ];
}

function figureRow(
  name: string,
  { figures }: Result,
  report: Report | undefined,
  { kinds, apart }: Others,
): string[] {
  const value = figures[name] ?? Number.NaN;
  const check = report?.checks.find((each) => each.name === name);
  const references = kinds.map((kind) => report?.references?.[name]?.[kind]);
  const beside = references.flatMap((each) => [number(each ?? ""), verdict(name, value, each)]);
  const separate = references.map((each) => `<td class="number apart">${escapeHtml(String(each ?? ""))}`);
  return [
    text(name),
    number(Number.isInteger(value) ? value : Number(value.toPrecision(5))),
    ...(apart ? [] : beside),
    text(check?.rule ?? ""),
    check === undefined ? text("") : outcome(check.passed, check.passed ? "holds" : "does not hold"),
    ...(apart ? separate : []),
  ];
}

function verdict(name: string, value: number, reference: Reference | undefined): string {
  const found = reference === undefined ? undefined : compare(name, value, reference);
  return found === undefined ? text("") : `<td class="${found}">${MARKS[found]}`;
}

const head = (title: string): string => `<th>${escapeHtml(title)}`;
const numberHead = (title: string): string => `<th class="number">${escapeHtml(title)}`;

const text = (value: string): string => `<td>${escapeHtml(value)}`;
const number = (value: number | string): string => `<td class="number">${escapeHtml(String(value))}`;
const seconds = (value: number | undefined): string => number(value?.toFixed(1) ?? "");
const outcome = (passed: boolean, value: string): string =>
  `<td${passed ? "" : ' class="failed"'}>${escapeHtml(value)}`;

function tableOf(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const body = rows.map((row) => `<tr>${row.join("")}`).join("\n");
  return `<div class="wide"><table>\n<tr>${columns.join("")}\n${body}\n</table></div>`;
}
