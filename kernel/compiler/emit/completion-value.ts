import ts from "typescript";
import { letStatement, variable } from "../syntax/script-nodes.js";

const { factory } = ts;

/**
 * Keeps the value that a script completes with as it was written: that of the last expression which was evaluated as a
 * statement, in an `if`, a loop or a block, too. Declarations have no value. But the emit makes expressions of some, and adds
 * others: each of these becomes a part of a declaration.
 *
 * @returns a visitor of a cell's statements
 */
export function keepCompletionValue(context: ts.TransformationContext): (node: ts.Node) => ts.Node {
  const visit = (node: ts.Node): ts.Node => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return node;
    if (ts.isExpressionStatement(node)) return hasValue(node) ? node : withoutValue(node);
    return ts.visitEachChild(node, visit, context);
  };
  return visit;
}

/** Whether a statement stands for one that has a value: functions in blocks are some to V8. */
function hasValue(statement: ts.ExpressionStatement): boolean {
  const original = ts.getOriginalNode(statement);
  if (!ts.isParseTreeNode(original)) return false;
  const isBlockFunction = ts.isFunctionDeclaration(original) && !ts.isSourceFile(original.parent);
  return isBlockFunction || ts.isExpressionStatement(original) || ts.isExportAssignment(original);
}

/** `x = 1` → `{ let value = x = 1; }` */
function withoutValue(statement: ts.ExpressionStatement): ts.Statement {
  const declaration = letStatement([variable(factory.createUniqueName("value"), statement.expression)]);
  return factory.createBlock([ts.setTextRange(declaration, statement)]);
}
