import ts from "typescript";
import type { Check } from "./check.js";
import { readSources } from "./sources.js";

/** A file's own numbers, texts and patterns have names in capitals. */
export const constantsAreCapitals: Check = {
  name: "a file's numbers, texts and patterns are named in capitals",
  run: async () => [...readSources()].flatMap(([path, text]) => smallConstants(path, text)),
};

const isLiteral = (node: ts.Expression): boolean =>
  ts.isLiteralExpression(node) ||
  (ts.isPrefixUnaryExpression(node) && isLiteral(node.operand)) ||
  (ts.isBinaryExpression(node) && isLiteral(node.left) && isLiteral(node.right)) ||
  ((ts.isAsExpression(node) || ts.isParenthesizedExpression(node)) && isLiteral(node.expression));

/**
 * Finds constants of a file that are named in another way.
 *
 * @param path - the file's name, for the messages
 * @param text - its content
 * @returns one line a problem
 */
export function smallConstants(path: string, text: string): string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const isConstant = (node: ts.Statement): node is ts.VariableStatement =>
    ts.isVariableStatement(node) && (node.declarationList.flags & ts.NodeFlags.Const) !== 0;
  const declarations = file.statements
    .filter(isConstant)
    .flatMap((node) => [...node.declarationList.declarations]);
  return declarations.flatMap(({ name, initializer }) => {
    if (!ts.isIdentifier(name) || initializer === undefined || !isLiteral(initializer)) return [];
    if (/^[A-Z][A-Z\d_]*$/.test(name.text)) return [];
    const line = file.getLineAndCharacterOfPosition(name.getStart(file)).line + 1;
    const capitals = name.text.replace(/(?<=[a-z\d])(?=[A-Z])/g, "_").toUpperCase();
    return [`${path}:${line}: write ${capitals} for ${name.text}`];
  });
}
