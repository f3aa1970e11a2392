import assert from "node:assert/strict";
import { test } from "node:test";
import { useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

/** Sends a cell that is refused for its types. */
async function refuse(declarations: string): Promise<void> {
  const cell = await kernel().execute(`${declarations}\nconst refused: number = "text";`);
  assert.match(cell.traceback, /TS2322/);
}

test("a cell that its types have stopped leaves its types to later cells", async () => {
  await refuse("interface Row { size: number }\ntype Rows = Row[];");
  const cell = await kernel().execute("const rows: Rows = [{ size: 2 }];\nrows[0]!.size");
  assert.equal(cell.result, "2", cell.traceback);
  assert.match((await kernel().execute('const row: Row = { size: "2" };')).traceback, /TS2322/);
});

for (const [what, declaration, use] of [
  ["constant", "const ghost = 1;", "ghost.toFixed(1)"],
  ["function", "function ghost(n: number) { return n; }", "ghost(1)"],
  ["class", "class ghost { size = 1 }", "new ghost().size"],
  ["enum", "enum ghost { One }", "ghost.One"],
  ["import", 'import { join as ghost } from "node:path";', 'ghost("a")'],
  ["pattern", "const { ghost } = { ghost: [1] };", "ghost.length"],
  ["assigned variable", "let ghost = 1;", "ghost = 2"],
] as const) {
  test(`a ${what} of a stopped cell is checked, and its use says which cell did not run`, async () => {
    await refuse(declaration);
    const stopped = Number((await kernel().execute("0")).reply.content.execution_count) - 1;
    const cell = await kernel().execute(use);
    assert.equal(cell.error?.ename, "ReferenceError", cell.traceback);
    const message = `ghost is not defined: Cell In[${stopped}], which declares it, did not run`;
    assert.equal(cell.error?.evalue, message);
    assert.ok(cell.traceback.startsWith(`ReferenceError: ${message}\n  Cell In[`), cell.traceback);
  });
}

test("types of a stopped cell still stop later cells that use them wrongly", async () => {
  await refuse("const width = 3;");
  assert.match((await kernel().execute("width.toUpperCase()")).traceback, /toUpperCase.*does not exist/);
});

test("a user expression says which cell did not run, too", async () => {
  await refuse("const unseen = 3;");
  const cell = await kernel().execute("1", { user_expressions: { x: "unseen" } });
  assert.match(JSON.stringify(cell.reply.content.user_expressions), /unseen is not defined: Cell In\[\d+\]/);
});

test("code that names a value of a stopped cell works once that cell has run", async () => {
  await refuse("const late = 1;");
  const defined = await kernel().execute("const twice = () => late * 2;");
  assert.equal(defined.status, "ok", defined.traceback);
  await kernel().execute("const late = 21;");
  assert.equal((await kernel().execute("twice()")).result, "42");
});

for (const name of ["input", "prompt", "require", "Map", "process", "window"]) {
  test(`a stopped cell's ${name} is missing, and not another one`, async () => {
    await refuse(`const ${name} = [1, 2, 3];`);
    const cell = await kernel().execute(`${name}.length`);
    assert.match(cell.traceback, new RegExp(`^ReferenceError: ${name} is not defined: Cell In`));
    await kernel().execute(`const ${name} = "four";`);
    assert.equal((await kernel().execute(`${name}.length`)).result, "4");
  });
}

test("a stopped cell takes no name from a value that is there", async () => {
  await kernel().execute("class Model { old() { return 1; } }\nlet steady = 1;");
  await refuse('class Model { fresh() { return 2; } }\nlet steady = "text";\nlet other = 1;');
  const cell = await kernel().execute("const m: Model = new Model();\nm.old() + Number(steady.toFixed(0))");
  assert.equal(cell.result, "2", cell.traceback);
});

test("a stopped cell's interface does not take the value of a class", async () => {
  await kernel().execute("class Shape { sides = 4 }");
  await refuse("interface Shape { corners: number }");
  assert.equal((await kernel().execute("new Shape().sides")).result, "4");
});

test("a cell that does not parse leaves nothing behind", async () => {
  assert.match((await kernel().execute("const halfWritten = 1; foo(")).traceback, /SyntaxError|TS1/);
  assert.match((await kernel().execute("halfWritten")).traceback, /TS2304/);
});

test("a cell that imports a module which is wrong leaves its types, too", async () => {
  await kernel().execute(
    'import { gone } from "./no-such-module";\nfunction area(w: number): number { return w; }',
  );
  const cell = await kernel().execute("area(1)");
  assert.match(cell.traceback, /area is not defined: Cell In/);
});
