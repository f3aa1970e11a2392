import ts from "typescript";
import { boundNames, isVar } from "../syntax/declarations.js";
import { at } from "../syntax/script-nodes.js";

const { factory } = ts;

/** Whether a cell says itself that it is strict. */
export function isStrict(statements: readonly ts.Statement[]): boolean {
  for (const statement of statements) {
    if (!ts.isExpressionStatement(statement) || !ts.isStringLiteral(statement.expression)) return false;
    if (statement.expression.text === "use strict") return true;
  }
  return false;
}

/**
 * The functions in blocks outside of functions, which belong to the scope around the blocks, too: all but those of whose
 * name the cell has something else.
 */
export function blockFunctionsOf(statements: readonly ts.Statement[]): ts.FunctionDeclaration[] {
  const taken = lexicalNames(statements);
  const found: ts.FunctionDeclaration[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionDeclaration(node)) {
      if (!ts.isSourceFile(node.parent) && isPlainFunction(node) && !taken.has(node.name?.text ?? ""))
        found.push(node);
      return;
    }
    if (!ts.isFunctionLike(node) && !ts.isClassLike(node)) ts.forEachChild(node, visit);
  };
  statements.forEach(visit);
  return found;
}

const isPlainFunction = ({ asteriskToken, modifiers }: ts.FunctionDeclaration): boolean =>
  asteriskToken === undefined && modifiers === undefined;

function lexicalNames(statements: readonly ts.Statement[]): Set<string> {
  const names = new Set<string>();
  for (const statement of statements) {
    if (ts.isClassDeclaration(statement) && statement.name !== undefined) names.add(statement.name.text);
    if (!ts.isVariableStatement(statement) || isVar(statement.declarationList)) continue;
    for (const { text } of boundNames(statement.declarationList)) names.add(text);
  }
  return names;
}

/**
 * Turns functions in blocks into what assigns them to their names at the start of their block. In the place of each stands
 * its name, for V8 takes such a function for the value of its statement.
 *
 * @param functions - those of {@link blockFunctionsOf}
 * @param functionValue - the function as a value
 */
export function hoistBlockFunctions(
  functions: readonly ts.FunctionDeclaration[],
  functionValue: (declaration: ts.FunctionDeclaration) => ts.Expression,
): (context: ts.TransformationContext) => (node: ts.Node) => ts.Node {
  const known = new Set<ts.Node>(functions);
  const isHoisted = (node: ts.Node): node is ts.FunctionDeclaration =>
    ts.isFunctionDeclaration(node) && known.has(ts.getOriginalNode(node));
  const nameOf = ({ name }: ts.FunctionDeclaration): ts.Identifier =>
    factory.createIdentifier(name?.text ?? "");
  const assignment = (declaration: ts.FunctionDeclaration): ts.Statement => {
    const assigned = factory.createAssignment(nameOf(declaration), functionValue(declaration));
    return ts.setTextRange(factory.createExpressionStatement(assigned), declaration);
  };
  const hoisted = (statements: readonly ts.Statement[]): ts.Statement[] => [
    ...statements.filter(isHoisted).map(assignment),
    ...statements.map((statement) =>
      isHoisted(statement) ? at(statement, factory.createExpressionStatement(nameOf(statement))) : statement,
    ),
  ];
  return (context) => {
    if (known.size === 0) return (node) => node;
    const visit = (node: ts.Node): ts.Node => {
      if (isHoisted(node)) return at(node, assignment(node));
      if (ts.isFunctionLike(node) || ts.isClassLike(node)) return node;
      const own = ts.isBlock(node)
        ? factory.updateBlock(node, hoisted(node.statements))
        : ts.isCaseClause(node)
          ? factory.updateCaseClause(node, node.expression, hoisted(node.statements))
          : ts.isDefaultClause(node)
            ? factory.updateDefaultClause(node, hoisted(node.statements))
            : node;
      return ts.visitEachChild(own, visit, context);
    };
    return visit;
  };
}
