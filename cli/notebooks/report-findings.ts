import { findingOf } from "../../kernel/requests/diagnostic-report.js";
import type { NotebookFindings } from "./check-notebooks.js";

/** How findings are written: for people, for programs, or as annotations of a GitHub workflow. */
export const FORMATS = ["text", "json", "github"] as const;

/** One of {@link FORMATS}. */
export type Format = (typeof FORMATS)[number];

/**
 * Writes down what was found.
 *
 * @param checked - the notebooks with what is wrong with them
 * @param format - how it is written
 * @returns the text, without a final line break
 */
export async function reportFindings(checked: readonly NotebookFindings[], format: Format): Promise<string> {
  if (format === "json") return JSON.stringify(checked.flatMap(records), undefined, 2);
  const lines = format === "github" ? await annotationsOf(checked) : checked.flatMap(excerpts);
  return [...lines, summaryOf(checked)].join("\n");
}

function excerpts({ notebook, findings }: NotebookFindings): string[] {
  return findings.flatMap(({ cell, severity, diagnostic }) => {
    const { excerpt, message } = findingOf(diagnostic, `${notebook.path}, cell ${cell.number}`);
    return [...excerpt, `${severity}: ${message}`, ""];
  });
}

function records({ notebook, findings }: NotebookFindings): object[] {
  return findings.map(({ cell, severity, diagnostic }) => {
    const { code, message, line, column, length, file } = diagnostic;
    const place = { notebook: notebook.path, cell: cell.number, id: cell.id, file, line, column, length };
    return { ...place, severity, code, message };
  });
}

/** An annotation stands at the line of the notebook's file, where a review shows it. */
async function annotationsOf(checked: readonly NotebookFindings[]): Promise<string[]> {
  // TypeScript reads the file: who asks for no annotations does not wait for it to load.
  const { sourceLines } = await import("./source-lines.js");
  return checked.flatMap((each) => annotations(each, sourceLines(each.notebook.text)));
}

function annotations(
  { notebook, findings }: NotebookFindings,
  lineOf: (cell: number, line: number) => number,
): string[] {
  return findings.map(({ cell, severity, diagnostic }) => {
    const { line, column, code, message, file } = diagnostic;
    const [path, at] = file === undefined ? [notebook.path, lineOf(cell.number, line)] : [file, line];
    const title = `cell ${cell.number}, line ${line}, column ${column}`;
    const properties = { file: path, line: String(at), title };
    const written = Object.entries(properties).map(
      ([name, value]) => `${name}=${escaped(value, /[%\r\n:,]/g)}`,
    );
    const text = code === undefined ? message : `TS${code}: ${message}`;
    return `::${severity} ${written.join(",")}::${escaped(text, /[%\r\n]/g)}`;
  });
}

/** GitHub's commands take these characters in hexadecimal. */
const escaped = (text: string, special: RegExp): string =>
  text.replace(
    special,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );

function summaryOf(checked: readonly NotebookFindings[]): string {
  const all = checked.flatMap(({ findings }) => findings);
  const errors = all.filter(({ severity }) => severity === "error").length;
  const counts = [countOf(errors, "error")];
  if (all.length > errors) counts.push(countOf(all.length - errors, "warning"));
  return `${counts.join(" and ")} in ${countOf(checked.length, "notebook")}`;
}

const countOf = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;
