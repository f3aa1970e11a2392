import ts from "typescript";

/** Where an expression can be put into a text so that it sees what the code at a place sees. */
export interface Gap {
  readonly at: number;
  /** What is to stand before and after the expression there. */
  readonly before: string;
  readonly after: string;
  /** Where something must be closed that stands after the place. */
  readonly close: { readonly at: number; readonly text: string } | undefined;
}

type List = ts.SourceFile | ts.Block | ts.ModuleBlock | ts.CaseOrDefaultClause;

const hasStatements = (node: ts.Node): node is List =>
  ts.isSourceFile(node) || ts.isBlock(node) || ts.isModuleBlock(node) || ts.isCaseOrDefaultClause(node);

const holds = (node: ts.Node, offset: number): boolean => node.getStart() <= offset && offset < node.end;

const statementGap = (at: number): Gap => ({ at, before: "", after: ";\n", close: undefined });

function gapIn(list: List, offset: number): Gap {
  const within = list.statements.find((statement) => holds(statement, offset));
  if (within !== undefined) return statementGap(within.getStart());
  const next = list.statements.find((statement) => statement.getStart() >= offset);
  if (next !== undefined) return statementGap(next.getStart());
  const last = list.statements.at(-1);
  // What stands after these is out of reach, and TypeScript knows no types there.
  if (last !== undefined && (ts.isReturnStatement(last) || ts.isThrowStatement(last)))
    return statementGap(last.getStart());
  return { ...statementGap(last?.end ?? (ts.isBlock(list) ? list.getStart() + 1 : list.end)), before: ";\n" };
}

/** Finds where an expression can stand for the code at an offset: before its statement, or in the body of an arrow function. */
export function gapAt(file: ts.SourceFile, offset: number): Gap {
  let gap = gapIn(file, offset);
  const visit = (node: ts.Node): void => {
    if (hasStatements(node)) gap = gapIn(node, offset);
    else if (ts.isArrowFunction(node) && !ts.isBlock(node.body) && holds(node.body, offset))
      gap = { at: node.body.getStart(), before: "(", after: ", ", close: { at: node.body.end, text: ")" } };
    ts.forEachChild(node, (child) => {
      if (holds(child, offset)) visit(child);
    });
  };
  visit(file);
  return gap;
}

/** The lines, counted from 1, at which code begins that can be stopped at. */
export function linesWithCode(file: ts.SourceFile): number[] {
  const lines = new Set<number>();
  const add = (node: ts.Node): void =>
    void lines.add(file.getLineAndCharacterOfPosition(node.getStart()).line + 1);
  const visit = (node: ts.Node): void => {
    const isCode = ts.isStatement(node) && !ts.isBlock(node) && !isOnlyType(node);
    if (isCode || (ts.isArrowFunction(node) && !ts.isBlock(node.body)))
      add(ts.isArrowFunction(node) ? node.body : node);
    if (!isOnlyType(node)) ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  return [...lines].sort((left, right) => left - right);
}

const isOnlyType = (node: ts.Node): boolean =>
  ts.isInterfaceDeclaration(node) ||
  ts.isTypeAliasDeclaration(node) ||
  (ts.canHaveModifiers(node) &&
    ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) === true);

/** The calls by which a promise's failure is taken, with how many arguments they have then. */
const HANDLERS = new Map([
  ["catch", 1],
  ["then", 2],
]);

/** Whether what is thrown at an offset, in its function, is caught there: by a `try`, or by `.catch()` of what is called. */
export function isCaughtAt(file: ts.SourceFile, offset: number): boolean {
  let caught = false;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) caught = false;
    if (ts.isTryStatement(node) && node.catchClause !== undefined && holds(node.tryBlock, offset))
      caught = true;
    if (handlesFailure(node) && holds(node.expression.expression, offset)) caught = true;
    ts.forEachChild(node, (child) => {
      if (holds(child, offset)) visit(child);
    });
  };
  visit(file);
  return caught;
}

function handlesFailure(
  node: ts.Node,
): node is ts.CallExpression & { readonly expression: ts.PropertyAccessExpression } {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  const needed = HANDLERS.get(node.expression.name.text);
  return needed !== undefined && node.arguments.length >= needed;
}
