import ts from "typescript";
import { boundNames } from "../../../kernel/compiler/syntax/declarations.js";
import { type Edit, edited } from "./edits.js";
import type { CellSpan } from "./join-cells.js";
import type { TypedModule } from "./typed-module.js";

/**
 * Writes a cell that may throw, which the notebook goes on after. What it declares is there in any case.
 *
 * @param span - where the cell stands
 * @param typed - the module
 * @param edits - what changes in it besides
 * @returns what takes the cell's place
 */
export function attempted(span: CellSpan, { file, checker }: TypedModule, edits: readonly Edit[]): Edit {
  const outside: string[] = [];
  const inside: string[] = [];
  let end = span.start;
  const within = (from: number, to: number, more: readonly Edit[] = []): string => {
    const own = edits.filter((edit) => edit.start >= from && edit.end <= to);
    const all = [...own, ...more].map((edit) => ({
      ...edit,
      start: edit.start - from,
      end: edit.end - from,
    }));
    return edited(file.text.slice(from, to), all).trim();
  };
  const statements = file.statements.filter(
    (each) => each.getStart(file) >= span.start && each.end <= span.end,
  );
  for (const [index, statement] of statements.entries()) {
    const to = index === statements.length - 1 ? span.end : statement.end;
    if (ts.isVariableStatement(statement)) {
      for (const name of boundNames(statement.declarationList)) {
        const type = checker.typeToString(
          checker.getTypeAtLocation(name),
          undefined,
          ts.TypeFormatFlags.NoTruncation,
        );
        outside.push(`let ${name.text}!: ${type};`);
      }
      inside.push(within(end, to, assignments(statement, file)));
    } else if (ts.isExpressionStatement(statement) || !isDeclaration(statement)) inside.push(within(end, to));
    else outside.push(within(end, to));
    end = to;
  }
  const body = inside.join("\n").replace(/^(?=.)/gm, "  ");
  const text = [...outside, "try {", body, "} catch (error) {", "  console.error(error);", "}", ""].join(
    "\n",
  );
  return { start: span.start, end: span.end, text };
}

const isDeclaration = (statement: ts.Statement): boolean =>
  ts.isFunctionDeclaration(statement) ||
  ts.isClassDeclaration(statement) ||
  ts.isInterfaceDeclaration(statement) ||
  ts.isTypeAliasDeclaration(statement) ||
  ts.isEnumDeclaration(statement) ||
  ts.isModuleDeclaration(statement) ||
  ts.isImportDeclaration(statement);

/** `const a: A = 1, { b } = c` → `a = 1, { b } = c`, in parentheses where it would be a block. */
function assignments(statement: ts.VariableStatement, file: ts.SourceFile): Edit[] {
  const { declarations } = statement.declarationList;
  const [first] = declarations;
  const last = declarations.at(-1);
  if (first === undefined || last === undefined) return [];
  const edits: Edit[] = [
    { start: statement.getStart(file), end: first.getStart(file), text: "(" },
    { start: last.end, end: last.end, text: ")" },
  ];
  for (const { name, type, initializer, end } of declarations) {
    if (type !== undefined || initializer === undefined)
      edits.push({
        start: name.end,
        end: initializer === undefined ? end : initializer.getStart(file),
        text: initializer === undefined ? " = undefined as never" : " = ",
      });
  }
  return edits;
}
