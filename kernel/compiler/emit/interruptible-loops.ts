import ts from "typescript";
import { runtimeMember } from "../syntax/module-syntax.js";

const { factory } = ts;

/**
 * Lets an interrupt end any loop of a cell: each that calls anything also calls a function that does nothing. V8 looks
 * for an interrupt when it enters a JavaScript function, but in a loop that calls only functions of its own,
 * `for (;;) JSON.parse(text)`, no sooner than after thousands of turns. Where V8 allows it, optimised code inlines the call to nothing.
 *
 * Functions stay as they are, for they may be printed, or sent to where there is no session.
 *
 * @returns a visitor of a cell's statements
 */
export function interruptibleLoops(context: ts.TransformationContext): (node: ts.Node) => ts.Node {
  const visit = (node: ts.Node): ts.Node => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return node;
    const body = ts.isIterationStatement(node, false) && calls(node) ? node.statement : undefined;
    const visitChild = (child: ts.Node): ts.Node =>
      child === body ? withTurn(ts.visitNode(body, visit, ts.isStatement)) : visit(child);
    return ts.visitEachChild(node, visitChild, context);
  };
  return visit;
}

/** `body` → `{ __rnnlab__.turn(); body }` */
function withTurn(body: ts.Statement): ts.Block {
  const turn = factory.createExpressionStatement(
    factory.createCallExpression(runtimeMember("turn"), undefined, []),
  );
  return factory.createBlock([turn, ...(ts.isBlock(body) ? body.statements : [body])]);
}

/** Whether a node calls a function, apart from what the functions in it do. */
function calls(node: ts.Node): boolean {
  if (ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isTaggedTemplateExpression(node))
    return true;
  if (ts.isFunctionLike(node) || ts.isClassLike(node)) return false;
  return ts.forEachChild(node, calls) ?? false;
}
