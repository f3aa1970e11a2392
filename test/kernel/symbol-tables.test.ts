import assert from "node:assert/strict";
import { test } from "node:test";
import ts from "typescript";
import { dropIdleTables } from "../../kernel/compiler/library/symbol-tables.js";

const LIBRARY = `
interface Shape { readonly sides: number; resize(by: number, unit: "cm" | "in"): Shape; }
declare var Shape: { new (sides: number): Shape; unit: Shape };
declare function isShape(value: unknown): value is Shape;
declare function same(first: { a: number }, second: typeof first): void;
declare function last<T>(list: readonly T[], other?: T): T;
declare const pick: (from: { b: string }) => typeof from;
declare class Box { constructor(content: Shape); static of(content: Shape): Box; readonly content: Shape; }
declare namespace Unit { const names: string[]; function long(name: string): string; }
declare var Unit: { short: string };
declare function overloaded(value: string): string;
declare function overloaded(value: number): number;
`;

const CELL = `
export const triangle = new Shape(3).resize(2, "cm");
export const wrong: string = triangle.resize(1, "m");
export const narrowed = (value: unknown) => (isShape(value) ? value.sides : value);
same({ a: 1 }, { a: "no" });
export const item = last([1, 2], 3);
export const picked = pick({ b: "x" }).b;
export const box = Box.of(triangle).content;
export const text = Unit.long(Unit.names[0] ?? "") + Unit.short;
export const both = [overloaded(1), overloaded("a"), overloaded(true)];
declare global { interface Shape { readonly added: boolean } namespace Unit { const more: number } var Another: Shape }
export const merged = [triangle.added, Unit.more, Another.sides, globalThis.Shape.unit];
`;

/** What is wrong with the cell, and the types of what it exports, by a program of these two files. */
function checked(drops: boolean): string[] {
  const texts = new Map([
    ["/lib.d.ts", LIBRARY],
    ["/cell.ts", CELL],
  ]);
  const options = { target: ts.ScriptTarget.ES2022, lib: ["lib.es2022.d.ts"], strict: true, types: [] };
  const host = ts.createCompilerHost(options, true);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) => {
    const text = texts.get(name);
    return text === undefined ? read(name, ...rest) : ts.createSourceFile(name, text, options.target, true);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  // Binds all files.
  const checker = program.getTypeChecker();
  if (drops) dropIdleTables(program.getSourceFiles().filter(({ isDeclarationFile }) => isDeclarationFile));
  const cell = program.getSourceFile("/cell.ts");
  const symbol = cell && checker.getSymbolAtLocation(cell);
  assert.ok(cell && symbol);
  const types = checker.getExportsOfModule(symbol).map((each) => {
    const type = checker.getTypeOfSymbolAtLocation(each, cell);
    return `${each.name}: ${checker.typeToString(type)}`;
  });
  const problems = ts.getPreEmitDiagnostics(program, cell).map(({ start, messageText }) => {
    return `${start}: ${ts.flattenDiagnosticMessageText(messageText, "\\n")}`;
  });
  return [...types, ...problems];
}

test("a program without idle symbol tables finds the same types and mistakes", () => {
  const found = checked(true);
  assert.deepEqual(found, checked(false));
  assert.ok(
    found.some((line) => line.includes("'\"m\"'")) && found.includes("picked: string"),
    found.join("\n"),
  );
});
