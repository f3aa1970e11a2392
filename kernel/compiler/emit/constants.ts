import ts from "typescript";
import { assignedNames } from "../syntax/assigned-names.js";
import { runtimeMember } from "../syntax/module-syntax.js";

const { factory } = ts;

/** The assignments that need not assign, with what they ask first. */
const LOGICAL: ReadonlyMap<ts.SyntaxKind, ts.BinaryOperator> = new Map([
  [ts.SyntaxKind.BarBarEqualsToken, ts.SyntaxKind.BarBarToken],
  [ts.SyntaxKind.AmpersandAmpersandEqualsToken, ts.SyntaxKind.AmpersandAmpersandToken],
  [ts.SyntaxKind.QuestionQuestionEqualsToken, ts.SyntaxKind.QuestionQuestionToken],
]);

/**
 * Makes assignments to a cell's or an earlier cell's `const` or import throw, as in any module. The session has these as `let`,
 * since later cells may declare them anew. Cells that are checked as TypeScript do not run at all.
 *
 * @param file - the cell as it was checked
 * @param isCell - whether a file is an earlier cell
 */
export function constantAssignments(
  file: ts.SourceFile,
  checker: ts.TypeChecker,
  isCell: (fileName: string) => boolean,
): (context: ts.TransformationContext) => (node: ts.Node) => ts.Node {
  const isConstant = (name: ts.Identifier): boolean => {
    const symbol = symbolOf(name, checker);
    return symbol !== undefined && (isTopLevelConst(symbol, file) || isImported(symbol, checker, isCell));
  };
  const constant = new Set<ts.Node>(assignedNames(file).filter(isConstant));
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

const symbolOf = (name: ts.Identifier, checker: ts.TypeChecker): ts.Symbol | undefined =>
  ts.isShorthandPropertyAssignment(name.parent)
    ? checker.getShorthandAssignmentValueSymbol(name.parent)
    : checker.getSymbolAtLocation(name);

const isTopLevelConst = ({ declarations = [] }: ts.Symbol, file: ts.SourceFile): boolean =>
  declarations.some((declaration) => {
    const root = ts.isBindingElement(declaration)
      ? ts.walkUpBindingElementsAndPatterns(declaration)
      : declaration;
    // Parameters, functions and what is caught may stand within a constant function.
    if (!ts.isVariableDeclaration(root) || !ts.isVariableDeclarationList(root.parent)) return false;
    const list = root.parent;
    const isConst = (list.flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.Const;
    return isConst && list.parent.parent === file;
  });

/** Whether a name is imported, and not only brought in from the earlier cell that has declared it. */
function isImported(
  symbol: ts.Symbol,
  checker: ts.TypeChecker,
  isCell: (fileName: string) => boolean,
): boolean {
  const isImport = symbol.declarations?.some(
    (each) => ts.isImportSpecifier(each) || ts.isImportClause(each) || ts.isNamespaceImport(each),
  );
  if (isImport !== true) return false;
  const { declarations = [] } = checker.getAliasedSymbol(symbol);
  return !declarations.some((each) => isCell(each.getSourceFile().fileName));
}
