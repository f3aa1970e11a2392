import { readFileSync } from "node:fs";
import { REPORT_TYPE } from "../../src/platform/report-type.js";

/** What is kept of one notebook's run: an entry of `out/results.json`. */
export interface Result {
  readonly notebook: string;
  /** Which data it used; null when it failed before it could tell. */
  readonly data: "real" | "sample" | null;
  readonly size: "quick" | "full";
  readonly seconds: number;
  readonly passed: boolean;
  readonly error: string | null;
  readonly figures: Readonly<Record<string, number>>;
}

/** The report that the closing cell of a lecture publishes. */
export interface Report {
  readonly data: "real" | "sample";
  readonly figures: Readonly<Record<string, number>>;
  readonly checks: readonly { readonly name: string; readonly rule: string; readonly passed: boolean }[];
  /** The figures' names by the lecture's sections, in their order. */
  readonly sections?: readonly { readonly title: string; readonly figures: readonly string[] }[];
  /** What others report of the same figures. */
  readonly references?: Readonly<Record<string, Readonly<Partial<Record<"published" | "keras", Reference>>>>>;
}

/** A number, or a text with one or with a range. */
export type Reference = number | string;

interface Cell {
  readonly outputs?: readonly { readonly data?: Readonly<Record<string, unknown>> }[];
}

/**
 * Finds the report in an executed notebook.
 *
 * @param notebook - the notebook's content
 * @returns the last report that a cell published, or undefined
 */
export function findReport(notebook: { readonly cells: readonly Cell[] }): Report | undefined {
  const outputs = notebook.cells.flatMap((cell) => cell.outputs ?? []);
  return outputs
    .map((output) => output.data?.[REPORT_TYPE] as Report | undefined)
    .findLast((report) => report !== undefined);
}

/**
 * Reads the report of a notebook.
 *
 * @param executed - path of the executed notebook
 * @returns its report; undefined if there is no such file, or no report in it
 */
export function readReport(executed: string): Report | undefined {
  try {
    return findReport(JSON.parse(readFileSync(executed, "utf8")));
  } catch (error) {
    // The client died before it wrote the notebook: its error is the result.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Writes the results: the figures of each notebook, then a table of them all.
 *
 * @param results - one a notebook
 * @returns the lines; the table has notebook, data, seconds, number of figures, and passed or failed
 */
export function table(results: readonly Result[]): string[] {
  const rows = results.map((result) => [
    result.notebook,
    result.data ?? "-",
    result.seconds.toFixed(1),
    String(Object.keys(result.figures).length),
    result.passed ? "passed" : "failed",
  ]);
  const all = [["notebook", "data", "seconds", "figures", "result"], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const details = results.flatMap((result) => [
    `${result.notebook}${result.error === null ? "" : `: ${result.error}`}`,
    ...Object.entries(result.figures).map(([name, value]) => `  ${name} = ${shorten(value)}`),
    "",
  ]);
  return [...details, ...lines];
}

function shorten(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(5);
}
