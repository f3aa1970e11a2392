import type { ErrorReport } from "../session/protocol.js";
import type { Diagnostic } from "./messages.js";

/** How much is shown of a line that no person has written. */
const LONGEST_LINE = 200;

/** Diagnostics as lines of text: each with its place, its source line and a marker below it, and an empty line between. */
export function describeDiagnostics(diagnostics: readonly Diagnostic[], label: string): string[] {
  const lines = diagnostics.flatMap((diagnostic) => {
    const { line, column, length, text, file = label } = diagnostic;
    const from = text.length <= LONGEST_LINE ? 0 : Math.max(0, column - LONGEST_LINE / 2);
    const shown = text.slice(from, from + LONGEST_LINE);
    const indent = shown.slice(0, column - 1 - from).replace(/[^\t]/g, " ");
    const width = Math.max(1, Math.min(length, shown.length - indent.length));
    return [
      `${file}, line ${line}, column ${column}`,
      `${String(line).padStart(6)} | ${shown}`,
      `       | ${indent}^${"~".repeat(width - 1)}`,
      ...describe(diagnostic).split("\n"),
      "",
    ];
  });
  return lines.slice(0, -1);
}

/** The error that stops a cell before it runs. */
export function reportDiagnostics(diagnostics: readonly Diagnostic[], label: string): ErrorReport {
  const [first] = diagnostics;
  return {
    ename: first?.syntax === true ? "SyntaxError" : "TypeScriptError",
    evalue: first === undefined ? "" : describe(first),
    traceback: describeDiagnostics(diagnostics, label),
  };
}

const describe = ({ code, message }: Diagnostic): string =>
  code === undefined ? message : `TS${code}: ${message}`;
