import ts from "typescript";
import { syntaxErrorsOf } from "./syntax-errors.js";

/** What makes an expression of a cell: it goes before and after the text, which stays where it is. */
export interface Wrapping {
  readonly before: string;
  readonly after: string;
}

type Parse = (source: string) => ts.SourceFile;

const NOTHING: Wrapping = { before: "", after: "" };
const PARENTHESES: Wrapping = { before: "(", after: "\n)" };

/**
 * How a cell must be wrapped to be read as it is meant: one that is nothing but an object literal would be a block, since it
 * begins a statement.
 */
export function wrappingOf(source: string, parse: Parse): Wrapping {
  return beginsWithBrace(source) && isObject(parse(`(${source}\n)`)) ? PARENTHESES : NOTHING;
}

/** Parses the beginning of a cell as that of an object literal, if it could be one. */
export function parseAsObject(source: string, parse: Parse): ts.SourceFile | undefined {
  return beginsWithBrace(source) ? parse(`(${source}`) : undefined;
}

function beginsWithBrace(source: string): boolean {
  const scanner = ts.createScanner(ts.ScriptTarget.ESNext, true, ts.LanguageVariant.Standard, source);
  return scanner.scan() === ts.SyntaxKind.OpenBraceToken;
}

function isObject(file: ts.SourceFile): boolean {
  const [statement] = file.statements;
  return (
    syntaxErrorsOf(file).length === 0 &&
    file.statements.length === 1 &&
    statement !== undefined &&
    ts.isExpressionStatement(statement) &&
    ts.isParenthesizedExpression(statement.expression) &&
    ts.isObjectLiteralExpression(statement.expression.expression)
  );
}
