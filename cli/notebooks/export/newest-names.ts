import ts from "typescript";
import type { Edit } from "./edits.js";
import type { NameVersions } from "./name-versions.js";

/** Methods of JavaScript's own that call what they are given before they return. */
const AT_ONCE = new Set(
  (
    "every filter find findIndex findLast findLastIndex flatMap forEach from map reduce reduceRight replace replaceAll " +
    "some sort toSorted"
  ).split(" "),
);

/** What functions of earlier cells see of names that later cells declare anew. */
export interface NewestNames {
  /** The names in functions, which ask the object for the newest declaration. */
  readonly edits: readonly Edit[];
  /** The object's members; empty where nothing needs it. */
  readonly members: readonly string[];
  /** The later declarations that have to be noted, each with the members that it changes. */
  readonly noted: ReadonlyMap<string, readonly string[]>;
}

/**
 * Finds the functions that use a variable which a later cell declares anew. In the notebook it is one variable to them, so
 * they see the newest value.
 *
 * @param file - the module
 * @param checker - that knows its types
 * @param names - what has taken the place of what
 * @param object - what the object is called
 */
export function newestNames(
  file: ts.SourceFile,
  checker: ts.TypeChecker,
  names: NameVersions,
  object: string,
): NewestNames {
  const edits: Edit[] = [];
  const read = new Set<string>();
  const written = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && names.successors.has(node.text)) {
      const edit = linked(node, checker, object);
      if (edit !== undefined) {
        edits.push(edit);
        read.add(node.text);
        if (isAssigned(node)) written.add(node.text);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  const noted = new Map<string, string[]>();
  for (const name of read) {
    for (let later = names.successors.get(name); later !== undefined; later = names.successors.get(later))
      noted.set(later, [...(noted.get(later) ?? []), name]);
  }
  const members = [...read].flatMap((name) => [
    `get ${name}(): typeof ${name} { return ${name}; },`,
    ...(written.has(name) ? [`set ${name}(value: typeof ${name}) { ${name} = value; },`] : []),
  ]);
  return { edits, members, noted };
}

function linked(node: ts.Identifier, checker: ts.TypeChecker, object: string): Edit | undefined {
  const { parent } = node;
  const symbol = ts.isShorthandPropertyAssignment(parent)
    ? checker.getShorthandAssignmentValueSymbol(parent)
    : checker.getSymbolAtLocation(node);
  const [declaration] = symbol?.declarations ?? [];
  if (symbol === undefined || declaration === undefined || !isTopLevel(declaration)) return undefined;
  if (
    ts.isTypeNode(parent) ||
    ts.isQualifiedName(parent) ||
    isNameOf(node, symbol) ||
    !runsLater(node, checker)
  )
    return undefined;
  const declared = checker.getTypeOfSymbol(symbol);
  const narrowed = checker.getTypeAtLocation(node);
  const access = `${object}.${node.text}`;
  const isNarrowed =
    !checker.isTypeAssignableTo(declared, narrowed) &&
    !isAssigned(node) &&
    (symbol.flags & ts.SymbolFlags.Variable) !== 0;
  const isPresent = isNarrowed && checker.getNonNullableType(declared) === narrowed;
  const type = checker.typeToString(narrowed, node, ts.TypeFormatFlags.NoTruncation);
  const value = isPresent ? `${access}!` : isNarrowed ? `(${access} as ${type})` : access;
  const isShort = ts.isShorthandPropertyAssignment(parent);
  return { start: node.getStart(), end: node.end, text: isShort ? `${node.text}: ${value}` : value };
}

const isTopLevel = (declaration: ts.Node): boolean => {
  for (let node = declaration.parent; !ts.isSourceFile(node); node = node.parent)
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return false;
  return true;
};

const isNameOf = (node: ts.Identifier, symbol: ts.Symbol): boolean =>
  (symbol.declarations ?? []).some((declaration) => (declaration as ts.NamedDeclaration).name === node);

/** Whether code may run after its cell. */
function runsLater(node: ts.Node, checker: ts.TypeChecker): boolean {
  for (let child = node, { parent } = node; !ts.isSourceFile(child); child = parent, parent = child.parent) {
    if (parent === undefined) return false;
    if (ts.isFunctionLike(parent) && !isCalledAtOnce(parent, checker)) return true;
    if (ts.isPropertyDeclaration(parent) && !hasStatic(parent) && parent.initializer === child) return true;
  }
  return false;
}

const hasStatic = (node: ts.PropertyDeclaration): boolean =>
  (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Static) !== 0;

function isCalledAtOnce(node: ts.Node, checker: ts.TypeChecker): boolean {
  if (!ts.isArrowFunction(node) && !ts.isFunctionExpression(node)) return false;
  if (node.modifiers !== undefined || node.asteriskToken !== undefined) return false;
  const { parent } = node;
  if (!ts.isCallExpression(parent) || !parent.arguments.includes(node)) return false;
  const { expression } = parent;
  if (!ts.isPropertyAccessExpression(expression) || !AT_ONCE.has(expression.name.text)) return false;
  const files = (checker.getSymbolAtLocation(expression.name)?.declarations ?? []).map((each) =>
    each.getSourceFile(),
  );
  return files.length > 0 && files.every(({ fileName }) => /[\\/]lib\.[\w.]+\.d\.ts$/.test(fileName));
}

/** Whether a name is assigned to where it stands. */
function isAssigned(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isBinaryExpression(parent) && parent.left === node) {
    const { kind } = parent.operatorToken;
    return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
  }
  if (ts.isPostfixUnaryExpression(parent)) return true;
  if (ts.isPrefixUnaryExpression(parent))
    return (
      parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken
    );
  if (ts.isForOfStatement(parent) || ts.isForInStatement(parent)) return parent.initializer === node;
  return isInPattern(parent);
}

/** `[a, b] = …` and `({ a } = …)`. */
function isInPattern(node: ts.Node): boolean {
  let outer = node;
  while (
    ts.isArrayLiteralExpression(outer) ||
    ts.isObjectLiteralExpression(outer) ||
    ts.isPropertyAssignment(outer) ||
    ts.isShorthandPropertyAssignment(outer) ||
    ts.isSpreadElement(outer)
  ) {
    const { parent } = outer;
    if (ts.isBinaryExpression(parent) && parent.left === outer)
      return parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
    if (ts.isForOfStatement(parent)) return parent.initializer === outer;
    outer = parent;
  }
  return false;
}
