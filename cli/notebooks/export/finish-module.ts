import { dirname, relative, sep } from "node:path";
import ts from "typescript";
import { boundNames } from "../../../kernel/compiler/syntax/declarations.js";
import { namesModule } from "../../../kernel/compiler/syntax/module-syntax.js";
import { attempted } from "./attempted-cell.js";
import { type Edit, edited } from "./edits.js";
import { helperLines } from "./helpers.js";
import type { CellSpan, JoinedCells } from "./join-cells.js";
import { newestNames } from "./newest-names.js";
import { type TypedModule, typedModule } from "./typed-module.js";

/**
 * Finishes a module: what needs to know types.
 *
 * @param joined - the cells as one module
 * @param folder - the notebook's, an absolute path
 * @param target - where the module is to be, for its imports
 * @returns the module's text
 */
export function finishModule(joined: JoinedCells, folder: string, target: string): string {
  const { text, spans, names, directives, isJsx, outside } = joined;
  const typed = typedModule(text, folder, isJsx);
  const { file, checker } = typed;
  const show = names.helper("showResult");
  const object = names.helper("newest");
  const newest = newestNames(file, checker, names, object);
  const results = spans.flatMap((span) => resultOf(span, typed, show));
  const edits = [
    // A comment for the next line comes before all that stands on it.
    ...expectedErrors(typed),
    ...newest.edits,
    ...results,
    ...typeImports(typed),
    ...importedFiles(typed, target),
    ...notes(joined, typed, newest.noted, object),
  ];
  const attempts = spans.filter(({ mayFail }) => mayFail).map((span) => attempted(span, typed, edits));
  const body = edited(text, [
    ...edits.filter((edit) => !attempts.some((span) => isIn(edit, span))),
    ...attempts,
  ]);
  const helpers = helperLines({
    show: results.length === 0 ? undefined : show,
    newest: { name: object, members: newest.members },
    outside,
  });
  const head = [...directives, helpers].filter((part) => part !== "").join("\n");
  return `${head}${head === "" ? "" : "\n"}${body}\n${exportsOf(joined, typed)}\n`;
}

const isIn = (edit: Edit, span: Edit): boolean => edit.start >= span.start && edit.end <= span.end;

const statementsIn = (file: ts.SourceFile, { start, end }: CellSpan): ts.Statement[] =>
  file.statements.filter((each) => each.getStart(file) >= start && each.end <= end);

/** The last expression of a cell is printed, unless it never has a value. */
function resultOf(span: CellSpan, { file, checker }: TypedModule, show: string): Edit[] {
  const last = statementsIn(file, span).at(-1);
  if (last === undefined || !ts.isExpressionStatement(last)) return [];
  const { expression } = last;
  const { flags } = checker.getTypeAtLocation(expression);
  if ((flags & (ts.TypeFlags.VoidLike | ts.TypeFlags.Never)) !== 0) return [];
  const start = expression.getStart(file);
  if (ts.isParenthesizedExpression(expression)) return [{ start, end: start, text: show }];
  // Two values with a comma are one result.
  const isList =
    ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.CommaToken;
  const [open, close] = isList ? ["((", "))"] : ["(", ")"];
  return [
    { start, end: start, text: `${show}${open}` },
    { start: expression.end, end: expression.end, text: close },
  ];
}

/** Node leaves out what stands after `type`, and looks for everything else. */
function typeImports({ file, checker }: TypedModule): Edit[] {
  const isOnlyType = (name: ts.Identifier): boolean => {
    const symbol = checker.getSymbolAtLocation(name);
    if (symbol === undefined || (symbol.flags & ts.SymbolFlags.Alias) === 0) return false;
    const { flags } = checker.getAliasedSymbol(symbol);
    return (flags & ts.SymbolFlags.Type) !== 0 && (flags & ts.SymbolFlags.Value) === 0;
  };
  return file.statements.filter(ts.isImportDeclaration).flatMap(({ importClause }) => {
    if (importClause === undefined || importClause.phaseModifier !== undefined) return [];
    const { name, namedBindings } = importClause;
    const before = (node: ts.Node): Edit => {
      const start = node.getStart(file);
      return { start, end: start, text: "type " };
    };
    if (name !== undefined && namedBindings === undefined) return isOnlyType(name) ? [before(name)] : [];
    if (namedBindings === undefined || ts.isNamespaceImport(namedBindings)) return [];
    return namedBindings.elements.filter((each) => !each.isTypeOnly && isOnlyType(each.name)).map(before);
  });
}

/** Imports of the user's own files name them whole, from where the module is. */
function importedFiles({ file, loaded }: TypedModule, target: string): Edit[] {
  const edits: Edit[] = [];
  const visit = (node: ts.Node): void => {
    if (namesModule(node)) {
      const found = loaded(node.text);
      const path = found === undefined ? undefined : pathFrom(target, found);
      if (path !== undefined && path !== node.text)
        edits.push({ start: node.getStart(file), end: node.end, text: JSON.stringify(path) });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return edits;
}

function pathFrom(target: string, found: string): string {
  if (!/^(?:\/|[A-Za-z]:[\\/])/.test(found)) return found;
  const path = relative(dirname(target), found).split(sep).join("/");
  return path.startsWith(".") ? path : `./${path}`;
}

/** What stands after a declaration that has taken the place of another: functions keep their names, and are told. */
function notes(
  { spans, names }: JoinedCells,
  { file }: TypedModule,
  noted: ReadonlyMap<string, readonly string[]>,
  object: string,
): Edit[] {
  return spans.flatMap((span) =>
    statementsIn(file, span).flatMap((statement) => {
      const isHoisted = ts.isFunctionDeclaration(statement);
      const lines = declaredBy(statement).flatMap(({ text, isNamed, isConst }) => {
        const original = names.originals.get(text);
        const name =
          isNamed && original !== undefined
            ? [`Object.defineProperty(${text}, "name", { value: ${JSON.stringify(original)} });`]
            : [];
        const setter = isConst ? "" : `, set: (value: typeof ${text}) => { ${text} = value; }`;
        const told = (noted.get(text) ?? []).map(
          (member) =>
            `Object.defineProperty(${object}, ${JSON.stringify(member)}, { get: () => ${text}${setter}, configurable: true });`,
        );
        return [...name, ...told];
      });
      if (lines.length === 0) return [];
      const place = isHoisted ? span.start : statement.end;
      const note = lines.join("\n");
      return [{ start: place, end: place, text: isHoisted ? `${note}\n` : `\n${note}` }];
    }),
  );
}

interface DeclaredName {
  readonly text: string;
  /** Whether it is a function or a class, which shows its name. */
  readonly isNamed: boolean;
  readonly isConst: boolean;
}

function declaredBy(statement: ts.Statement): DeclaredName[] {
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement))
    return statement.name === undefined || isAmbient(statement)
      ? []
      : [{ text: statement.name.text, isNamed: true, isConst: true }];
  if (ts.isEnumDeclaration(statement)) return [{ text: statement.name.text, isNamed: false, isConst: true }];
  if (ts.isImportDeclaration(statement)) {
    const { name, namedBindings } = statement.importClause ?? {};
    const others =
      namedBindings === undefined
        ? []
        : ts.isNamespaceImport(namedBindings)
          ? [namedBindings.name]
          : namedBindings.elements.filter(({ isTypeOnly }) => !isTypeOnly).map((element) => element.name);
    return [...(name === undefined ? [] : [name]), ...others].map(({ text }) => ({
      text,
      isNamed: false,
      isConst: true,
    }));
  }
  if (!ts.isVariableStatement(statement) || isAmbient(statement)) return [];
  const { declarationList: list } = statement;
  const isConst = (list.flags & ts.NodeFlags.Const) !== 0;
  return boundNames(list).map((name) => ({ text: name.text, isNamed: isFunction(name.parent), isConst }));
}

const isFunction = (node: ts.Node): boolean =>
  ts.isVariableDeclaration(node) &&
  node.initializer !== undefined &&
  (ts.isArrowFunction(node.initializer) ||
    ((ts.isFunctionExpression(node.initializer) || ts.isClassExpression(node.initializer)) &&
      node.initializer.name === undefined));

const isAmbient = (node: ts.Declaration | ts.VariableStatement): boolean =>
  ts.canHaveModifiers(node) &&
  (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword);

/** What only the whole module gives rise to: from cell to cell the kernel does not narrow types. */
function expectedErrors({ file, diagnostics }: TypedModule): Edit[] {
  const lines = new Map<number, string>();
  for (const { start = 0, code } of diagnostics)
    lines.set(file.getLineAndCharacterOfPosition(start).line, `TS${code}`);
  return [...lines].map(([line, code]) => {
    const start = file.getLineStarts()[line] ?? 0;
    const indent = /^[ \t]*/.exec(file.text.slice(start))?.[0] ?? "";
    const text = `${indent}// @ts-expect-error ${code} is of the whole module, and no cell has it\n`;
    return { start, end: start, text };
  });
}

/** All that the notebook declares can be imported, under the names that it has there. */
function exportsOf({ names }: JoinedCells, { file, checker }: TypedModule): string {
  const top = new Map(
    checker
      .getSymbolsInScope(file, ts.SymbolFlags.Value | ts.SymbolFlags.Type | ts.SymbolFlags.Namespace)
      .filter((symbol) => symbol.declarations?.some((each) => each.getSourceFile() === file))
      .map((symbol) => [symbol.name, symbol.flags]),
  );
  const list = [...names.declared()].flatMap(([inModule, inNotebook]) => {
    const flags = top.get(inModule);
    if (flags === undefined) return [];
    const word = (flags & ts.SymbolFlags.Value) === 0 ? "type " : "";
    return [`${word}${inModule === inNotebook ? inModule : `${inModule} as ${inNotebook}`}`];
  });
  if (list.length === 0) return "export {};";
  const line = `export { ${list.join(", ")} };`;
  return line.length <= 110 ? line : `export {\n${list.map((each) => `  ${each},\n`).join("")}};`;
}
