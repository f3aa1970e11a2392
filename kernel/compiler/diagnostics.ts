import ts from "typescript";
import type { ErrorReport } from "../session/protocol.js";
import type { Diagnostic } from "./messages.js";

/**
 * The errors of a cell, without those of its header.
 *
 * @param headerLength - how many characters stand before the cell in the checked file
 */
export function diagnosticsOf(
  found: readonly ts.Diagnostic[],
  source: string,
  headerLength: number,
  syntax: boolean,
): Diagnostic[] {
  return found
    .filter(({ category, start = 0 }) => category === ts.DiagnosticCategory.Error && start >= headerLength)
    .map(({ code, messageText, start = 0, length = 1 }) => {
      const before = source.slice(0, start - headerLength);
      const line = before.split("\n").length;
      const column = before.length - before.lastIndexOf("\n");
      return {
        code,
        message: ts.flattenDiagnosticMessageText(messageText, "\n"),
        line,
        column,
        length,
        syntax,
      };
    });
}

/** The error that stops a cell before it runs: every diagnostic with its source line and a marker below it. */
export function reportDiagnostics(
  diagnostics: readonly Diagnostic[],
  source: string,
  label: string,
): ErrorReport {
  const lines = source.split("\n");
  const traceback = diagnostics.flatMap(({ code, message, line, column, length }) => {
    const text = lines[line - 1] ?? "";
    const indent = text.slice(0, column - 1).replace(/[^\t]/g, " ");
    const width = Math.max(1, Math.min(length, text.length - column + 1));
    const described = `TS${code}: ${message}`.split("\n");
    return [
      `${label}, line ${line}, column ${column}`,
      `${String(line).padStart(6)} | ${text}`,
      `       | ${indent}${"~".repeat(width)}`,
      ...described,
      "",
    ];
  });
  const [first] = diagnostics;
  return {
    ename: first?.syntax === true ? "SyntaxError" : "TypeScriptError",
    evalue: first === undefined ? "" : `TS${first.code}: ${first.message}`,
    traceback: traceback.slice(0, -1),
  };
}
