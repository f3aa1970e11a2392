import ts from "typescript";
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
export function reportFindings(checked: readonly NotebookFindings[], format: Format): string {
  if (format === "json") return JSON.stringify(checked.flatMap(records), undefined, 2);
  const lines = checked.flatMap(format === "github" ? annotations : excerpts);
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
function annotations({ notebook, findings }: NotebookFindings): string[] {
  const lineOf = sourceLines(notebook.text);
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

/** Where the lines of cells stand in a notebook's file, both counted from 1. */
function sourceLines(text: string): (cell: number, line: number) => number {
  const file = ts.parseJsonText("notebook.json", text);
  const cells = member(file.statements[0]?.expression, "cells");
  return (cell, line) => {
    const at =
      cells !== undefined && ts.isArrayLiteralExpression(cells) ? cells.elements[cell - 1] : undefined;
    const source = member(at, "source");
    const lines = source !== undefined && ts.isArrayLiteralExpression(source) ? source.elements : [];
    const node = lines[line - 1] ?? source ?? at ?? file;
    return file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
  };
}

function member(node: ts.Node | undefined, name: string): ts.Expression | undefined {
  if (node === undefined || !ts.isObjectLiteralExpression(node)) return undefined;
  return node.properties
    .filter(ts.isPropertyAssignment)
    .find(({ name: key }) => ts.isStringLiteral(key) && key.text === name)?.initializer;
}

function summaryOf(checked: readonly NotebookFindings[]): string {
  const all = checked.flatMap(({ findings }) => findings);
  const errors = all.filter(({ severity }) => severity === "error").length;
  const counts = [countOf(errors, "error")];
  if (all.length > errors) counts.push(countOf(all.length - errors, "warning"));
  return `${counts.join(" and ")} in ${countOf(checked.length, "notebook")}`;
}

const countOf = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;
