import ts from "typescript";
import { boundNames } from "./declarations.js";
import { shadowing } from "./shadowed-names.js";

const { factory } = ts;

/** Globals that nobody can declare. */
const FIXED: ReadonlySet<string> = new Set(["Infinity", "NaN", "undefined"]);

/**
 * Whether all code takes a name for JavaScript's or Node's own.
 *
 * Asked when it is needed, and without a look at the value: a start-up snapshot is made where not all globals exist, and
 * reading those that Node loads on demand would make it impossible.
 */
export function isGlobalName(name: string): boolean {
  return Object.hasOwn(globalThis, name) && !FIXED.has(name);
}

/** What TypeScript 6 keeps out of its declarations, and this package fixes the version of. */
interface BoundFile extends ts.SourceFile {
  readonly locals?: ts.SymbolTable;
}

/** Whether a value is a function or class that takes its name from the variable that it is put into. */
const takesName = (value: ts.Expression): boolean =>
  ts.isArrowFunction(value) ||
  ((ts.isFunctionExpression(value) || ts.isClassExpression(value)) && value.name === undefined);

/** Whether a node has statements, and no names. */
const isScope = (node: ts.Node): boolean =>
  ts.isSourceFile(node) || ts.isBlock(node) || ts.isModuleBlock(node) || ts.isCaseBlock(node);

const isIn =
  (file: ts.SourceFile) =>
  (declaration: ts.Node): boolean =>
    declaration.getSourceFile() === file;

const topLevelDeclarations = (file: ts.SourceFile): ts.Node[] =>
  file.statements.flatMap<ts.Node>((statement) =>
    ts.isVariableStatement(statement)
      ? boundNames(statement.declarationList).map(({ parent }) => parent)
      : ts.isClassDeclaration(statement) || ts.isFunctionDeclaration(statement)
        ? [statement]
        : [],
  );

/** Whether the standard's decorators, not those before it, change a class: then TypeScript puts it together in a function. */
const isDecorated = (
  declaration: ts.ClassDeclaration,
  { experimentalDecorators }: ts.CompilerOptions,
): boolean =>
  experimentalDecorators !== true &&
  [declaration, ...declaration.members].some(
    (node) => ts.canHaveDecorators(node) && ts.getDecorators(node) !== undefined,
  );

/** The operators that give a function the name of the variable on their left. */
const NAMING: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.EqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
  ts.SyntaxKind.AmpersandAmpersandEqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
]);

const namedValue = (name: string, value: ts.Expression): ts.Expression =>
  factory.createPropertyAccessExpression(
    factory.createParenthesizedExpression(
      factory.createObjectLiteralExpression([factory.createPropertyAssignment(name, value)]),
    ),
    name,
  );

/**
 * Renames the notebook's own variables in a cell as it is emitted. What V8's REPL mode declares, the whole process sees,
 * packages and the session too: they must neither take a cell's `class Map` or `const window` for what they ask for, nor
 * change a cell's `total` by assigning a variable that they have not declared.
 *
 * @param file - the cell as it was checked
 * @param names - of the variables
 */
export function shadowTransformer(
  file: ts.SourceFile,
  checker: ts.TypeChecker,
  names: ReadonlySet<string>,
): (context: ts.TransformationContext) => (node: ts.Node) => ts.Node {
  const bound = [...names].flatMap(
    (name) => (file as BoundFile).locals?.get(ts.escapeLeadingUnderscores(name))?.declarations ?? [],
  );
  // A second declaration of a name, which V8 is to refuse, is bound to nothing.
  const own = new Set<ts.Node>([...bound, ...topLevelDeclarations(file)].filter(isIn(file)));
  const symbolOf = (name: ts.Identifier): ts.Symbol | undefined => {
    if (ts.isShorthandPropertyAssignment(name.parent))
      return checker.getShorthandAssignmentValueSymbol(name.parent);
    if (name.pos >= 0 && !isScope(name.parent)) return checker.getSymbolAtLocation(name);
    // Nobody has written the name there: of the function that makes elements, or of a type that decorators hear of.
    return checker
      .getSymbolsInScope(name.parent, ts.SymbolFlags.Value | ts.SymbolFlags.Alias)
      .find((symbol) => symbol.name === name.text);
  };
  /** The classes in whose bodies the visitor is: there a class has its own name, already before it is declared. */
  const bodies = new Set<ts.Node>();
  const isShadowing = (node: ts.Node): node is ts.Identifier => {
    if (!ts.isIdentifier(node) || !names.has(node.text)) return false;
    const original = ts.getOriginalNode(node);
    if (!ts.isParseTreeNode(original)) return false;
    const declarations = symbolOf(original as ts.Identifier)?.declarations ?? [];
    return (
      declarations.some((declaration) => own.has(declaration)) &&
      !declarations.some((each) => bodies.has(each))
    );
  };
  const renamed = (node: ts.Identifier): ts.Identifier =>
    ts.setTextRange(factory.createIdentifier(shadowing(node.text)), node);
  /** `{ Map }` → `{ Map: Map }` in a pattern, so that the second can be renamed. */
  const withKey = (element: ts.BindingElement): ts.BindingElement => {
    const { dotDotDotToken, propertyName, name, initializer } = element;
    if (dotDotDotToken !== undefined || propertyName !== undefined || !isShadowing(name)) return element;
    return factory.updateBindingElement(
      element,
      undefined,
      factory.createIdentifier(name.text),
      name,
      initializer,
    );
  };
  /** `f = () => 1` → `f = ({ f: () => 1 }).f`, so that the function keeps its name when the variable is renamed. */
  const withOwnName = (node: ts.Node): ts.Node => {
    if (ts.isVariableDeclaration(node) || ts.isBindingElement(node)) {
      const { name, initializer } = node;
      if (initializer === undefined || !isShadowing(name) || !takesName(initializer)) return node;
      const value = namedValue(name.text, initializer);
      return ts.isVariableDeclaration(node)
        ? factory.updateVariableDeclaration(node, name, undefined, undefined, value)
        : factory.updateBindingElement(node, node.dotDotDotToken, node.propertyName, name, value);
    }
    const isAssignment = ts.isBinaryExpression(node) && NAMING.has(node.operatorToken.kind);
    if (!isAssignment || !isShadowing(node.left) || !takesName(node.right)) return node;
    const value = namedValue(node.left.text, node.right);
    return factory.updateBinaryExpression(node, node.left, node.operatorToken, value);
  };
  return (context) => {
    const visit = (node: ts.Node): ts.Node => {
      const declaration = ts.isClassExpression(node) ? ts.getOriginalNode(node) : undefined;
      if (
        declaration !== undefined &&
        ts.isClassDeclaration(declaration) &&
        !isDecorated(declaration, context.getCompilerOptions())
      ) {
        bodies.add(declaration);
        const visited = ts.visitEachChild(node, visit, context);
        bodies.delete(declaration);
        return visited;
      }
      const own = withOwnName(node);
      if (own !== node) return ts.visitEachChild(own, visit, context);
      if (isShadowing(node)) return renamed(node);
      if (ts.isShorthandPropertyAssignment(node) && isShadowing(node.name)) {
        const preset = ts.visitNode(node.objectAssignmentInitializer, visit, ts.isExpression);
        const value =
          preset === undefined ? renamed(node.name) : factory.createAssignment(renamed(node.name), preset);
        return factory.createPropertyAssignment(node.name.text, value);
      }
      if (ts.isObjectBindingPattern(node)) {
        const elements = ts.visitNodes(
          factory.createNodeArray(node.elements.map(withKey)),
          visit,
          ts.isBindingElement,
        );
        return factory.updateObjectBindingPattern(node, elements);
      }
      if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name)) {
        const value = ts.visitNode(node.initializer, visit, ts.isExpression);
        return factory.updatePropertyAssignment(node, node.name, value);
      }
      return ts.visitEachChild(node, visit, context);
    };
    return visit;
  };
}
