import ts from "typescript";

/** One small change of a source that a test should notice. */
export interface Mutation {
  /** Where in the text it begins and ends. */
  readonly start: number;
  readonly end: number;
  /** What stands there instead. */
  readonly replacement: string;
}

const { SyntaxKind } = ts;

/** What an operator is replaced by. */
const OPERATORS: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [SyntaxKind.LessThanToken, "<="],
  [SyntaxKind.LessThanEqualsToken, "<"],
  [SyntaxKind.GreaterThanToken, ">="],
  [SyntaxKind.GreaterThanEqualsToken, ">"],
  [SyntaxKind.EqualsEqualsEqualsToken, "!=="],
  [SyntaxKind.ExclamationEqualsEqualsToken, "==="],
  [SyntaxKind.EqualsEqualsToken, "!="],
  [SyntaxKind.ExclamationEqualsToken, "=="],
  [SyntaxKind.PlusToken, "-"],
  [SyntaxKind.MinusToken, "+"],
  [SyntaxKind.AsteriskToken, "/"],
  [SyntaxKind.SlashToken, "*"],
  [SyntaxKind.PercentToken, "*"],
  [SyntaxKind.PlusEqualsToken, "-="],
  [SyntaxKind.MinusEqualsToken, "+="],
  [SyntaxKind.AmpersandAmpersandToken, "||"],
  [SyntaxKind.BarBarToken, "&&"],
]);

/**
 * Finds the mutations of a source: operators turned round, conditions that always or never hold, literals that are
 * changed, and statements that are left out. Types and messages of errors stay as they are.
 *
 * @param text - TypeScript
 * @returns them in the order of the text
 */
export function mutationsOf(text: string): Mutation[] {
  const file = ts.createSourceFile("source.ts", text, ts.ScriptTarget.Latest, true);
  const found: Mutation[] = [];
  const visit = (node: ts.Node): void => {
    if (isLeftAlone(node)) return;
    for (const [changed, replacement] of changesOf(node)) {
      found.push({ start: changed.getStart(file), end: changed.getEnd(), replacement });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found.sort((a, b) => a.start - b.start || a.end - b.end);
}

/**
 * Applies a mutation.
 *
 * @param text - the source
 * @param mutation - one of its mutations
 * @returns the changed source
 */
export function mutate(text: string, { start, end, replacement }: Mutation): string {
  return text.slice(0, start) + replacement + text.slice(end);
}

/** Nothing at run time depends on types and imports, and a thrown error is one whatever it says. */
function isLeftAlone(node: ts.Node): boolean {
  return (
    ts.isTypeNode(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isImportDeclaration(node) ||
    ts.isExportDeclaration(node) ||
    ts.isThrowStatement(node)
  );
}

function* changesOf(node: ts.Node): Generator<[node: ts.Node, replacement: string]> {
  if (ts.isBinaryExpression(node)) {
    const { left, operatorToken, right } = node;
    const other = OPERATORS.get(operatorToken.kind);
    // Texts are put together, and have no difference.
    const ofTexts = [left, right].some(
      (side) => ts.isStringLiteralLike(side) || ts.isTemplateExpression(side),
    );
    if (other !== undefined && !ofTexts) yield [operatorToken, other];
    if (operatorToken.kind === SyntaxKind.QuestionQuestionToken) yield [node, `(${left.getText()})!`];
  } else if (ts.isIfStatement(node)) {
    yield [node.expression, "true"];
    yield [node.expression, "false"];
  } else if (ts.isConditionalExpression(node)) {
    yield [node.condition, "true"];
    yield [node.condition, "false"];
  } else if (ts.isWhileStatement(node)) {
    yield [node.expression, "false"];
  } else if (ts.isPrefixUnaryExpression(node)) {
    const { operator, operand } = node;
    if (operator === SyntaxKind.ExclamationToken || operator === SyntaxKind.MinusToken)
      yield [node, operand.getText()];
  } else if (ts.isNumericLiteral(node)) {
    yield [node, node.text === "0" ? "1" : `(${node.getText()} + 1)`];
  } else if (node.kind === SyntaxKind.TrueKeyword || node.kind === SyntaxKind.FalseKeyword) {
    yield [node, node.kind === SyntaxKind.TrueKeyword ? "false" : "true"];
  } else if (ts.isExpressionStatement(node) && !isSuper(node.expression)) {
    yield [node, ";"];
  }
}

/** A class without this call would fail at once in every test. */
function isSuper(expression: ts.Expression): boolean {
  return ts.isCallExpression(expression) && expression.expression.kind === SyntaxKind.SuperKeyword;
}
