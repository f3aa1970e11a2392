import assert from "node:assert/strict";
import { test } from "node:test";
import { packageRoot } from "../../src/platform/package-root.js";
import { useKernel } from "../../tools/kernel-client/index.js";

// Its tsconfig has more strict options than those of `strict`.
const kernel = useKernel({ cwd: packageRoot });

test("a type error stops the cell before it runs", async () => {
  const cell = await kernel().execute('console.log("ran");\nconst n: number = "text";');
  assert.equal(cell.status, "error");
  assert.equal(cell.stdout, "");
  assert.deepEqual(cell.outputs, ["error"]);
});

test("a type error is identical on iopub and in the reply", async () => {
  const cell = await kernel().execute('const n: number = "text";');
  const { ename, evalue, traceback } = cell.reply.content;
  assert.deepEqual(cell.error, { ename, evalue, traceback });
});

test("a type error has code, message, line, column, source line and caret", async () => {
  const cell = await kernel().execute('const fine = 1;\nconst wrong: number = "text";');
  assert.match(cell.traceback, /TS2322|2322/);
  assert.match(cell.traceback, /Type 'string' is not assignable to type 'number'/);
  assert.match(cell.traceback, /line 2\n +column 7/);
  const lines = cell.traceback.split("\n");
  const source = lines.findIndex((line) => line.includes('const wrong: number = "text";'));
  assert.ok(source >= 0, cell.traceback);
  const below = lines[source + 1] ?? "";
  assert.match(below, /\^~*$/);
  assert.equal(below.indexOf("^"), lines[source]?.indexOf("wrong"), cell.traceback);
});

test("all type errors of a cell are reported", async () => {
  const cell = await kernel().execute('const a1: number = "x";\nconst b1: string = 2;');
  assert.match(cell.traceback, /line 1\n +column 7/);
  assert.match(cell.traceback, /line 2\n +column 7/);
});

test("an unknown name is an error with its place", async () => {
  const cell = await kernel().execute("1 +\n  unknownName");
  assert.match(cell.traceback, /Cannot find name 'unknownName'/);
  assert.match(cell.traceback, /line 2\n +column 3/);
});

for (const [what, code] of [
  ["a possibly null value", "const m = /a/.exec('b');\nm.index"],
  ["an implicit any", "function f1(x) { return x; }"],
  ["an unchecked index", "const list1: number[] = [];\nconst first1: number = list1[0];"],
  ["a missing property", "({ a: 1 }).b"],
  ["too few arguments", "Math.pow(1)"],
  ["a wrong argument", 'Math.sqrt("4")'],
  ["an assignment to a constant", "const fixed = 1;\nfixed = 2;"],
  ["a missing member of a module", 'import { nothingLikeThis } from "node:fs";'],
  ["a missing module", 'import { x } from "no-such-package-anywhere";'],
] as const) {
  test(`strict checks refuse ${what}`, async () => {
    const cell = await kernel().execute(code);
    assert.equal(cell.status, "error");
    assert.match(cell.traceback, /TS\d+/);
  });
}

test("code that is unused, loosely ended or labelled is no error", async () => {
  const cell = await kernel().execute("const unused = 1\nfunction alsoUnused(a: number) { return 2 }");
  assert.equal(cell.status, "ok", cell.traceback);
});

test("a cell with a type error does not change what a name was before", async () => {
  await kernel().execute("let steady = 1;");
  await kernel().execute('let steady = "text"; const bad: number = "x";');
  assert.equal((await kernel().execute("steady.toFixed(1)")).result, "'1.0'");
});

test("@ts-expect-error and casts work as usual", async () => {
  const cell = await kernel().execute(
    '// @ts-expect-error\nconst wrong2: number = "text";\n(wrong2 as unknown as string).length',
  );
  assert.equal(cell.result, "4", cell.traceback);
});

test("@ts-nocheck at the start of a cell turns its check off", async () => {
  const cell = await kernel().execute(
    '// @ts-nocheck\nconst unchecked: number = "text";\nthrow new Error(unchecked);',
  );
  assert.match(cell.traceback, /^Error: text\n {2}Cell In\[\d+\], line 3\n +column 7/);
});

test("a reference to a library brings its types into the cell and the later ones", async () => {
  const cell = await kernel().execute(
    '/// <reference lib="webworker" />\nlet worker: Worker | undefined;\n1',
  );
  assert.equal(cell.result, "1", cell.traceback);
  const later = await kernel().execute("const same: Worker | undefined = worker;\n2");
  assert.equal(later.result, "2", later.traceback);
});

test("a first line for the shell is no error", async () => {
  const cell = await kernel().execute("#!/usr/bin/env node\nconst after: number = 1;\nafter");
  assert.equal(cell.result, "1", cell.traceback);
});
