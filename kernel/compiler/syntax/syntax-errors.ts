import ts from "typescript";

/**
 * What TypeScript finds wrong with every module, since modules are always strict, but what a script may do. Where a script
 * may not either, in a class for instance, V8 says so.
 */
const SLOPPY: ReadonlySet<number> = new Set([
  // `arguments = 1`, `with`, `delete name`
  1100, 1101, 1102,
  // `010`, `"\07"`, `"\8"`, `09`
  1121, 1487, 1488, 1489,
  // `let`, `static`, `await` and others as names
  1210, 1212, 1213, 1214, 1215, 1262, 1359,
  // `label: function f() {}`
  1344,
]);

/** Whether a finding of TypeScript's is about strict mode only. */
export const isSloppy = (code: number): boolean => SLOPPY.has(code);

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
