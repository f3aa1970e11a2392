/** What the statements of an emitted script are made of. */
import ts from "typescript";

const { factory } = ts;

/** `name = value`, as a declaration has it. */
export const variable = (name: string | ts.BindingName, value?: ts.Expression): ts.VariableDeclaration =>
  factory.createVariableDeclaration(name, undefined, undefined, value);

export const letStatement = (declarations: readonly ts.VariableDeclaration[]): ts.VariableStatement =>
  factory.createVariableStatement(
    undefined,
    factory.createVariableDeclarationList(declarations, ts.NodeFlags.Let),
  );

/** A statement in the place of what the user wrote. */
export function at<Node extends ts.Statement>(original: ts.Statement, node: Node): Node {
  return ts.setOriginalNode(ts.setTextRange(node, original), original) as Node;
}
