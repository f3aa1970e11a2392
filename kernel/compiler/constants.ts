import ts from "typescript";
import { assignedNames } from "./assigned-names.js";
import { runtimeMember } from "./module-syntax.js";

const { factory } = ts;

/** The assignments that need not assign, with what they ask first. */
const LOGICAL: ReadonlyMap<ts.SyntaxKind, ts.BinaryOperator> = new Map([
  [ts.SyntaxKind.BarBarEqualsToken, ts.SyntaxKind.BarBarToken],
  [ts.SyntaxKind.AmpersandAmpersandEqualsToken, ts.SyntaxKind.AmpersandAmpersandToken],
  [ts.SyntaxKind.QuestionQuestionEqualsToken, ts.SyntaxKind.QuestionQuestionToken],
]);

/**
 * Has assignments to a cell's or an earlier cell's `const` throw, as in any script. The session has it as a `let`, since
 * later cells may declare it anew. In TypeScript such cells do not run at all.
 *
 * @param file - the cell as it was checked
 */
export function constantAssignments(
  file: ts.SourceFile,
  checker: ts.TypeChecker,
): (context: ts.TransformationContext) => (node: ts.Node) => ts.Node {
  const constant = new Set<ts.Node>(assignedNames(file).filter((name) => isConstant(name, file, checker)));
  const isAssigned = (node: ts.Node): boolean => constant.has(ts.getOriginalNode(node));
  return (context) => {
    if (constant.size === 0) return (node) => node;
    const visit = (node: ts.Node): ts.Node => {
      if (isAssigned(node)) return runtimeMember("constant");
      const operator = ts.isBinaryExpression(node) ? LOGICAL.get(node.operatorToken.kind) : undefined;
      if (operator !== undefined && ts.isBinaryExpression(node) && isAssigned(node.left)) {
        const { left, right } = ts.visitEachChild(node, visit, context);
        const assigned = factory.createParenthesizedExpression(factory.createAssignment(left, right));
        const logical = factory.createBinaryExpression(node.left, operator, assigned);
        return ts.setTextRange(factory.createParenthesizedExpression(logical), node);
      }
      if (ts.isShorthandPropertyAssignment(node) && isAssigned(node.name)) {
        return factory.createPropertyAssignment(node.name.text, runtimeMember("constant"));
      }
      return ts.visitEachChild(node, visit, context);
    };
    return visit;
  };
}

/** Whether a name means a `const` at the top level of a cell. */
function isConstant(name: ts.Identifier, file: ts.SourceFile, checker: ts.TypeChecker): boolean {
  const symbol = ts.isShorthandPropertyAssignment(name.parent)
    ? checker.getShorthandAssignmentValueSymbol(name.parent)
    : checker.getSymbolAtLocation(name);
  const declaration = symbol?.valueDeclaration;
  if (declaration === undefined) return false;
  const list = ts.findAncestor(declaration, ts.isVariableDeclarationList);
  const isConst = list !== undefined && (list.flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.Const;
  return isConst && list.parent.parent === file;
}
