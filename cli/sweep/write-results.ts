import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { escapeHtml, richDisplay } from "../../src/display/index.js";
import { figureBundle, figureSvg } from "../../src/plot/index.js";
import type { Sweep } from "../../src/sweep/index.js";
import { replaceFile } from "../notebooks/replace-file.js";

/** What the results are of. */
export interface ResultsOptions {
  readonly notebook: string;
  readonly metric: string | undefined;
  readonly direction: "minimize" | "maximize";
}

/**
 * The results for programs.
 *
 * @returns JSON, as docs/sweeps.md describes it
 */
export function resultsJson(sweep: Sweep, { notebook, metric, direction }: ResultsOptions): string {
  const { total, finished, failed, runs } = sweep;
  const best = metric === undefined ? null : sweep.best({ metric, direction }).id;
  return JSON.stringify(
    { notebook, metric: metric ?? null, total, finished: finished.length, failed: failed.length, best, runs },
    undefined,
    2,
  );
}

/**
 * Writes the results: as CSV, as JSON, and where there is a figure to draw, as a page and a picture.
 *
 * @param folder - of the sweep
 * @param sweep - the runs
 * @param options - notebook, figure, direction
 * @returns the paths of the files
 */
export function writeResults(folder: string, sweep: Sweep, options: ResultsOptions): string[] {
  const { metric, notebook } = options;
  const files = new Map([
    ["results.json", `${resultsJson(sweep, options)}\n`],
    ["results.csv", csvOf(sweep.rows)],
  ]);
  if (metric !== undefined) {
    const figure = sweep.figure({ metric });
    const table = sweep.table({ head: 1000, tail: 1000 })[richDisplay]()["text/html"];
    files.set("results.html", pageOf(`${notebook}: ${metric}`, [figureBundle(figure)["text/html"], table]));
    const svg = figureSvg(figure);
    if (svg !== undefined) files.set("results.svg", svg);
  }
  mkdirSync(folder, { recursive: true });
  return [...files].map(([name, text]) => {
    const path = join(folder, name);
    replaceFile(path, [text]);
    return path;
  });
}

function csvOf(rows: readonly Record<string, unknown>[]): string {
  const names = Object.keys(rows[0] ?? {});
  const lines = [names, ...rows.map((row) => names.map((name) => row[name]))];
  return lines.map((line) => `${line.map(csvField).join(",")}\r\n`).join("");
}

/** How a text begins that spreadsheets would compute. */
const FORMULA = /^[=+\-@\t\r]/;

/** As RFC 4180 has it. A text that would be a formula gets an apostrophe; numbers are numbers. */
function csvField(value: unknown): string {
  const written = typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
  const text = typeof value === "string" && FORMULA.test(written) ? `'${written}` : written;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const pageOf = (title: string, parts: readonly unknown[]): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<style>body { font-family: system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }</style></head>
<body>
${parts.join("\n")}
</body>
</html>
`;
