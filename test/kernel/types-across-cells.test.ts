import assert from "node:assert/strict";
import { test } from "node:test";
import { useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

/** Runs cells in order; all but the last must succeed. */
async function cells(...codes: string[]) {
  let last = await kernel().execute("undefined");
  for (const [i, code] of codes.entries()) {
    if (i > 0) assert.equal(last.status, "ok", last.traceback);
    last = await kernel().execute(code);
  }
  return last;
}

test("an earlier cell's const has its type", async () => {
  const right = await cells("const width = 3;", "width.toFixed(2)");
  assert.equal(right.result, "'3.00'", right.traceback);
  const wrong = await kernel().execute("width.toUpperCase()");
  assert.match(wrong.traceback, /toUpperCase.*does not exist/);
});

test("a mistake is told of in every cell that makes it", async () => {
  await kernel().execute("declare function either(): number | string[];");
  const cells = [
    "for (const each of either()) each;",
    "for await (const each of either()) each;",
    "[...either()];",
    "const [only] = either();",
    "function* all() { yield* either(); }",
  ];
  for (const cell of cells) {
    for (let time = 1; time <= 2; time++) {
      const { traceback } = await kernel().execute(cell);
      assert.match(
        traceback,
        /TS(2488|2504): Type 'number \| string\[\]' must have a /,
        `${cell}, time ${time}`,
      );
    }
  }
});

test("an inferred type is carried, not any", async () => {
  const wrong = await cells(
    'const table = [{ name: "a", size: 1 }].map((row) => ({ ...row, twice: row.size * 2 }));',
    "const s: string = table[0]!.twice;",
  );
  assert.match(wrong.traceback, /TS2322/);
});

test("a literal const keeps its literal type", async () => {
  const cell = await cells('const mode = "train";', 'const only: "train" = mode; only');
  assert.equal(cell.result, "'train'", cell.traceback);
});

test("an earlier const cannot be assigned", async () => {
  const cell = await cells("const constant = 1;", "constant = 2;");
  assert.equal(cell.status, "error");
});

test("a redeclared name has its new type and loses the old one", async () => {
  const now = await cells("const v = 1;", 'const v = "text";', "v.toUpperCase()");
  assert.equal(now.result, "'TEXT'", now.traceback);
  assert.equal((await kernel().execute("v.toFixed()")).status, "error");
});

test("a declared type wider than its value is carried", async () => {
  const cell = await cells("let either: string | number = 1;", 'either = "now a string"; either', "either");
  assert.equal(cell.result, "'now a string'", cell.traceback);
});

test("interfaces and types are carried", async () => {
  const cell = await cells(
    "interface Point { x: number; y: number }\ntype Pair<T> = [T, T];",
    "const p: Point = { x: 1, y: 2 };\nconst q: Pair<Point> = [p, p];",
    "q[1].y",
  );
  assert.equal(cell.result, "2", cell.traceback);
  assert.equal((await kernel().execute("const bad: Point = { x: 1 };")).status, "error");
});

test("enums are carried as values and as types", async () => {
  const cell = await cells(
    "enum Level { Low = 1, High }\nconst enum Fast { On = 7 }",
    "const level: Level = Level.High;\nLevel[level] + Fast.On",
  );
  assert.equal(cell.result, "'High7'", cell.traceback);
});

test("namespaces are carried", async () => {
  const cell = await cells(
    "namespace Geometry { export const unit = 2; export interface Box { side: number } export function area(b: Box) { return b.side ** 2; } }",
    "const box: Geometry.Box = { side: Geometry.unit };\nGeometry.area(box)",
  );
  assert.equal(cell.result, "4", cell.traceback);
});

test("classes are carried with generics, privates, statics and inheritance", async () => {
  const cell = await cells(
    "class Stack<T> { #items: T[] = []; static made = 0; constructor() { Stack.made++; } push(item: T): this { this.#items.push(item); return this; } get size(): number { return this.#items.length; } }",
    'class Counted extends Stack<string> { describe(): string { return this.size + " of " + Counted.made; } }',
    'const counted: Counted = new Counted();\ncounted.push("a").push("b");\ncounted.describe()',
  );
  assert.equal(cell.result, "'2 of 1'", cell.traceback);
  assert.equal((await kernel().execute("counted.push(1)")).status, "error");
});

test("abstract classes, overloads and generic functions are carried", async () => {
  const cell = await cells(
    "abstract class Shape { abstract area(): number }\nfunction pick(a: string): string;\nfunction pick(a: number): number;\nfunction pick(a: string | number) { return a; }\nconst first = <T,>(items: readonly T[]): T | undefined => items[0];",
    "class Square extends Shape { area() { return 9; } }\nconst n: number = pick(1);\nconst s: string | undefined = first(['x']);",
    "String(new Square().area()) + n + s",
  );
  assert.equal(cell.result, "'91x'", cell.traceback);
  assert.equal((await kernel().execute("new Shape()")).status, "error");
});

test("destructured names are carried with their types", async () => {
  const cell = await cells(
    'const { left, nested: { right = "r" }, ...rest } = { left: 1, nested: {} as { right?: string }, more: true };\nconst [one, , three = 3, ...others] = [1, 2, undefined, 4, 5];',
    '[left.toFixed(), right.toUpperCase(), rest.more, one, three, others.length].join(" ")',
  );
  assert.equal(cell.result, "'1 R true 1 3 2'", cell.traceback);
});

test("imported names are carried with their types", async () => {
  const cell = await cells(
    'import { join, type ParsedPath } from "node:path";\nimport * as os from "node:os";\nimport EventEmitter from "node:events";',
    'const parsed: Partial<ParsedPath> = { base: "b" };\nconst e = new EventEmitter();\njoin("a", parsed.base!) + typeof os.EOL + e.listenerCount("x")',
  );
  assert.equal(cell.result, "'a/bstring0'", cell.traceback);
  assert.equal((await kernel().execute("join(1)")).status, "error");
});

test("var, functions and async generators are carried", async () => {
  const cell = await cells(
    "var old = 1;\nasync function* count(to: number) { for (let i = 0; i < to; i++) yield i; }",
    "let total = old;\nfor await (const i of count(4)) total += i;\ntotal",
  );
  assert.equal(cell.result, "7", cell.traceback);
});

test("a variable without initialiser is carried with its declared type", async () => {
  const cell = await cells("let pending: number[] | undefined;", "pending = [1];", "pending?.length");
  assert.equal(cell.result, "1", cell.traceback);
});

test("names that start inside blocks stay inside", async () => {
  await cells("{ const hidden = 1; }\nfor (const alsoHidden of [1]) {}");
  assert.equal((await kernel().execute("hidden")).status, "error");
  assert.equal((await kernel().execute("alsoHidden")).status, "error");
});

test("a type and a value of the same name are both carried", async () => {
  const cell = await cells(
    "interface Model { units: number }\nconst Model = { make: (units: number): Model => ({ units }) };",
    "const m: Model = Model.make(3);\nm.units",
  );
  assert.equal(cell.result, "3", cell.traceback);
});

test("an unchanged type survives the redeclaration of another", async () => {
  const cell = await cells(
    "interface A1 { a: number }\nconst a1: A1 = { a: 1 };",
    "interface B1 { b: number }",
    "interface B1 { c: string }",
    "a1.a",
  );
  assert.equal(cell.result, "1", cell.traceback);
});

test("a value of a redeclared class keeps the class it was made from", async () => {
  const cell = await cells(
    'class Model1 { old() { return "old"; } }\nconst made = new Model1();',
    'class Model1 { fresh() { return "fresh"; } }',
    "made.old() + new Model1().fresh()",
  );
  assert.equal(cell.result, "'oldfresh'", cell.traceback);
  assert.equal((await kernel().execute("new Model1().old()")).status, "error");
});

test("satisfies, as const and intrinsic types work", async () => {
  const cell = await cells(
    'const config = { units: [1, 2] } as const satisfies { units: readonly number[] };\ntype Name = Uppercase<"layer">;\nconst name1: Name = "LAYER";',
    "const two: 2 = config.units[1];\ntwo + name1",
  );
  assert.equal(cell.result, "'2LAYER'", cell.traceback);
});

test("decorators of the standard work", async () => {
  const cell = await kernel().execute(`
function loud<This, A extends unknown[]>(target: (this: This, ...args: A) => string, _: ClassMethodDecoratorContext) {
  return function (this: This, ...args: A) { return target.apply(this, args).toUpperCase(); };
}
class Greeter { @loud greet() { return "hello"; } }
new Greeter().greet()`);
  assert.equal(cell.result, "'HELLO'", cell.traceback);
});

test("a global augmented by an earlier cell is typed in later ones", async () => {
  const cell = await cells(
    "declare global { var sharedCounter: number }\nglobalThis.sharedCounter = 4;\nexport {}",
    "globalThis.sharedCounter + 1",
  );
  assert.equal(cell.result, "5", cell.traceback);
});

test("types survive fifty cells in between", async () => {
  await cells("const distant = { far: 1 };");
  for (let i = 0; i < 50; i++) await cells(`const between${i} = ${i};`);
  const cell = await kernel().execute("distant.far + between49");
  assert.equal(cell.result, "50", cell.traceback);
});

test("an anonymous class with private members is carried", async () => {
  const cell = await cells(
    "function mixin() { return class { private secret = 1; open = 2; }; }",
    "class Mixed extends mixin() { twice = this.open * 2; }",
    "new Mixed().twice",
  );
  assert.equal(cell.result, "4", cell.traceback);
});

test("type errors name types of earlier cells as they were written", async () => {
  const cell = await cells(
    "enum Shade { Dark = 1 }\nclass Paint { shade = Shade.Dark }",
    "const p1: { z: 1 } = Shade.Dark;",
  );
  assert.match(cell.traceback, /Type 'Shade' is not assignable/);
  assert.doesNotMatch(cell.traceback, /__cell/);
});

test("types last over hundreds of cells, redeclared on the way or not", async () => {
  const first = await cells(
    "class Account { #total = 0; add(sum: number): this { this.#total += sum; return this; } }",
    "function pair<T>(one: T): [T, T] { return [one, one]; }",
    "const counter = 0;",
  );
  assert.equal(first.status, "ok", first.traceback);
  for (let i = 1; i <= 250; i++) {
    const cell = await kernel().execute(`const counter = ${i} as const; counter`);
    assert.equal(cell.result, String(i), cell.traceback);
  }
  const right = await kernel().execute("const [acc] = pair(new Account()); acc.add(counter)");
  assert.equal(right.status, "ok", right.traceback);
  const wrong = await kernel().execute('acc.add("1"); const old: 249 = counter;');
  assert.match(wrong.traceback, /TS2345/);
  assert.match(wrong.traceback, /'250' is not assignable to type '249'/);
});
