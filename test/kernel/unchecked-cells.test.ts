import assert from "node:assert/strict";
import { test } from "node:test";
import { type Execution, useKernel } from "../../tools/kernel-client/index.js";

/** In a folder whose tsconfig is strict: only the comment at the start of a cell makes the difference. */
const kernel = useKernel();

const unchecked = (code: string): Promise<Execution> => kernel().execute(`// @ts-nocheck\n${code}`);

for (const [what, code, result] of [
  ["the last of two functions of one name", "function f() { return 1 }\nfunction f() { return 2 }\nf()", "2"],
  ["the last, also before both", "g();\nfunction g() { return 1 }\nfunction g(x = 3) { return x }\ng()", "3"],
  ["the last of two variables", "var v = 1; var v = 'two'; v", "'two'"],
  ["a name that is assigned and not declared", "total = 5; total + 1", "6"],
  ["one in a loop", "for (k of [1, 2]) {}\nk", "2"],
  [
    "one in a pattern",
    "[first, { second = 4, ...others }] = [1, { z: 3 }];\n[first, second, others]",
    "[ 1, 4, { z: 3 } ]",
  ],
  ["one in a function", "function set() { within = 7 }\nset();\nwithin", "7"],
  ["one under the name of what browsers have", "window = 15; document = window + 1; document", "16"],
  ["a step of one that is not there", "steps++; steps", "NaN"],
] as const) {
  test(`an unchecked cell has ${what}`, async () => {
    const cell = await unchecked(code);
    assert.equal(cell.result, result, cell.traceback);
  });
}

test("what an unchecked cell assigns is there in later cells, checked or not, and may be anything", async () => {
  await unchecked("count = 1;\nfunction more() { count += 1 }");
  assert.equal((await kernel().execute("more();\ncount")).result, "2");
  assert.equal((await unchecked("count = count + 1; count")).result, "3");
  assert.equal((await kernel().execute('count = "text";\ncount.length')).result, "4");
  const typed = await kernel().execute("let count: number = 1;\ncount");
  assert.equal(typed.result, "1", typed.traceback);
});

test("an assignment to an earlier cell's variable makes no new one", async () => {
  await kernel().execute("let sum = 1;\nconst read = () => sum;");
  const cell = await unchecked('sum = "text";\nread()');
  assert.equal(cell.result, "'text'", cell.traceback);
});

test("packages do not see what a cell assigns under a browser's name", async () => {
  await unchecked("navigator = 1; self = 2;");
  const cell = await kernel().execute("typeof (globalThis as { self?: unknown }).self");
  assert.notEqual(cell.result, "'number'", cell.traceback);
});

test("a checked cell that assigns what nobody has declared is stopped", async () => {
  assert.match((await kernel().execute("undeclared = 5;")).traceback, /TS2304/);
});

test("a checked cell with two functions of one name is stopped", async () => {
  const cell = await kernel().execute("function h() { return 1 }\nfunction h() { return 2 }");
  assert.match(cell.traceback, /TS2393/);
});

test("an unchecked cell that declares a variable twice is a syntax error", async () => {
  const cell = await unchecked("let twice = 1; let twice = 2;");
  assert.equal(cell.error?.ename, "SyntaxError", cell.traceback);
});

test("an unchecked cell's assignment to a constant or an import throws", async () => {
  for (const code of [
    "const fixed = 1; fixed = 2;",
    "fixed = 2;",
    'import { sep } from "node:path"; sep = 1;',
    "sep = 1;",
  ]) {
    const cell = await unchecked(code);
    assert.equal(cell.error?.evalue, "Assignment to constant variable.", code);
  }
  const ignored = await kernel().execute("// @ts-ignore\nfixed = 2;");
  assert.equal(ignored.error?.ename, "TypeError");
  assert.equal((await unchecked("function f() {}\nf = 1; f")).result, "1");
});
