/**
 * Variables without a type of their own: `let best = null`, `let rows = []`, `let options = {}`, `let model`.
 *
 * Within one file TypeScript gives such a variable the type of what it was assigned last. Cells are files of their own, so
 * each notes at its end what type the variable has by then, and the next one begins with a variable that has it and may be
 * assigned anything again.
 *
 * Where a function uses the variable, TypeScript cannot tell the order of things: it may be anything there.
 */
import ts from "typescript";
import type { OpenVariable } from "../../shared/compiler-messages.js";
import { assignedNames } from "../syntax/assigned-names.js";

/** What became of an open variable in a cell. */
export interface OpenEnd {
  readonly kind: OpenVariable["kind"];
  /** Its type at the end of the cell: one to be noted, none as an array is empty, or any. */
  readonly type: "noted" | "none" | "any";
}

/** How a cell uses the names that it has. */
export interface NameUses {
  /** The names that functions and classes use, whose code runs at another time. */
  readonly captured: ReadonlySet<string>;
  /** The names that it uses elsewhere, of those that it declares nowhere. */
  readonly atOnce: ReadonlySet<string>;
  readonly assigned: ReadonlySet<string>;
  /** The names of arrays to which the cell adds elements. */
  readonly filled: ReadonlySet<string>;
  /** Those that are filled before anything else is done with them. */
  readonly filledFirst: ReadonlySet<string>;
}

export function usesOf(file: ts.SourceFile): NameUses {
  const captured = new Set<string>();
  const atOnce = new Set<string>();
  const bound = new Set<string>();
  const filled = new Set<string>();
  const filledFirst = new Set<string>();
  const seen = new Set<string>();
  const visit = (node: ts.Node, inner: boolean): void => {
    if (ts.isIdentifier(node) && isBound(node)) bound.add(node.text);
    else if (ts.isIdentifier(node) && isReference(node)) {
      (inner ? captured : atOnce).add(node.text);
      if (isFilled(node)) {
        filled.add(node.text);
        if (!seen.has(node.text)) filledFirst.add(node.text);
      }
      seen.add(node.text);
    }
    const within = inner || ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isTypeQueryNode(node);
    ts.forEachChild(node, (child) => visit(child, within));
  };
  visit(file, false);
  for (const name of bound) atOnce.delete(name);
  return {
    captured,
    atOnce,
    assigned: new Set(assignedNames(file).map(({ text }) => text)),
    filled,
    filledFirst,
  };
}

/** Whether an identifier stands for a variable, and neither declares it nor names a property. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) || ts.isQualifiedName(parent)) {
    return node === (ts.isQualifiedName(parent) ? parent.left : parent.expression);
  }
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if ("propertyName" in parent && parent.propertyName === node) return ts.isExportSpecifier(parent);
  if ("label" in parent && parent.label === node) return false;
  return !("name" in parent && parent.name === node);
}

/** Whether an identifier is what a declaration calls something, other than a member. */
function isBound(node: ts.Identifier): boolean {
  const { parent } = node;
  return "name" in parent && parent.name === node && !isMemberOf(parent);
}

const isMemberOf = (parent: ts.Node): boolean =>
  ts.isPropertyAccessExpression(parent) ||
  ts.isObjectLiteralElement(parent) ||
  ts.isClassElement(parent) ||
  ts.isTypeElement(parent) ||
  ts.isEnumMember(parent);

const FILLING = new Set(["push", "unshift"]);

/** `rows` in `rows.push(…)`, `rows.unshift(…)` and `rows[i] = …`, which give an array the type of its elements. */
function isFilled({ parent }: ts.Identifier): boolean {
  if (ts.isPropertyAccessExpression(parent)) {
    return FILLING.has(parent.name.text) && ts.isCallExpression(parent.parent);
  }
  if (!ts.isElementAccessExpression(parent)) return false;
  const { parent: around } = parent;
  return (
    ts.isBinaryExpression(around) &&
    around.left === parent &&
    around.operatorToken.kind === ts.SyntaxKind.EqualsToken
  );
}

/** The open variables that a cell's top level declares, as they are at its end. */
export function declaredOpen(file: ts.SourceFile, uses: NameUses): Map<string, OpenEnd> {
  const found = new Map<string, OpenEnd>();
  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    const isConst = (statement.declarationList.flags & ts.NodeFlags.Constant) !== 0;
    for (const { name, type, initializer } of statement.declarationList.declarations) {
      if (!ts.isIdentifier(name) || type !== undefined) continue;
      const kind = openingOf(initializer);
      if (kind !== undefined && (!isConst || kind === "array"))
        found.set(name.text, endOf(name.text, kind, uses));
    }
  }
  return found;
}

/** What an open variable of an earlier cell is at the end of this one; undefined if it is what it was. */
export function changedOpen(name: string, { kind }: OpenVariable, uses: NameUses): OpenEnd | undefined {
  const changed = uses.assigned.has(name) || (kind === "array" && uses.filled.has(name));
  return changed ? endOf(name, kind, uses) : undefined;
}

function endOf(name: string, kind: OpenVariable["kind"], { captured, assigned, filled }: NameUses): OpenEnd {
  if (kind === "array" && !assigned.has(name)) {
    return { kind, type: captured.has(name) ? "any" : filled.has(name) ? "noted" : "none" };
  }
  return { kind: "value", type: captured.has(name) && assigned.has(name) ? "any" : "noted" };
}

function openingOf(initializer: ts.Expression | undefined): OpenVariable["kind"] | undefined {
  if (initializer === undefined || initializer.kind === ts.SyntaxKind.NullKeyword) return "value";
  if (ts.isIdentifier(initializer) && initializer.text === "undefined") return "value";
  if (ts.isVoidExpression(initializer)) return "value";
  if (ts.isArrayLiteralExpression(initializer) && initializer.elements.length === 0) return "array";
  return ts.isObjectLiteralExpression(initializer) && initializer.properties.length === 0
    ? "value"
    : undefined;
}

const endName = (name: string): string => `__end_${name}`;

/** What stands after a cell in the file that is checked: it notes the types that open variables have by then. */
export function footerOf(ends: ReadonlyMap<string, OpenEnd>): string {
  const noted = [...ends].filter(([, { type }]) => type === "noted");
  return noted.map(([name]) => `\nexport let ${endName(name)} = ${name};`).join("");
}

/** What later cells know of the open variables of a checked cell. */
export function knownEnds(
  ends: ReadonlyMap<string, OpenEnd>,
  cell: number,
  checker: ts.TypeChecker,
  file: ts.SourceFile,
): Map<string, OpenVariable> {
  const known = new Map<string, OpenVariable>();
  for (const [name, end] of ends) {
    const type = end.type === "noted" ? endType(checker, file, name) : undefined;
    // A cell whose end cannot be reached has nothing to say of it.
    const isKnown = type !== undefined && (type.flags & ts.TypeFlags.Never) === 0;
    known.set(name, {
      kind: end.kind,
      cell: isKnown ? cell : undefined,
      empty: isKnown ? isEmpty(checker, type) : end.type === "none",
    });
  }
  return known;
}

const isEmpty = (checker: ts.TypeChecker, type: ts.Type): boolean =>
  (checker.getNonNullableType(type).flags & ts.TypeFlags.Never) !== 0;

function endType(checker: ts.TypeChecker, file: ts.SourceFile, name: string): ts.Type | undefined {
  for (const statement of file.statements.toReversed()) {
    if (!ts.isVariableStatement(statement)) continue;
    const [declaration] = statement.declarationList.declarations;
    if (declaration?.name.getText(file) === endName(name)) return checker.getTypeAtLocation(declaration);
  }
  return undefined;
}

/**
 * What brings an open variable of an earlier cell into another one.
 *
 * @param keyword - what it was declared with
 * @param specifierOf - how headers name a cell
 */
export function openDeclaration(
  name: string,
  keyword: "let" | "const",
  { kind, cell, empty }: OpenVariable,
  { captured, assigned, filledFirst }: NameUses,
  specifierOf: (cell: number) => string,
): string {
  const known = cell === undefined ? undefined : `typeof import("${specifierOf(cell)}").${endName(name)}`;
  if (captured.has(name)) {
    // An array that is filled elsewhere has this type in TypeScript, too.
    if (kind === "array") return `declare ${keyword} ${name}: any[];`;
    return `declare let ${name}: ${known === undefined || empty || assigned.has(name) ? "any" : known};`;
  }
  if (kind === "value" || (assigned.has(name) && keyword === "let")) {
    return `let ${name}; ${name} = undefined! as ${known ?? (kind === "array" ? "any[]" : "any")};`;
  }
  if (empty && filledFirst.has(name)) return `${keyword} ${name} = [];`;
  return `${keyword} ${name} = []; ${name}.push(undefined! as ${known === undefined ? "any" : `(${known})[number]`});`;
}
