import ts from "typescript";
import type { Diagnostic } from "../../shared/compiler-messages.js";
import { withoutCellModules } from "../cells/cell-specifiers.js";

/** "Could not find a declaration file for module …", and what follows from it for elements. */
const NO_DECLARATIONS = new Set([7016, 7026]);

/** A part of a file. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** "Variable … implicitly has type … in some locations", and the error at each of these. */
const IMPLICIT = { variable: 7034, location: 7005 };

/**
 * The errors within the part of the checked file that the person has written.
 *
 * @param span - that part; what follows it need not be right either
 */
export function errorsIn(found: readonly ts.Diagnostic[], { start, end }: Span): ts.Diagnostic[] {
  const within = found.filter(
    ({ category, code, start: at = 0 }) =>
      // A package without types is no reason not to use it.
      category === ts.DiagnosticCategory.Error && at >= start && at <= end && !NO_DECLARATIONS.has(code),
  );
  const located = within.filter(({ code }) => code === IMPLICIT.location).map(variableOf);
  return within.filter((each) => each.code !== IMPLICIT.variable || located.includes(variableOf(each)));
}

const variableOf = ({ messageText }: ts.Diagnostic): string | undefined =>
  /'(.*?)'/.exec(ts.flattenDiagnosticMessageText(messageText, "\n"))?.[1];

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
