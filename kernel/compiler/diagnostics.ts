import ts from "typescript";
import type { ErrorReport } from "../session/protocol.js";
import type { Diagnostic } from "./messages.js";
import { withoutCellModules } from "./scope.js";

/** "Could not find a declaration file for module …" */
const NO_DECLARATIONS = 7016;

/**
 * The errors of a cell or a module, without those of its header.
 *
 * @param headerLength - how many characters stand before the cell in the checked file
 */
export function diagnosticsOf(
  found: readonly ts.Diagnostic[],
  source: string,
  headerLength: number,
  syntax: boolean,
  file?: string,
): Diagnostic[] {
  const lines = source.split("\n");
  return (
    found
      .filter(({ category, start = 0 }) => category === ts.DiagnosticCategory.Error && start >= headerLength)
      // A package without types is no reason not to use it.
      .filter(({ code }) => code !== NO_DECLARATIONS)
      .map(({ code, messageText, start = 0, length = 1 }) => {
        const before = source.slice(0, start - headerLength);
        const line = before.split("\n").length;
        const column = before.length - before.lastIndexOf("\n");
        const message = withoutCellModules(ts.flattenDiagnosticMessageText(messageText, "\n"));
        return { code, message, line, column, length, syntax, text: lines[line - 1] ?? "", file };
      })
  );
}

/** The error that stops a cell before it runs: every diagnostic with its source line and a marker below it. */
export function reportDiagnostics(diagnostics: readonly Diagnostic[], label: string): ErrorReport {
  const traceback = diagnostics.flatMap(({ code, message, line, column, length, text, file = label }) => {
    const indent = text.slice(0, column - 1).replace(/[^\t]/g, " ");
    const width = Math.max(1, Math.min(length, text.length - column + 1));
    const described = `TS${code}: ${message}`.split("\n");
    return [
      `${file}, line ${line}, column ${column}`,
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
