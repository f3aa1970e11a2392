import ts from "typescript";
import type { Span } from "../checks/diagnostics.js";
import { hoistedNames, isVar } from "../syntax/declarations.js";
import {
  isImportCall,
  isImportMeta,
  namesModule,
  runtimeMember,
  throwsAnything,
  throwThroughSession,
} from "../syntax/module-syntax.js";
import { at, letStatement, variable } from "../syntax/script-nodes.js";
import { keepCompletionValue } from "./completion-value.js";
import { importStatements } from "./import-statements.js";
import { interruptibleLoops } from "./interruptible-loops.js";
import { blockFunctionsOf, hoistBlockFunctions, isStrict } from "./sloppy-mode.js";
import { stoppingAwaits } from "./stopping-awaits.js";
import { assignments, assignmentTarget } from "./var-assignments.js";

const { factory } = ts;
type RuntimeSpecifier = (specifier: string) => string | undefined;

/** What the emit of a cell must know that its text does not say. */
export interface EmittedCell {
  /** The cell within the checked file: what stands around it is for the type checker alone. */
  readonly span: Span;
  /** What a module that the cell names has to be loaded by; undefined where it is what is written. */
  readonly runtimeSpecifier: RuntimeSpecifier;
  /** The names in it that {@link shadow} renames. */
  readonly shadowed: ReadonlySet<string>;
  /** Renames what packages must not see, if anything is declared. */
  readonly shadow: Visitor | undefined;
  /** Makes assignments to what is constant throw, where a cell with such may run. */
  readonly constants: Visitor | undefined;
  /** Whether it is a script of plain JavaScript. */
  readonly isPlain: boolean;
}

type Visitor = (context: ts.TransformationContext) => (node: ts.Node) => ts.Node;

/**
 * Turns a cell's emitted module into a script for V8's REPL mode, as the last step of TypeScript's own emit, so that
 * the source map stays right.
 *
 * - Every top-level name becomes a `let`, the one kind that REPL mode lets any later cell declare again as any kind.
 *   Functions and `var` are hoisted to the top, as the language demands. In plain JavaScript these two are properties of
 *   the global object, as in any script, where functions find them by `this`.
 * - `import`, `import()` and `import.meta` go through the session's loader, since REPL mode has none. It gets modules of
 *   the user's own as the files that the type checker has found, which TypeScript may call by other names.
 * - Exports, and the header that only the type checker needs, are dropped.
 * - What is thrown passes through the session, which notes where that was if the value cannot tell; so does what is
 *   caught outside of functions.
 * - A loop that calls anything also calls a function that does nothing: V8 looks for an interrupt when it enters a
 *   function, but in a loop of its own functions (`for (;;) JSON.parse(text)`) only after thousands of turns. Functions
 *   stay as they are, for they may be printed or sent elsewhere.
 * - The value of a last expression statement is handed to the session. In plain JavaScript the value is what the script
 *   completes with, as in any script: V8 tells it.
 */
export function replTransformer(cell: EmittedCell): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (file) => toScript(context, file, cell);
}

function toScript(
  context: ts.TransformationContext,
  file: ts.SourceFile,
  { span, runtimeSpecifier, shadowed, shadow, constants, isPlain }: EmittedCell,
): ts.SourceFile {
  const written = file.statements.filter((statement) => !isAround(span, statement));
  const strict = !isPlain || isStrict(written);
  const blockFunctions = strict
    ? []
    : blockFunctionsOf(written.map((statement) => ts.getOriginalNode(statement, ts.isStatement)));
  const isGlobal = ({ text }: ts.Identifier): boolean => isPlain && !shadowed.has(text);
  const imports: ts.Statement[] = [];
  const declared = lastOfEachName(written.filter(ts.isFunctionDeclaration));
  const body: ts.Statement[] = [];
  for (const statement of written) {
    if (ts.isImportDeclaration(statement)) imports.push(...importStatements(statement));
    else if (!ts.isFunctionDeclaration(statement)) body.push(...bodyStatements(statement));
  }
  const functions = declared.map((each) => functionStatement(each, each.name && isGlobal(each.name)));
  const functionNames = namesOf(declared);
  // In TypeScript the header declares what an unchecked cell assigns and nobody has declared.
  const declaring = isPlain ? written : file.statements;
  const variables = distinct([...declaring.flatMap(hoistedNamesOf), ...namesOf(blockFunctions)]);
  const texts = new Set(functionNames.filter(isWritten).map(({ text }) => text));
  const hoisted = variables.filter((name) => !isWritten(name) || !texts.has(name.text));
  const globals = [...functionNames, ...hoisted].filter(isGlobal);
  const lets = hoisted.filter((name) => !isGlobal(name));
  const last = isPlain ? undefined : body.pop();
  if (last !== undefined) body.push(withResult(last));
  const visitor = runtimeCalls(context, runtimeSpecifier);
  const interruptible = interruptibleLoops(context);
  const stopping = stoppingAwaits(context);
  const hoistBlocks = hoistBlockFunctions(blockFunctions, namedFunction)(context);
  const assignConstants = constants?.(context) ?? same;
  const rename = shadow?.(context) ?? same;
  const keepValue = isPlain ? keepCompletionValue(context) : same;
  const statements = [
    ...(globals.length === 0 ? [] : [globalsStatement(globals)]),
    ...(lets.length === 0 ? [] : [letStatement(lets.map((name) => variable(copyOf(name))))]),
    ...functions,
    ...imports,
    ...body,
  ].map((statement) =>
    [hoistBlocks, visitor, interruptible, assignConstants, rename, stopping, keepValue].reduce(
      (node, visit) => ts.visitNode(node, visit, ts.isStatement),
      statement,
    ),
  );
  const directives = strict
    ? [factory.createExpressionStatement(factory.createStringLiteral("use strict"))]
    : [];
  return factory.updateSourceFile(file, [...directives, ...statements]);
}

const same = (node: ts.Node): ts.Node => node;

const namesOf = (functions: readonly ts.FunctionDeclaration[]): ts.Identifier[] =>
  functions.flatMap(({ name }) => name ?? []);

/** A later declaration of a function replaces the earlier ones before anything runs. */
function lastOfEachName(functions: readonly ts.FunctionDeclaration[]): ts.FunctionDeclaration[] {
  const last = new Map(
    functions.map((each) => [each.name !== undefined && isWritten(each.name) ? each.name.text : each, each]),
  );
  return [...last.values()];
}

/** `__rnnlab__.declare("f", "x")`: makes properties of the global object. */
function globalsStatement(names: readonly ts.Identifier[]): ts.Statement {
  const texts = names.map(({ text }) => factory.createStringLiteral(text));
  return factory.createExpressionStatement(
    factory.createCallExpression(runtimeMember("declare"), undefined, texts),
  );
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

/** Whether a statement stands outside of the cell. Those that TypeScript's own emit adds have no place. */
function isAround({ start, end }: Span, statement: ts.Statement): boolean {
  const original = ts.getOriginalNode(statement);
  return ts.isParseTreeNode(original) && (original.end <= start || original.getStart() >= end);
}

/** Whether a node stands in the cell, unlike those that TypeScript's own emit adds. */
const isWritten = (node: ts.Node): boolean => ts.isParseTreeNode(ts.getOriginalNode(node));

const isExportModifier = ({ kind }: ts.ModifierLike): boolean =>
  kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.DefaultKeyword;

/**
 * `function f() {}` → `let f = function () {}`: inside, `f` is then the name of the session, not of this version. What is
 * declared already, as a property of the global object, is assigned.
 */
function functionStatement(declaration: ts.FunctionDeclaration, isDeclared = false): ts.Statement {
  const { name } = declaration;
  const value = isDeclared ? namedFunction(declaration) : functionValue(declaration);
  if (name === undefined) {
    return at(declaration, factory.createExpressionStatement(factory.createParenthesizedExpression(value)));
  }
  return at(
    declaration,
    isDeclared
      ? factory.createExpressionStatement(factory.createAssignment(name, value))
      : letStatement([variable(name, value)]),
  );
}

/** A function that shows its name when it is printed, if that name could not mean another version of it inside. */
function namedFunction(declaration: ts.FunctionDeclaration): ts.FunctionExpression {
  const { name, parameters, body } = declaration;
  const isName = (node: ts.Node): boolean => ts.isIdentifier(node) && node.text === name?.text;
  const mentions = (node: ts.Node): boolean => isName(node) || ts.forEachChild(node, mentions) === true;
  const isRecursive = name === undefined || [...parameters, body].some((part) => part && mentions(part));
  return functionValue(declaration, isRecursive ? undefined : factory.createIdentifier(name.text));
}

function functionValue(declaration: ts.FunctionDeclaration, name?: ts.Identifier): ts.FunctionExpression {
  const { asteriskToken, parameters, body } = declaration;
  const modifiers = (ts.getModifiers(declaration) ?? []).filter((modifier) => !isExportModifier(modifier));
  const value = factory.createFunctionExpression(
    modifiers,
    asteriskToken,
    name,
    undefined,
    parameters,
    undefined,
    body ?? factory.createBlock([]),
  );
  return ts.setTextRange(value, declaration);
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
  ts.setOriginalNode(ts.setTextRange(value, declaration), declaration);
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
  const { expression } = statement;
  const call = factory.createCallExpression(runtimeMember("result"), undefined, [expression]);
  // With another end than the expression's, the call would take in the comments below, and its parenthesis with them.
  return at(statement, factory.createExpressionStatement(ts.setTextRange(call, expression)));
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
    if (depth === 0 && ts.isCatchClause(node) && isWritten(node))
      return catchThroughSession(ts.visitEachChild(node, visit, context));
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

/** `catch (e) {` → `catch (e) { __rnnlab__.caught(e);`, whatever is in the place of `e`. */
function catchThroughSession(clause: ts.CatchClause): ts.CatchClause {
  const { variableDeclaration, block } = clause;
  if (variableDeclaration === undefined) return clause;
  const { name } = variableDeclaration;
  const error = ts.isIdentifier(name) ? name : factory.createUniqueName("error");
  const received = factory.createCallExpression(runtimeMember("caught"), undefined, [error]);
  const first = ts.isIdentifier(name)
    ? factory.createExpressionStatement(received)
    : letStatement([variable(name, received)]);
  return factory.updateCatchClause(
    clause,
    factory.updateVariableDeclaration(variableDeclaration, error, undefined, undefined, undefined),
    factory.updateBlock(block, [first, ...block.statements]),
  );
}

const isVarList = (node: ts.ForInitializer): node is ts.VariableDeclarationList =>
  ts.isVariableDeclarationList(node) && isVar(node);
