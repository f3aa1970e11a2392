import ts from "typescript";
import type { Diagnostic } from "../../shared/compiler-messages.js";
import type { Finding, Range } from "../../shared/editor-messages.js";
import type { CellAnalysis } from "../cell-analysis.js";
import type { FoldedCell } from "./folded-cells.js";
import { offsetAt, rangeOf } from "./positions.js";

/** What an editor underlines in a cell. */
export function findingsOf({ cell, stops, shown }: FoldedCell, analysis: CellAnalysis): Finding[] {
  if (cell.mayFail) return [];
  const severity = stops.length > 0 ? "error" : "warning";
  return (stops.length > 0 ? stops : shown).map((each) => ({
    range: each.file === undefined ? rangeIn(cell.source, each) : importOf(cell.source, each.file, analysis),
    severity,
    code: each.code,
    message:
      each.file === undefined ? each.message : `${each.file}:${each.line}:${each.column}: ${each.message}`,
  }));
}

function rangeIn(source: string, { line, column, length }: Diagnostic): Range {
  const start = offsetAt(source, { line: line - 1, character: column - 1 });
  return rangeOf(source, start, Math.max(length, 1));
}

/** The import through which a cell has a module of the user's own: its specifier, or the first line if another imports it. */
function importOf(source: string, module: string, { language, host }: CellAnalysis): Range {
  const file = language.parse(source);
  const means = ({ text }: ts.StringLiteral): boolean =>
    host.resolve(text, host.current)?.resolvedFileName === module;
  const find = (node: ts.Node): ts.StringLiteral | undefined =>
    ts.isStringLiteral(node) && means(node) ? node : ts.forEachChild(node, find);
  const specifier = find(file);
  if (specifier === undefined) return rangeOf(source, 0, /^.*/.exec(source)?.[0].length ?? 0);
  const start = specifier.getStart(file);
  return rangeOf(source, start, specifier.end - start);
}
