import ts from "typescript";
import { gapAt } from "./places.js";

/** What is called with an expression where it was put into a text. No cell knows the name. */
const PROBE = "__rnnlab_probe__";

/** A text with an expression in it. */
export interface Probed {
  readonly text: string;
  /** Where the expression stands. */
  readonly start: number;
  readonly end: number;
}

/** Puts an expression into a text so that it sees what the code at an offset sees. */
export function probe(file: ts.SourceFile, offset: number, expression: string): Probed {
  const { text } = file;
  const { at, before, after, close } = gapAt(file, offset);
  const opening = `${before}${PROBE}((`;
  const start = at + opening.length;
  const rest =
    close === undefined ? text.slice(at) : text.slice(at, close.at) + close.text + text.slice(close.at);
  return {
    text: `${text.slice(0, at)}${opening}${expression}\n))${after}${rest}`,
    start,
    end: start + expression.length,
  };
}

/** What has become of the expression in the emitted JavaScript. */
export function probedExpression(javascript: string): string {
  const file = ts.createSourceFile("probe.js", javascript, ts.ScriptTarget.ESNext, true);
  const find = (node: ts.Node): string | undefined => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === PROBE)
      return node.arguments[0]?.getText(file);
    return ts.forEachChild(node, find);
  };
  const found = find(file);
  if (found === undefined) throw new Error("Cannot evaluate here: TypeScript has left the code out");
  return found;
}

/** Why a text is no expression that can be evaluated while the code is stopped; undefined where it is. */
export function expressionProblem(expression: string): string | undefined {
  const file = ts.createSourceFile("expression.ts", `(${expression}\n)`, ts.ScriptTarget.ESNext, true);
  const { parseDiagnostics } = file as ts.SourceFile & {
    readonly parseDiagnostics: readonly ts.Diagnostic[];
  };
  const [first] = parseDiagnostics;
  if (first !== undefined) return ts.flattenDiagnosticMessageText(first.messageText, "\n");
  const [statement] = file.statements;
  if (file.statements.length !== 1 || statement === undefined || !ts.isExpressionStatement(statement))
    return "An expression is expected, and no statement";
  const awaits = (node: ts.Node): boolean =>
    ts.isAwaitExpression(node) || (!ts.isFunctionLike(node) && ts.forEachChild(node, awaits) === true);
  return awaits(statement) ? "Code that is stopped cannot await anything" : undefined;
}

/** The type of the expression at an offset, as a cell can write it. */
export function typeOf(checker: ts.TypeChecker, file: ts.SourceFile, start: number): string {
  const find = (node: ts.Node): ts.Node | undefined => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === PROBE) {
      const [argument] = node.arguments;
      return argument !== undefined && ts.isParenthesizedExpression(argument)
        ? argument.expression
        : argument;
    }
    return ts.forEachChild(node, (child) =>
      child.pos <= start && start < child.end ? find(child) : undefined,
    );
  };
  const node = find(file);
  if (node === undefined) return "any";
  const type = checker.getBaseTypeOfLiteralType(checker.getTypeAtLocation(node));
  return checker.typeToString(type, node, ts.TypeFormatFlags.NoTruncation);
}

/** A place in a text as an offset; lines and columns count from 1. */
export function offsetIn(text: string, line: number, column: number): number {
  let start = 0;
  for (let left = line - 1; left > 0; left--) {
    const end = text.indexOf("\n", start);
    if (end === -1) break;
    start = end + 1;
  }
  return Math.min(start + column - 1, text.length);
}

export const offsetOf = ({ text }: ts.SourceFile, line: number, column: number): number =>
  offsetIn(text, line, column);
