import { messageOf } from "../../src/platform/message-of.js";
import type { Diagnostic } from "../shared/compiler-messages.js";
import { placeLines } from "../shared/place-lines.js";
import type { ErrorReport } from "../shared/session-messages.js";

/** How much is shown of a line that no person has written: what is around the place. */
const LONGEST_LINE = 120;

/** A diagnostic as a person reads it. */
export interface Finding {
  /** Its place, its source line and a marker below it. */
  readonly excerpt: readonly string[];
  readonly message: string;
}

/** @param label - what the cell is called */
export function findingOf(diagnostic: Diagnostic, label: string): Finding {
  const { line, column, length, text, file = label } = diagnostic;
  const from = text.length <= LONGEST_LINE ? 0 : Math.max(0, column - LONGEST_LINE / 2);
  const shown = text.slice(from, from + LONGEST_LINE);
  const indent = shown.slice(0, column - 1 - from).replace(/[^\t]/g, " ");
  const width = Math.max(1, Math.min(length, shown.length - indent.length));
  const excerpt = [
    ...placeLines({ label: file, line, column }),
    `${String(line).padStart(6)} | ${shown}`,
    `       | ${indent}^${"~".repeat(width - 1)}`,
  ];
  return { excerpt, message: describe(diagnostic) };
}

/** Diagnostics as lines of text, with an empty line between two of them. */
function describeDiagnostics(diagnostics: readonly Diagnostic[], label: string): string[] {
  const lines = diagnostics.flatMap((diagnostic) => {
    const { excerpt, message } = findingOf(diagnostic, label);
    return [...excerpt, ...message.split("\n"), ""];
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

/** TypeScript itself gave up, on code that is nested too deeply for instance. */
export function compilerError(failure: unknown, label: string): ErrorReport {
  const evalue = messageOf(failure);
  return { ename: "CompilerError", evalue, traceback: [label, `CompilerError: ${evalue}`] };
}
