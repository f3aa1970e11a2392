/** What the imports of a cell become: V8's REPL mode has none. */
import ts from "typescript";
import { runtimeMember } from "../syntax/module-syntax.js";
import { at, letStatement, variable } from "../syntax/script-nodes.js";

const { factory } = ts;

/** `import d, { a as b } from "m"` → `let { default: d, a: b } = await __rnnlab__.import("m")`. */
export function importStatements(declaration: ts.ImportDeclaration): ts.Statement[] {
  const specifier = declaration.moduleSpecifier;
  const clause = declaration.importClause;
  const loaded = factory.createAwaitExpression(
    factory.createCallExpression(runtimeMember("importNames"), undefined, [
      specifier,
      factory.createArrayLiteralExpression(importedNamesOf(clause)),
      ...attributesOf(declaration),
    ]),
  );
  if (clause === undefined) return [at(declaration, factory.createExpressionStatement(loaded))];
  const bindings = clause.namedBindings;
  if (bindings !== undefined && ts.isNamespaceImport(bindings)) {
    const parts = [variable(bindings.name, loaded)];
    if (clause.name) {
      parts.push(variable(clause.name, factory.createPropertyAccessExpression(bindings.name, "default")));
    }
    return [at(declaration, letStatement(parts))];
  }
  const elements = (bindings?.elements ?? []).map(({ propertyName, name }) =>
    factory.createBindingElement(undefined, propertyName, name),
  );
  if (clause.name) elements.unshift(factory.createBindingElement(undefined, "default", clause.name));
  return [at(declaration, letStatement([variable(factory.createObjectBindingPattern(elements), loaded)]))];
}

/** The names that a module must export. */
function importedNamesOf(clause: ts.ImportClause | undefined): ts.StringLiteral[] {
  const bindings = clause?.namedBindings;
  const elements = bindings !== undefined && ts.isNamedImports(bindings) ? bindings.elements : [];
  const named = elements.map(({ name, propertyName = name }) =>
    factory.createStringLiteral(propertyName.text),
  );
  return clause?.name === undefined ? named : [factory.createStringLiteral("default"), ...named];
}

function attributesOf({ attributes }: ts.ImportDeclaration): ts.Expression[] {
  if (attributes === undefined) return [];
  const properties = attributes.elements.map(({ name, value }) =>
    factory.createPropertyAssignment(name, value),
  );
  return [factory.createObjectLiteralExpression(properties)];
}
