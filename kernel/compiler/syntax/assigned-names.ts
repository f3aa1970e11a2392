import ts from "typescript";

/** The names that code assigns to, anywhere in a file, as they are written: in patterns and loops, too. */
export function assignedNames(file: ts.SourceFile): ts.Identifier[] {
  const found: ts.Identifier[] = [];
  const target = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) found.push(node);
    else if (ts.isParenthesizedExpression(node) || ts.isSpreadElement(node)) target(node.expression);
    else if (ts.isArrayLiteralExpression(node)) node.elements.forEach(target);
    else if (ts.isObjectLiteralExpression(node)) node.properties.forEach(target);
    else if (ts.isPropertyAssignment(node)) target(node.initializer);
    else if (ts.isShorthandPropertyAssignment(node)) target(node.name);
    else if (ts.isSpreadAssignment(node)) target(node.expression);
    // A default within a pattern.
    else if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      target(node.left);
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && isAssignment(node)) target(node.left);
    else if (ts.isPostfixUnaryExpression(node)) target(node.operand);
    else if (ts.isPrefixUnaryExpression(node) && isStep(node)) target(node.operand);
    else if ((ts.isForInStatement(node) || ts.isForOfStatement(node)) && isExpression(node)) {
      target(node.initializer);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Whether an operator assigns to what stands on its left. */
export function isAssignment({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

const isStep = ({ operator }: ts.PrefixUnaryExpression): boolean =>
  operator === ts.SyntaxKind.PlusPlusToken || operator === ts.SyntaxKind.MinusMinusToken;

const isExpression = ({ initializer }: ts.ForInOrOfStatement): boolean =>
  !ts.isVariableDeclarationList(initializer);
