import ts from "typescript";
import type { Declaration } from "../../shared/compiler-messages.js";
import { assignedNames } from "./assigned-names.js";
import { isGlobalName } from "./global-names.js";

/**
 * Adds the names that a cell assigns and nobody has declared: in a script that makes variables of the whole notebook.
 *
 * @param isKnown - whether an earlier cell has declared a name
 */
export function addUndeclared(
  declared: Map<string, Declaration>,
  file: ts.SourceFile,
  isKnown: (name: string) => boolean,
): void {
  for (const name of undeclaredNames(file)) {
    if (declared.has(name) || isKnown(name)) continue;
    declared.set(name, { value: "let", type: false, exported: false, ambient: false, undeclared: true });
  }
}

/** Those names among what a cell declares. */
export const undeclaredOf = (declared: ReadonlyMap<string, Declaration>): string[] =>
  [...declared].filter(([, { undeclared }]) => undeclared).map(([name]) => name);

function undeclaredNames(file: ts.SourceFile): Set<string> {
  const bound = new Set<string>();
  const visit = (node: ts.Node): void => {
    const isBinding =
      ts.isVariableDeclaration(node) || ts.isBindingElement(node) || ts.isParameter(node) || isNamed(node);
    if (isBinding && node.name !== undefined && ts.isIdentifier(node.name)) bound.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  const assigned = assignedNames(file).map(({ text }) => text);
  return new Set(assigned.filter((name) => !bound.has(name) && !isGlobalName(name)));
}

const isNamed = (node: ts.Node): node is ts.FunctionLikeDeclaration | ts.ClassLikeDeclaration =>
  ts.isFunctionDeclaration(node) ||
  ts.isFunctionExpression(node) ||
  ts.isClassLike(node) ||
  ts.isImportClause(node) ||
  ts.isImportSpecifier(node) ||
  ts.isNamespaceImport(node);

/**
 * A cell whose types are those of the variables that it makes by assigning them: `total = 5` is `var total = 5` to later
 * cells. What is only assigned within other code may be anything.
 */
export function declaringUndeclared(file: ts.SourceFile, names: readonly string[]): string {
  const open = new Set(names);
  let text = "";
  let end = 0;
  for (const statement of file.statements) {
    const name = assignedBy(statement);
    if (name === undefined || !open.delete(name)) continue;
    const start = statement.getStart(file);
    text += `${file.text.slice(end, start)}var `;
    end = start;
  }
  const others = open.size === 0 ? "" : `\nvar ${[...open].join(", ")};`;
  return text + file.text.slice(end) + others;
}

function assignedBy(statement: ts.Statement): string | undefined {
  if (!ts.isExpressionStatement(statement) || !ts.isBinaryExpression(statement.expression)) return undefined;
  const { left, operatorToken } = statement.expression;
  const isAssignment = operatorToken.kind === ts.SyntaxKind.EqualsToken && ts.isIdentifier(left);
  return isAssignment ? left.text : undefined;
}
