import assert from "node:assert/strict";
import { test } from "node:test";
import { type Dictionary, plain, useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

const shown: [string, string][] = [
  ["1 + 1", "2"],
  ["null", "null"],
  ["0", "0"],
  ["-0", "-0"],
  ["NaN", "NaN"],
  ["false", "false"],
  ["10n ** 20n", "100000000000000000000n"],
  ["[1, 2, 3]", "[ 1, 2, 3 ]"],
  ['({ a: 1, b: "x" })', "{ a: 1, b: 'x' }"],
  ["new Map([[1, 2]])", "Map(1) { 1 => 2 }"],
  ['Symbol("s")', "Symbol(s)"],
  ["await Promise.resolve(5)", "5"],
  ["const x = 3;\nx * 2", "6"],
  ["let y = 1;\ny = 9", "9"],
  ["/a+/g", "/a+/g"],
  ["5\n// a comment below", "5"],
  ["let z = 1;\nz = 2 // beside\n// and below", "2"],
];

for (const [code, expected] of shown) {
  test(`the last value of ${JSON.stringify(code)} is shown as ${expected}`, async () => {
    const cell = await kernel().execute(code);
    assert.equal(cell.status, "ok", cell.traceback);
    assert.equal(cell.result, expected);
    assert.deepEqual(cell.outputs, ["execute_result"]);
  });
}

test("an empty string is shown", async () => {
  const cell = await kernel().execute("''");
  assert.match(cell.result ?? "nothing", /^(''|"")$/);
});

test("a string of several lines is shown as one result", async () => {
  const cell = await kernel().execute('"one\\ntwo"');
  assert.match(cell.result ?? "nothing", /one(\\n|\n)two/);
});

for (const code of [
  "undefined",
  "void 0",
  "let a0 = 1",
  "const b0 = 2;",
  "function f0() {}",
  "class C0 {}",
  "type T0 = number",
  "if (false) { 1 }",
  "for (const i of [1]) {}",
  "// only a comment",
  "",
  "   \n\t",
  ";",
]) {
  test(`${JSON.stringify(code)} shows nothing`, async () => {
    const cell = await kernel().execute(code);
    assert.equal(cell.status, "ok", cell.traceback);
    assert.deepEqual(cell.outputs, []);
  });
}

test("a function and a class are shown by name", async () => {
  assert.match((await kernel().execute("(function add() {})")).result ?? "", /\[Function: add\]/);
  assert.match((await kernel().execute("(class Point {})")).result ?? "", /\[class Point\]/);
});

test("the result carries the cell's execution count", async () => {
  const cell = await kernel().execute("123");
  assert.equal(cell.contents("execute_result")[0]?.execution_count, cell.reply.content.execution_count);
});

test("no result of 200 cells sent at once is lost or late", async () => {
  const ids: string[] = [];
  for (let i = 0; i < 200; i++) ids.push(await kernel().submit(`${i} * 2`));
  const results: (string | undefined)[] = [];
  for (const id of ids) results.push((await kernel().finish(id)).result);
  assert.deepEqual(
    results,
    ids.map((_, i) => String(i * 2)),
  );
});

test("a value with a Jupyter.display method is shown with the bundle that it returns", async () => {
  const cell = await kernel().execute(
    '({ [Symbol.for("Jupyter.display")]() { return { "text/html": "<b>rich</b>", "text/plain": "rich" }; } })',
  );
  const data = cell.contents("execute_result")[0]?.data as Dictionary;
  assert.equal(data["text/html"], "<b>rich</b>");
  assert.equal(data["text/plain"], "rich");
});

test("a Jupyter.display method may be asynchronous", async () => {
  const cell = await kernel().execute(
    '({ async [Symbol.for("Jupyter.display")]() { await null; return { "text/html": "<i>later</i>" }; } })',
  );
  const data = cell.contents("execute_result")[0]?.data as Dictionary | undefined;
  assert.equal(data?.["text/html"], "<i>later</i>");
});

test("a Jupyter.display method that throws does not lose the value", async () => {
  const cell = await kernel().execute(
    '({ kept: 1, [Symbol.for("Jupyter.display")]() { throw new Error("no picture"); } })',
  );
  const all = plain(`${cell.result ?? ""}${cell.stderr}${cell.traceback}`);
  assert.match(all, /no picture/);
  assert.equal((await kernel().execute("1")).result, "1");
});

test("objects whose inspection throws end the cell, not the kernel", async () => {
  const cell = await kernel().execute(
    'import { inspect } from "node:util";\n({ [inspect.custom]() { throw new Error("not to be seen"); } })',
  );
  assert.match(plain(`${cell.result ?? ""}${cell.stderr}${cell.traceback}`), /not to be seen/);
  assert.equal((await kernel().execute("1 + 2")).result, "3");
});

test("a circular object is shown", async () => {
  const cell = await kernel().execute("const ring: { self?: unknown } = {};\nring.self = ring;\nring");
  assert.match(cell.result ?? "", /Circular/);
});
