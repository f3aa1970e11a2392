/** How modules name each other and what stands at their top level. */
import ts from "typescript";

/** The session's object that compiled code calls. */
export const RUNTIME = ts.factory.createIdentifier("__rnnlab__");

export const runtimeMember = (name: string): ts.Expression =>
  ts.factory.createPropertyAccessExpression(RUNTIME, name);

/** Whether a node is the string by which code imports a module. */
export function namesModule(node: ts.Node): node is ts.StringLiteral {
  // Emit may have moved the string already; its place in the source is what counts.
  const original = ts.getOriginalNode(node);
  if (!ts.isStringLiteral(node) || !ts.isParseTreeNode(original)) return false;
  const { parent } = original;
  if (ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent))
    return parent.moduleSpecifier === original;
  if (ts.isExternalModuleReference(parent)) return true;
  return ts.isCallExpression(parent) && parent.arguments[0] === original && isLoader(parent.expression);
}

function isLoader(callee: ts.Expression): boolean {
  return (
    callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === "require")
  );
}

export function isImportCall(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
}

export function isRequireCall(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "require";
}

/** Whether a node is a call such as `process.getBuiltinModule("node:http2")`. */
export function isBuiltinCall(node: ts.Node): node is ts.CallExpression {
  return (
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    node.expression.name.text === "getBuiltinModule"
  );
}

/** Whether a text can name a module. Most cells name none, and need not be parsed to know which. */
export const mayImport = (source: string): boolean => /import|export|require|getBuiltin/.test(source);

export function isImportMeta(node: ts.Node): node is ts.MetaProperty {
  return ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword;
}

/** Whether a node throws what may be no error, which could not tell where that was. */
export function throwsAnything(node: ts.Node): node is ts.ThrowStatement {
  if (!ts.isThrowStatement(node) || !ts.isParseTreeNode(ts.getOriginalNode(node))) return false;
  const { expression } = node;
  const isNewError =
    ts.isNewExpression(expression) &&
    ts.isIdentifier(expression.expression) &&
    expression.expression.text.endsWith("Error");
  return !isNewError;
}

/** `throw x` → `throw __rnnlab__.throwing(x)`. */
export function throwThroughSession(statement: ts.ThrowStatement): ts.ThrowStatement {
  const { expression } = statement;
  const call = ts.factory.createCallExpression(runtimeMember("throwing"), undefined, [expression]);
  return ts.factory.updateThrowStatement(statement, ts.setTextRange(call, expression));
}

/** Whether a statement or an expression waits, so that what is around it is asynchronous. */
export function suspends(node: ts.Node): boolean {
  if (ts.isForOfStatement(node)) return node.awaitModifier !== undefined;
  if (!ts.isVariableDeclarationList(node)) return ts.isAwaitExpression(node);
  return (node.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing;
}
