import ts from "typescript";
import type { Diagnostic } from "./messages.js";
import { withoutCellModules } from "./scope.js";
import { isSloppy } from "./sloppy-mode.js";

/** "Could not find a declaration file for module …", and what follows from it for elements. */
const NO_DECLARATIONS = new Set([7016, 7026]);

/** What the parser alone has found wrong with a file. */
export function syntaxErrorsOf(file: ts.SourceFile): readonly ts.Diagnostic[] {
  const { parseDiagnostics } = file as ts.SourceFile & {
    readonly parseDiagnostics: readonly ts.Diagnostic[];
  };
  const isScript = (file.flags & ts.NodeFlags.JavaScriptFile) !== 0;
  return isScript ? parseDiagnostics.filter(({ code }) => !isSloppy(code)) : parseDiagnostics;
}

/** What cannot stand in a cell although it can in a module: nobody would get what is exported in this way. */
export function exportAssignmentsOf(file: ts.SourceFile): ts.Diagnostic[] {
  return file.statements
    .filter((statement) => ts.isExportAssignment(statement) && statement.isExportEquals === true)
    .map((statement) => ({
      file,
      category: ts.DiagnosticCategory.Error,
      code: 1203,
      messageText: "Export assignment cannot be used in a cell. Consider using 'export default' instead.",
      start: statement.getStart(file),
      length: statement.getWidth(file),
    }));
}

/**
 * Whether a diagnostic is of interest: not one of the header, and no hint.
 *
 * @param headerLength - how many characters stand before the cell in the checked file
 */
export function isError({ category, code, start = 0 }: ts.Diagnostic, headerLength: number): boolean {
  // A package without types is no reason not to use it.
  return category === ts.DiagnosticCategory.Error && start >= headerLength && !NO_DECLARATIONS.has(code);
}

/**
 * The errors of a cell or a module as the person gets to see them.
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
  return found.map(({ code, messageText, start = 0, length = 1 }) => {
    const before = source.slice(0, start - headerLength);
    const line = before.split("\n").length;
    const column = before.length - before.lastIndexOf("\n");
    const message = withoutCellModules(ts.flattenDiagnosticMessageText(messageText, "\n"));
    return { code, message, line, column, length, syntax, text: lines[line - 1] ?? "", file };
  });
}
