import assert from "node:assert/strict";
import { test } from "node:test";
import { useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

const cases: [string, string, string][] = [
  ["await in a declaration", "const waited = await Promise.resolve(4);\nwaited", "4"],
  ["await as the last value", "await Promise.resolve([1])", "[ 1 ]"],
  ["await inside an expression", "(await Promise.resolve(2)) + (await Promise.resolve(3))", "5"],
  ["await in a loop", "let sum = 0;\nfor (const p of [1, 2].map(async (x) => x)) sum += await p;\nsum", "3"],
  [
    "for await over a generator",
    "async function* gen() { yield 1; yield 2; }\nlet got = 0;\nfor await (const x of gen()) got += x;\ngot",
    "3",
  ],
  ["await in a block", "let inBlock = 0;\n{ inBlock = await Promise.resolve(6); }\ninBlock", "6"],
  [
    "await in try and catch",
    'let caught = "";\ntry { await Promise.reject(new Error("no")); } catch (e) { caught = (e as Error).message; }\ncaught',
    "'no'",
  ],
  [
    "await of a timer",
    'await new Promise<string>((resolve) => setTimeout(() => resolve("rang"), 20))',
    "'rang'",
  ],
  ["await in destructuring", "const { d, e: [f] } = await Promise.resolve({ d: 1, e: [2] });\nd + f", "3"],
  [
    "await in a class field initialiser's argument",
    "class K { constructor(readonly v: number) {} }\nnew K(await Promise.resolve(8)).v",
    "8",
  ],
  ["await in a template", `\`<\${await Promise.resolve(1)}>\``, "'<1>'"],
];

for (const [name, code, expected] of cases) {
  test(`${name} works at the top level`, async () => {
    const cell = await kernel().execute(code);
    assert.equal(cell.result, expected, cell.traceback);
  });
}

test("a promise that is not awaited is shown as one", async () => {
  const cell = await kernel().execute("Promise.resolve(1)");
  assert.match(cell.result ?? "", /^Promise \{/);
});

test("names declared in a cell with await are carried with their types", async () => {
  await kernel().execute(
    'const data = await Promise.resolve({ rows: 3 });\nlet label = "x";\nclass W { w = 1 }\nfunction fw() { return data.rows; }',
  );
  const cell = await kernel().execute("fw() + data.rows + new W().w + label.length");
  assert.equal(cell.result, "8", cell.traceback);
});

test("a name declared with await can be redeclared", async () => {
  await kernel().execute("const renewed = await Promise.resolve(1);");
  const cell = await kernel().execute('const renewed = await Promise.resolve("s");\nrenewed.length');
  assert.equal(cell.result, "1", cell.traceback);
});

test("a declaration with using disposes at the end of its block", async () => {
  const cell = await kernel().execute(`
{
  using resource = { [Symbol.dispose]() { console.log("disposed"); } };
  console.log("using", typeof resource);
}
console.log("after");`);
  assert.equal(cell.stdout, "using object\ndisposed\nafter\n", cell.traceback);
});

test("await using disposes asynchronously", async () => {
  const cell = await kernel().execute(`
{
  await using resource = { async [Symbol.asyncDispose]() { await null; console.log("disposed"); } };
  console.log(typeof resource);
}`);
  assert.equal(cell.stdout, "object\ndisposed\n", cell.traceback);
});

test("using at the top level of a cell works", async () => {
  const cell = await kernel().execute(
    'using top = { [Symbol.dispose]() { console.log("disposed"); } };\nconsole.log("body");',
  );
  assert.equal(cell.status, "ok", cell.traceback);
  assert.match(cell.stdout, /^body\n/);
});

test("the last value of a cell with using is its result", async () => {
  const cell = await kernel().execute(
    'await using held = { async [Symbol.asyncDispose]() { console.log("released"); } };\nconst kept = 3;\nkept + 1',
  );
  assert.equal(cell.result, "4", cell.traceback);
  assert.equal(cell.stdout, "released\n");
  assert.equal((await kernel().execute("kept")).result, "3");
});
