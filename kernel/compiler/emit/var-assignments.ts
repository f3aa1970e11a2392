/** What `var` becomes where its names are declared already: assignments to them. */
import ts from "typescript";

const { factory } = ts;

/** `var a = 1, b, { c } = o` → `a = 1, { c } = o`; undefined when nothing is assigned. */
export function assignments(list: ts.VariableDeclarationList): ts.Expression | undefined {
  let joined: ts.Expression | undefined;
  for (const { name, initializer } of list.declarations) {
    if (initializer === undefined) continue;
    const assignment = factory.createAssignment(targetOf(name), initializer);
    joined = joined === undefined ? assignment : factory.createComma(joined, assignment);
  }
  return joined;
}

export function assignmentTarget(list: ts.VariableDeclarationList): ts.Expression {
  const [declaration] = list.declarations;
  if (declaration === undefined) throw new Error("Cannot compile a loop: it declares nothing");
  return targetOf(declaration.name);
}

/** A binding pattern as the pattern of an assignment. */
function targetOf(name: ts.BindingName): ts.Expression {
  if (ts.isIdentifier(name)) return name;
  if (ts.isArrayBindingPattern(name)) {
    return factory.createArrayLiteralExpression(
      name.elements.map((element) => {
        if (ts.isOmittedExpression(element)) return element;
        const target = withDefault(element);
        return element.dotDotDotToken ? factory.createSpreadElement(target) : target;
      }),
    );
  }
  return factory.createObjectLiteralExpression(
    name.elements.map((element) => {
      if (element.dotDotDotToken) return factory.createSpreadAssignment(targetOf(element.name));
      const key = element.propertyName ?? (element.name as ts.Identifier);
      return factory.createPropertyAssignment(key, withDefault(element));
    }),
  );
}

function withDefault({ name, initializer }: ts.BindingElement): ts.Expression {
  const target = targetOf(name);
  return initializer === undefined ? target : factory.createAssignment(target, initializer);
}
