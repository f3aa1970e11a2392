import ts from "typescript";
import { isAssignment } from "../syntax/assigned-names.js";

/**
 * Whether a node is wrong wherever it parses: TypeScript says so only together with the types, although no text after it
 * could mend it. These are the mistakes that one makes, not all there are.
 */
export function isMistake(node: ts.Node): boolean {
  if (ts.isVariableDeclaration(node)) return lacksValue(node);
  if (ts.isReturnStatement(node)) return ts.findAncestor(node, ts.isFunctionLike) === undefined;
  if (ts.isBreakOrContinueStatement(node)) return !leadsSomewhere(node);
  return ts.isBinaryExpression(node) && isAssignment(node) && !isAssignable(node.left);
}

/** Whether code only describes what is there already. */
export function isAmbient(node: ts.Node): boolean {
  const isDeclare = ({ kind }: ts.Node): boolean => kind === ts.SyntaxKind.DeclareKeyword;
  const declares = (each: ts.Node): boolean =>
    ts.canHaveModifiers(each) && each.modifiers?.some(isDeclare) === true;
  return ts.findAncestor(node, declares) !== undefined;
}

function lacksValue(declaration: ts.VariableDeclaration): boolean {
  const { name, initializer, parent: list } = declaration;
  if (initializer !== undefined || !ts.isVariableDeclarationList(list)) return false;
  if (ts.isForInStatement(list.parent) || ts.isForOfStatement(list.parent)) return false;
  const needsValue = (list.flags & (ts.NodeFlags.Const | ts.NodeFlags.Using)) !== 0 || !ts.isIdentifier(name);
  return needsValue && !isAmbient(declaration);
}

function leadsSomewhere(jump: ts.BreakOrContinueStatement): boolean {
  const isAim = (node: ts.Node): boolean | "quit" => {
    if (ts.isFunctionLike(node)) return "quit";
    if (jump.label !== undefined) return ts.isLabeledStatement(node) && node.label.text === jump.label.text;
    return ts.isIterationStatement(node, false) || (ts.isBreakStatement(jump) && ts.isSwitchStatement(node));
  };
  return ts.findAncestor(jump, isAim) !== undefined;
}

function isAssignable(node: ts.Expression): boolean {
  if (
    ts.isParenthesizedExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isTypeAssertionExpression(node)
  ) {
    return isAssignable(node.expression);
  }
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node))
    return !ts.isOptionalChain(node);
  return ts.isIdentifier(node) || ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node);
}
