import type { RunResult } from "../notebooks/run-notebook.js";

/** What became of a notebook that was to run. */
export interface NotebookReport {
  readonly notebook: string;
  /** The executed notebook; undefined where none was written. */
  readonly output: string | undefined;
  readonly html: string | undefined;
  readonly parameters: object;
  /** The figures that it reports. */
  readonly figures: Readonly<Record<string, number>>;
  /** How many of its cells have code. */
  readonly total: number;
  readonly result: RunResult | undefined;
  /** Why it did not run, or why its output could not be written. */
  readonly problem: string | undefined;
}

/** The word for what became of a notebook. */
const outcomeOf = ({ result, problem }: NotebookReport): string =>
  problem !== undefined ? "failed" : (result?.outcome ?? "not run");

/**
 * The reports for programs.
 *
 * @returns JSON, as docs/running-notebooks.md describes it
 */
export function reportJson(reports: readonly NotebookReport[]): string {
  const notebooks = reports.map((report) => {
    const { notebook, output = null, html = null, parameters, figures, result, problem } = report;
    const cells = (result?.cells ?? []).map(({ number, cell, outcome, seconds, error }) => ({
      cell: number,
      id: cell.id,
      outcome,
      seconds: rounded(seconds),
      error: error ?? null,
    }));
    const failed = cells.at(-1);
    const error = problem !== undefined ? { message: problem } : failed === undefined ? null : failed.error;
    return {
      notebook,
      outcome: outcomeOf(report),
      output,
      html,
      parameters,
      figures,
      seconds: rounded(result?.seconds ?? 0),
      error,
      cells,
    };
  });
  return JSON.stringify({ notebooks }, undefined, 2);
}

/** The reports as a table for people. */
export function reportTable(reports: readonly NotebookReport[]): string {
  const rows = reports.map((report) => {
    const { notebook, result, total } = report;
    const cells = `${result?.cells.length ?? 0} of ${total}`;
    return [notebook, cells, (result?.seconds ?? 0).toFixed(1), `${outcomeOf(report)}${reasonOf(report)}`];
  });
  const table = [["notebook", "cells", "seconds", "outcome"], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const lines = table.map((row) =>
    row
      .map((text, column) =>
        column === 0 || column === 3 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0),
      )
      .join("  "),
  );
  return lines.join("\n");
}

function reasonOf({ result, problem }: NotebookReport): string {
  if (problem !== undefined) return `: ${problem.split("\n", 1)[0]}`;
  const last = result?.cells.at(-1);
  if (result?.outcome !== "failed" || last?.error === undefined) return "";
  const { ename, evalue } = last.error;
  return `: cell ${last.number}, ${ename}: ${evalue.split("\n", 1)[0]}`;
}

const rounded = (seconds: number): number => Math.round(seconds * 1000) / 1000;
