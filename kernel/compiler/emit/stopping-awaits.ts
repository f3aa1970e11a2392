import ts from "typescript";
import { runtimeMember } from "../syntax/module-syntax.js";

const { factory } = ts;

/**
 * Lets an interrupted cell stop at its `await`s without being terminated: V8 drops all promise jobs that wait when it
 * terminates one, and a later cell may have awaited the same promise. Functions stay as they are, for they may be printed.
 *
 * @returns a visitor of a cell's statements
 */
export function stoppingAwaits(context: ts.TransformationContext): (node: ts.Node) => ts.Node {
  const visit = (node: ts.Node): ts.Node => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return node;
    const visited = ts.visitEachChild(node, visit, context);
    if (ts.isAwaitExpression(visited)) return stopping(visited);
    if (ts.isForOfStatement(visited) && visited.awaitModifier !== undefined) return withStoppingBody(visited);
    return ts.isTryStatement(visited) && awaits(node) ? withStoppingHandlers(visited) : visited;
  };
  return visit;
}

function awaits(node: ts.Node): boolean {
  if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined))
    return true;
  if (ts.isFunctionLike(node) || ts.isClassLike(node)) return false;
  return ts.forEachChild(node, awaits) ?? false;
}

const call = (name: string, ...args: ts.Expression[]): ts.Expression =>
  factory.createCallExpression(runtimeMember(name), undefined, args);
const never = (): ts.Expression => factory.createAwaitExpression(runtimeMember("never"));

/** `await x` → `__rnnlab__.isOver(await x) ? await __rnnlab__.never : __rnnlab__.awaited` */
function stopping(node: ts.AwaitExpression): ts.Expression {
  const awaited = runtimeMember("awaited");
  const condition = call("isOver", node);
  return factory.createParenthesizedExpression(
    factory.createConditionalExpression(condition, undefined, never(), undefined, awaited),
  );
}

/** `{ … }` → `{ if (__rnnlab__.isOver()) await __rnnlab__.never; … }` */
function stoppingBlock(block: ts.Block): ts.Block {
  const stop = factory.createIfStatement(call("isOver"), factory.createExpressionStatement(never()));
  return factory.updateBlock(block, [stop, ...block.statements]);
}

function withStoppingBody(node: ts.ForOfStatement): ts.ForOfStatement {
  const { statement } = node;
  const body = ts.isBlock(statement) ? statement : factory.createBlock([statement]);
  return factory.updateForOfStatement(
    node,
    node.awaitModifier,
    node.initializer,
    node.expression,
    stoppingBlock(body),
  );
}

/** What is awaited may have failed. */
function withStoppingHandlers(node: ts.TryStatement): ts.TryStatement {
  const { catchClause, finallyBlock } = node;
  const handler =
    catchClause &&
    factory.updateCatchClause(catchClause, catchClause.variableDeclaration, stoppingBlock(catchClause.block));
  return factory.updateTryStatement(
    node,
    node.tryBlock,
    handler,
    finallyBlock && stoppingBlock(finallyBlock),
  );
}
