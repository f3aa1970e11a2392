import assert from "node:assert/strict";
import { test } from "node:test";
import { type KernelClient, useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();
const javascript = useKernel({ language: "javascript" });

const statusOf = async (client: KernelClient, code: string) =>
  (await client.request("shell", "is_complete_request", { code })).content.status;

for (const [code, result] of [
  ["{ a: 1, b: 2 }", "{ a: 1, b: 2 }"],
  ["{ a: 1 }", "{ a: 1 }"],
  ["{}", "{}"],
  [
    "  // what it is\n{\n  a: [1], /* b */ 'c d': { e: null },\n}\n// done",
    "{ a: [ 1 ], 'c d': { e: null } }",
  ],
  ['{ ...{ x: 1 }, ["y" + 1]: 2, get z() { return 3; } }', "{ x: 1, y1: 2, z: [Getter] }"],
  ["const w = 3;\nvoid 0", undefined],
  ["{ w }", "{ w: 3 }"],
  ["{ sum: await Promise.resolve(w + 1) }", "{ sum: 4 }"],
] as const) {
  test(`the value of the cell ${JSON.stringify(code)} is ${result}`, async () => {
    const cell = await kernel().execute(code);
    assert.equal(cell.result, result, cell.traceback);
    assert.equal(cell.status, "ok");
    assert.equal(await statusOf(kernel(), code), "complete");
  });
}

test("plain JavaScript has such cells, too", async () => {
  assert.equal((await javascript().execute("{ a: (made = 5), b: 2 }")).result, "{ a: 5, b: 2 }");
  assert.equal((await javascript().execute("made")).result, "5");
});

test("an error in such a cell has its place", async () => {
  const wrong = await kernel().execute("{ a: 1,\n  b: unknownName }");
  assert.match(wrong.traceback, /^Cell In\[\d+\], line 2\n +column 6.*TS2304/s);
  const thrown = await kernel().execute("{ a: (() => {\n  throw new Error('no'); })() }");
  assert.match(thrown.traceback, /^Error: no\n {2}Cell In\[\d+\], line 2\n +column 9/);
});

test("completion within such a cell is at its place", async () => {
  const code = '{ a: "text".toUpp }';
  const { content } = await kernel().request("shell", "complete_request", { code, cursor_pos: 17 });
  assert.deepEqual(content.matches, ["toUpperCase"]);
  assert.equal(content.cursor_start, 12);
});

test("a block stays a block", async () => {
  const cell = await kernel().execute("{ const inner = 1; console.log(inner); }");
  assert.equal(cell.stdout, "1\n", cell.traceback);
  assert.match((await kernel().execute("inner")).traceback, /TS2304/);
});

test("what is neither an object nor a block is a syntax error with its place", async () => {
  const cell = await kernel().execute("{ a: 1, b: 2; }");
  assert.match(cell.traceback, /line 1\n +column 10/);
});

for (const [code, status] of [
  ["{ a: 1, b: 2,", "incomplete"],
  ["{\n  a: 1,\n  b: {", "incomplete"],
  ["{ const a = 1;", "incomplete"],
  ["{ a: 1, b: 2; }", "invalid"],
] as const) {
  test(`${JSON.stringify(code)} is ${status}`, async () => {
    assert.equal(await statusOf(kernel(), code), status);
  });
}
