import type { ErrorReport } from "../session/protocol.js";
import type { Diagnostic } from "./messages.js";

/** The error that stops a cell before it runs: every diagnostic with its source line and a marker below it. */
export function reportDiagnostics(diagnostics: readonly Diagnostic[], label: string): ErrorReport {
  const traceback = diagnostics.flatMap(({ code, message, line, column, length, text, file = label }) => {
    const indent = text.slice(0, column - 1).replace(/[^\t]/g, " ");
    const width = Math.max(1, Math.min(length, text.length - column + 1));
    const described = `TS${code}: ${message}`.split("\n");
    return [
      `${file}, line ${line}, column ${column}`,
      `${String(line).padStart(6)} | ${text}`,
      `       | ${indent}^${"~".repeat(width - 1)}`,
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
