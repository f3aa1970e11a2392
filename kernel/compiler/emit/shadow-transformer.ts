import ts from "typescript";
import { shadowing } from "../../shared/shadowed-names.js";
import { NotebookNames } from "./notebook-names.js";

const { factory } = ts;

/** Whether a value is a function or class that takes its name from the variable that it is put into. */
const takesName = (value: ts.Expression): boolean =>
  ts.isArrowFunction(value) ||
  ((ts.isFunctionExpression(value) || ts.isClassExpression(value)) && value.name === undefined);

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

const renamed = (node: ts.Identifier): ts.Identifier =>
  ts.setTextRange(factory.createIdentifier(shadowing(node.text)), node);

/** `{ Map }` → `{ Map: Map }` in a pattern, so that the second can be renamed. */
function withKey(element: ts.BindingElement, variables: NotebookNames): ts.BindingElement {
  const { dotDotDotToken, propertyName, name, initializer } = element;
  if (dotDotDotToken !== undefined || propertyName !== undefined || !variables.has(name)) return element;
  const key = factory.createIdentifier(name.text);
  return factory.updateBindingElement(element, undefined, key, name, initializer);
}

/** `f = () => 1` → `f = ({ f: () => 1 }).f`, so that the function keeps its name when the variable is renamed. */
function withOwnName(node: ts.Node, variables: NotebookNames): ts.Node {
  if (ts.isVariableDeclaration(node) || ts.isBindingElement(node)) {
    const { name, initializer } = node;
    if (initializer === undefined || !variables.has(name) || !takesName(initializer)) return node;
    const value = namedValue(name.text, initializer);
    return ts.isVariableDeclaration(node)
      ? factory.updateVariableDeclaration(node, name, undefined, undefined, value)
      : factory.updateBindingElement(node, node.dotDotDotToken, node.propertyName, name, value);
  }
  const isAssignment = ts.isBinaryExpression(node) && NAMING.has(node.operatorToken.kind);
  if (!isAssignment || !variables.has(node.left) || !takesName(node.right)) return node;
  const value = namedValue(node.left.text, node.right);
  return factory.updateBinaryExpression(node, node.left, node.operatorToken, value);
}

/** The declaration of a class that TypeScript has made an expression of, where its name means itself within its body. */
function namedClass(node: ts.Node, options: ts.CompilerOptions): ts.ClassDeclaration | undefined {
  const declaration = ts.isClassExpression(node) ? ts.getOriginalNode(node) : node;
  if (declaration === node || !ts.isClassDeclaration(declaration)) return undefined;
  return isDecorated(declaration, options) ? undefined : declaration;
}

/** Renames the variable that `{ Map }` stands for, and keeps the property's name. */
function withRenamedValue(
  { name, objectAssignmentInitializer: initializer }: ts.ShorthandPropertyAssignment,
  visit: ts.Visitor,
): ts.PropertyAssignment {
  const preset = ts.visitNode(initializer, visit, ts.isExpression);
  const value = preset === undefined ? renamed(name) : factory.createAssignment(renamed(name), preset);
  return factory.createPropertyAssignment(name.text, value);
}

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
  const variables = new NotebookNames(file, checker, names);
  return (context) => {
    const inside = (node: ts.Node): ts.Node => ts.visitEachChild(node, visit, context);
    const visit = (node: ts.Node): ts.Node => {
      const body = namedClass(node, context.getCompilerOptions());
      if (body !== undefined) return variables.within(body, () => inside(node));
      const own = withOwnName(node, variables);
      if (own !== node) return inside(own);
      if (variables.has(node)) return renamed(node);
      if (ts.isShorthandPropertyAssignment(node) && variables.has(node.name))
        return withRenamedValue(node, visit);
      if (ts.isObjectBindingPattern(node)) {
        const withKeys = node.elements.map((element) => withKey(element, variables));
        const elements = ts.visitNodes(factory.createNodeArray(withKeys), visit, ts.isBindingElement);
        return factory.updateObjectBindingPattern(node, elements);
      }
      if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name)) {
        const value = ts.visitNode(node.initializer, visit, ts.isExpression);
        return factory.updatePropertyAssignment(node, node.name, value);
      }
      return inside(node);
    };
    return visit;
  };
}
