import ts from "typescript";
import { hoistedNames, isVar } from "./declarations.js";
import { interruptibleLoops } from "./interruptible-loops.js";
import {
  isImportCall,
  isImportMeta,
  namesModule,
  runtimeMember,
  throwsAnything,
  throwThroughSession,
} from "./module-syntax.js";
import { cellOfSpecifier } from "./scope.js";

const { factory } = ts;
type RuntimeSpecifier = (specifier: string) => string | undefined;

/** What the emit of a cell must know that its text does not say. */
export interface EmittedCell {
  /** What a module that the cell names has to be loaded by; undefined where it is what is written. */
  readonly runtimeSpecifier: RuntimeSpecifier;
  /** Renames what has the name of a global, if anything has. */
  readonly shadow: ((context: ts.TransformationContext) => (node: ts.Node) => ts.Node) | undefined;
}

/**
 * Turns a cell's emitted module into a script for V8's REPL mode, as the last step of TypeScript's own emit, so that
 * the source map stays right.
 *
 * - Every top-level name becomes a `let`, the one kind that REPL mode lets any later cell declare again as any kind.
 *   Functions and `var` are hoisted to the top, as the language demands.
 * - `import`, `import()` and `import.meta` go through the session's loader, since REPL mode has none. It gets modules of
 *   the user's own as the files that the type checker has found, which TypeScript may call by other names.
 * - Exports, and the header that only the type checker needs, are dropped.
 * - What is thrown passes through the session, which notes where that was if the value cannot tell.
 * - A loop that calls anything also calls a function that does nothing: V8 looks for an interrupt when it enters a
 *   function, but in a loop of its own functions (`for (;;) JSON.parse(text)`) only after thousands of turns. Functions
 *   stay as they are, for they may be printed or sent elsewhere.
 * - The value of a last expression statement is handed to the session.
 */
export function replTransformer(cell: EmittedCell): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (file) => toScript(context, file, cell);
}

function toScript(
  context: ts.TransformationContext,
  file: ts.SourceFile,
  { runtimeSpecifier, shadow }: EmittedCell,
): ts.SourceFile {
  const hoisted = distinct(file.statements.flatMap(hoistedNamesOf));
  const imports: ts.Statement[] = [];
  const functions: ts.Statement[] = [];
  const body: ts.Statement[] = [];
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement)) imports.push(...importStatements(statement));
    else if (ts.isFunctionDeclaration(statement)) functions.push(functionStatement(statement));
    else body.push(...bodyStatements(statement));
  }
  const last = body.pop();
  if (last !== undefined) body.push(withResult(last));
  const visitor = runtimeCalls(context, runtimeSpecifier);
  const interruptible = interruptibleLoops(context);
  const rename = shadow?.(context) ?? ((node: ts.Node) => node);
  const statements = [
    factory.createExpressionStatement(factory.createStringLiteral("use strict")),
    ...(hoisted.length === 0 ? [] : [letStatement(hoisted.map((name) => variable(copyOf(name))))]),
    ...functions,
    ...imports,
    ...body,
  ].map((statement) =>
    [visitor, interruptible, rename].reduce(
      (node, visit) => ts.visitNode(node, visit, ts.isStatement),
      statement,
    ),
  );
  return factory.updateSourceFile(file, statements);
}

const variable = (name: string | ts.BindingName, value?: ts.Expression): ts.VariableDeclaration =>
  factory.createVariableDeclaration(name, undefined, undefined, value);

const letStatement = (declarations: readonly ts.VariableDeclaration[]): ts.VariableStatement =>
  factory.createVariableStatement(
    undefined,
    factory.createVariableDeclarationList(declarations, ts.NodeFlags.Let),
  );

function at<Node extends ts.Statement>(original: ts.Statement, node: Node): Node {
  return ts.setOriginalNode(ts.setTextRange(node, original), original) as Node;
}

/** The names that `var` declares anywhere in a top-level statement. */
function hoistedNamesOf(statement: ts.Statement): ts.Identifier[] {
  return ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)
    ? []
    : hoistedNames(statement);
}

/** Every name once. Those that TypeScript has made up are distinct already, and get their text only when printed. */
function distinct(names: readonly ts.Identifier[]): ts.Identifier[] {
  const written = new Set<string>();
  return names.filter((name) => {
    if (!isWritten(name)) return true;
    const known = written.has(name.text);
    written.add(name.text);
    return !known;
  });
}

/** A name for a second place, without the comments of the first. */
const copyOf = (name: ts.Identifier): ts.Identifier =>
  isWritten(name) ? ts.setOriginalNode(factory.createIdentifier(name.text), name) : name;

/** Whether a node stands in the cell, unlike those that TypeScript's own emit adds. */
const isWritten = (node: ts.Node): boolean => ts.isParseTreeNode(ts.getOriginalNode(node));

/** `import d, { a as b } from "m"` → `let { default: d, a: b } = await __rnnlab__.import("m")`. */
function importStatements(declaration: ts.ImportDeclaration): ts.Statement[] {
  const specifier = declaration.moduleSpecifier;
  if (ts.isStringLiteral(specifier) && cellOfSpecifier(specifier.text) !== undefined) return [];
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

const isExportModifier = ({ kind }: ts.ModifierLike): boolean =>
  kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.DefaultKeyword;

/** `function f() {}` → `let f = function () {}`: inside, `f` is then the name of the session, not of this version. */
function functionStatement(declaration: ts.FunctionDeclaration): ts.Statement {
  const { asteriskToken, name, parameters, body } = declaration;
  const modifiers = (ts.getModifiers(declaration) ?? []).filter((modifier) => !isExportModifier(modifier));
  const value = factory.createFunctionExpression(
    modifiers,
    asteriskToken,
    undefined,
    undefined,
    parameters,
    undefined,
    body ?? factory.createBlock([]),
  );
  ts.setTextRange(value, declaration);
  return name === undefined
    ? at(declaration, factory.createExpressionStatement(factory.createParenthesizedExpression(value)))
    : at(declaration, letStatement([variable(name, value)]));
}

function bodyStatements(statement: ts.Statement): ts.Statement[] {
  if (ts.isExportDeclaration(statement)) return [];
  if (ts.isExportAssignment(statement)) {
    return [at(statement, factory.createExpressionStatement(statement.expression))];
  }
  if (ts.isClassDeclaration(statement)) return [classStatement(statement)];
  if (ts.isVariableStatement(statement) && !isVar(statement.declarationList)) {
    return [at(statement, letStatement(statement.declarationList.declarations))];
  }
  return [statement];
}

function classStatement(declaration: ts.ClassDeclaration): ts.Statement {
  const modifiers = declaration.modifiers?.filter((modifier) => !isExportModifier(modifier));
  const { name, typeParameters, heritageClauses, members } = declaration;
  // Classes show their name: it stays as it was written.
  const shown = name !== undefined && isWritten(name) ? factory.createIdentifier(name.text) : name;
  const value = factory.createClassExpression(modifiers, shown, typeParameters, heritageClauses, members);
  ts.setTextRange(value, declaration);
  return name === undefined
    ? at(declaration, factory.createExpressionStatement(factory.createParenthesizedExpression(value)))
    : at(declaration, letStatement([variable(name, value)]));
}

/** The last statement of a cell, handing its value over if it is an expression. */
function withResult(statement: ts.Statement): ts.Statement {
  if (ts.isExpressionStatement(statement)) return resultStatement(statement);
  // What follows `using` stands in a block, whose end is where the resource is disposed of.
  if (!ts.isTryStatement(statement) || isWritten(statement)) return statement;
  const { tryBlock, catchClause, finallyBlock } = statement;
  const last = tryBlock.statements.at(-1);
  if (last === undefined) return statement;
  const statements = [...tryBlock.statements.slice(0, -1), withResult(last)];
  return factory.updateTryStatement(
    statement,
    factory.updateBlock(tryBlock, statements),
    catchClause,
    finallyBlock,
  );
}

function resultStatement(statement: ts.ExpressionStatement): ts.Statement {
  const call = factory.createCallExpression(runtimeMember("result"), undefined, [statement.expression]);
  return at(statement, factory.createExpressionStatement(call));
}

/** Rewrites `import()`, `import.meta` and `throw` everywhere, and `var` outside functions into assignments. */
function runtimeCalls(
  context: ts.TransformationContext,
  runtimeSpecifier: RuntimeSpecifier,
): (node: ts.Node) => ts.Node {
  let depth = 0;
  const visit = (node: ts.Node): ts.Node => {
    if (namesModule(node)) {
      const target = runtimeSpecifier(node.text);
      return target === undefined ? node : factory.createStringLiteral(target);
    }
    if (isImportCall(node)) {
      const visited = ts.visitEachChild(node, visit, context);
      return ts.setTextRange(
        factory.createCallExpression(runtimeMember("import"), undefined, visited.arguments),
        node,
      );
    }
    if (isImportMeta(node)) return runtimeMember("meta");
    if (throwsAnything(node)) return throwThroughSession(ts.visitEachChild(node, visit, context));
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) {
      depth++;
      const visited = ts.visitEachChild(node, visit, context);
      depth--;
      return visited;
    }
    if (depth === 0 && ts.isVariableStatement(node) && isVar(node.declarationList)) {
      const assigned = assignments(ts.visitEachChild(node.declarationList, visit, context));
      return assigned === undefined
        ? at(node, factory.createEmptyStatement())
        : at(node, factory.createExpressionStatement(assigned));
    }
    if (depth === 0 && ts.isForStatement(node) && node.initializer && isVarList(node.initializer)) {
      const { condition, incrementor, statement } = ts.visitEachChild(node, visit, context);
      const list = ts.visitEachChild(node.initializer, visit, context);
      return ts.setTextRange(
        factory.createForStatement(assignments(list), condition, incrementor, statement),
        node,
      );
    }
    if (
      depth === 0 &&
      (ts.isForInStatement(node) || ts.isForOfStatement(node)) &&
      isVarList(node.initializer)
    ) {
      const target = assignmentTarget(node.initializer);
      const visited = ts.visitEachChild(node, visit, context);
      const loop = ts.isForInStatement(visited)
        ? factory.createForInStatement(target, visited.expression, visited.statement)
        : factory.createForOfStatement(visited.awaitModifier, target, visited.expression, visited.statement);
      return ts.setTextRange(loop, node);
    }
    return ts.visitEachChild(node, visit, context);
  };
  return visit;
}

const isVarList = (node: ts.ForInitializer): node is ts.VariableDeclarationList =>
  ts.isVariableDeclarationList(node) && isVar(node);

/** `var a = 1, b, { c } = o` → `a = 1, { c } = o`; undefined when nothing is assigned. */
function assignments(list: ts.VariableDeclarationList): ts.Expression | undefined {
  let joined: ts.Expression | undefined;
  for (const { name, initializer } of list.declarations) {
    if (initializer === undefined) continue;
    const assignment = factory.createAssignment(targetOf(name), initializer);
    joined = joined === undefined ? assignment : factory.createComma(joined, assignment);
  }
  return joined;
}

function assignmentTarget(list: ts.VariableDeclarationList): ts.Expression {
  const [declaration] = list.declarations;
  if (declaration === undefined) throw new Error(`Cannot compile a loop: it declares nothing`);
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
