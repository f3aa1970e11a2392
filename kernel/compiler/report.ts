import type { ErrorReport } from "../session/protocol.js";
import type { Diagnostic } from "./messages.js";

/** Diagnostics as lines of text: each with its place, its source line and a marker below it, and an empty line between. */
export function describeDiagnostics(diagnostics: readonly Diagnostic[], label: string): string[] {
  const lines = diagnostics.flatMap((diagnostic) => {
    const { line, column, length, text, file = label } = diagnostic;
    const indent = text.slice(0, column - 1).replace(/[^\t]/g, " ");
    const width = Math.max(1, Math.min(length, text.length - column + 1));
    return [
      `${file}, line ${line}, column ${column}`,
      `${String(line).padStart(6)} | ${text}`,
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
