import ts from "typescript";

/** An identifier of a cell that stands for a name of the notebook, or of what is global. */
export interface NameUse {
  readonly node: ts.Identifier;
  /** Whether the cell itself declares it at its top level. */
  readonly own: boolean;
  /** Whether it stands where a type is meant. */
  readonly isType: boolean;
}

/** What TypeScript 6 keeps out of its declarations, and this package fixes the version of. */
interface BoundFile extends ts.SourceFile {
  readonly locals?: ts.SymbolTable;
  externalModuleIndicator?: ts.Node | true;
}

/**
 * Parses a cell as a module, whatever it imports or exports.
 *
 * @param name - what the file is called
 * @param text - its text
 */
export function parseAsModule(name: string, text: string): ts.SourceFile {
  const setExternalModuleIndicator = (file: BoundFile): void => {
    file.externalModuleIndicator = true;
  };
  return ts.createSourceFile(
    name,
    text,
    { languageVersion: ts.ScriptTarget.ES2022, setExternalModuleIndicator },
    true,
  );
}

/**
 * Binds cells, each as a module that nothing else is known to.
 *
 * @param files - the parsed cells, each with a name of its own
 * @returns the checker that knows what their names mean
 */
export function bindCells(files: readonly ts.SourceFile[]): ts.TypeChecker {
  const byName = new Map(files.map((file) => [file.fileName, file]));
  const host: ts.CompilerHost = {
    getSourceFile: (name) => byName.get(name),
    fileExists: (name) => byName.has(name),
    readFile: (name) => byName.get(name)?.text,
    getDefaultLibFileName: () => "none.d.ts",
    getCurrentDirectory: () => "/",
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => "\n",
    writeFile: () => {},
  };
  const options: ts.CompilerOptions = {
    noLib: true,
    noResolve: true,
    types: [],
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    moduleDetection: ts.ModuleDetectionKind.Force,
    jsx: ts.JsxEmit.Preserve,
  };
  return ts.createProgram({ rootNames: [...byName.keys()], options, host }).getTypeChecker();
}

/**
 * Finds the names in a cell that mean something outside of its functions and blocks.
 *
 * @param file - the cell
 * @param checker - that it was bound by
 * @returns the uses, declarations among them, from top to bottom
 */
export function nameUses(file: ts.SourceFile, checker: ts.TypeChecker): NameUse[] {
  const uses: NameUse[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && isName(node)) {
      const place = placeOf(node, file, checker);
      if (place !== "inside") uses.push({ node, own: place === "own", isType: isInType(node) });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return uses;
}

function placeOf(node: ts.Identifier, file: ts.SourceFile, checker: ts.TypeChecker): string {
  const symbol = ts.isShorthandPropertyAssignment(node.parent)
    ? checker.getShorthandAssignmentValueSymbol(node.parent)
    : checker.getSymbolAtLocation(node);
  const declarations = (symbol?.declarations ?? []).filter((each) => each.getSourceFile() === file);
  if (declarations.length === 0) return "outside";
  const top = (file as BoundFile).locals?.get(ts.escapeLeadingUnderscores(node.text))?.declarations ?? [];
  return declarations.some((each) => top.includes(each)) ? "own" : "inside";
}

/** Whether an identifier is no name of a member, a key, a label or the like. */
function isName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) || ts.isEnumMember(parent)) return parent.name !== node;
  if (ts.isQualifiedName(parent)) return parent.right !== node;
  if (ts.isBindingElement(parent) || ts.isImportSpecifier(parent)) return parent.propertyName !== node;
  if (ts.isModuleDeclaration(parent)) return (parent.flags & ts.NodeFlags.GlobalAugmentation) === 0;
  if (ts.isImportTypeNode(parent)) return parent.qualifier !== node;
  if (ts.isJsxAttribute(parent) || ts.isNamedTupleMember(parent)) return parent.name !== node;
  if (isJsxTag(parent)) return !/^[a-z]/.test(node.text);
  if (
    ts.isExportSpecifier(parent) ||
    ts.isMetaProperty(parent) ||
    ts.isLabeledStatement(parent) ||
    ts.isBreakOrContinueStatement(parent) ||
    ts.isImportAttribute(parent) ||
    ts.isNamespaceExport(parent)
  )
    return false;
  const isMember = ts.isClassElement(parent) || ts.isTypeElement(parent) || ts.isPropertyAssignment(parent);
  return !(isMember && parent.name === node);
}

const isJsxTag = (node: ts.Node): boolean =>
  ts.isJsxOpeningElement(node) || ts.isJsxClosingElement(node) || ts.isJsxSelfClosingElement(node);

/** Whether a name that the cell does not declare stands where a type is meant. */
function isInType(node: ts.Identifier): boolean {
  let outer: ts.Node = node;
  while (ts.isQualifiedName(outer.parent) && outer.parent.left === outer) outer = outer.parent;
  const { parent } = outer;
  if (ts.isTypeReferenceNode(parent)) return true;
  if (!ts.isExpressionWithTypeArguments(parent) || !ts.isHeritageClause(parent.parent)) return false;
  const { token, parent: declaration } = parent.parent;
  return token === ts.SyntaxKind.ImplementsKeyword || ts.isInterfaceDeclaration(declaration);
}
