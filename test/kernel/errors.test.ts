import assert from "node:assert/strict";
import { test } from "node:test";
import { plain, useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

test("an error is identical on iopub and in the reply", async () => {
  const cell = await kernel().execute('throw new RangeError("too far")');
  const { ename, evalue, traceback } = cell.reply.content;
  assert.equal(cell.status, "error");
  assert.deepEqual(cell.error, { ename, evalue, traceback });
  assert.equal(ename, "RangeError");
  assert.equal(evalue, "too far");
  assert.match(cell.traceback, /RangeError: too far/);
});

test("an error is sent once and nothing else with it", async () => {
  const cell = await kernel().execute('throw new Error("once")');
  assert.deepEqual(cell.outputs, ["error"]);
});

test("the traceback names the cell, its line and its column", async () => {
  const cell = await kernel().execute("const a = 1;\nconst b = JSON.parse('null');\n  b.c.d;\n");
  const count = cell.reply.content.execution_count;
  assert.equal(cell.reply.content.ename, "TypeError");
  assert.match(cell.traceback, new RegExp(`Cell In\\[${count}\\], line 3\\n +column 5`));
});

test("the traceback shows the source line with a caret below the place", async () => {
  const cell = await kernel().execute('const first = 1;\nthrow new Error("here");');
  const lines = cell.traceback.split("\n");
  const source = lines.findIndex((line) => line.includes('throw new Error("here")'));
  assert.ok(source >= 0, cell.traceback);
  assert.ok(
    lines.slice(source + 1).some((line) => line.includes("^")),
    cell.traceback,
  );
});

test("the traceback goes through functions of earlier cells", async () => {
  const first = await kernel().execute('function thrower(): never {\n  throw new Error("deep");\n}');
  const second = await kernel().execute("// a comment\nthrower();");
  const [from, to] = [first, second].map((cell) => cell.reply.content.execution_count);
  assert.match(second.traceback, new RegExp(`Cell In\\[${from}\\], line 2\\n +column 9, in thrower`));
  assert.match(second.traceback, new RegExp(`Cell In\\[${to}\\], line 2\\n +column 1`));
});

test("lines stay right when types, interfaces, enums and imports precede", async () => {
  const cell = await kernel().execute(`import { join } from "node:path";
interface Wide { a: number; b?: string }
enum Colour { Red, Green }
type Alias<T> = T | undefined;

const path: string = join("a", "b");
const wide: Wide = { a: Colour.Green } satisfies Wide;
throw new Error(path + wide.a as string);`);
  assert.match(cell.traceback, /line 8\n +column 7/);
});

test("lines stay right after an await and inside a callback", async () => {
  const cell = await kernel().execute(
    'await Promise.resolve();\n[1].forEach(() => {\n  throw new Error("inside");\n});',
  );
  assert.match(cell.traceback, /line 3\n +column 9/);
});

test("the traceback has no frames of the kernel or of Node's internals", async () => {
  for (const code of [
    'throw new Error("sync")',
    'await null; throw new Error("after await")',
    'JSON.parse("{")',
    'await Promise.reject(new Error("rejected"))',
    'import { readFileSync } from "node:fs";\nreadFileSync("/does/not/exist")',
    "await new Promise((_, reject) => setTimeout(() => reject(new Error('timer')), 1))",
  ]) {
    const cell = await kernel().execute(code);
    assert.equal(cell.status, "error", code);
    assert.doesNotMatch(
      cell.traceback,
      /node:internal|dist\/kernel|kernel\/session|inspector|<anonymous>:\d/,
      code,
    );
    assert.match(cell.traceback, /Cell In\[\d+\]|timer/, code);
  }
});

const thrown: [string, RegExp, RegExp][] = [
  ['throw "a string"', /^.+$/, /a string/],
  ["throw 42", /^.+$/, /42/],
  ["throw null", /^.+$/, /null/],
  ["throw undefined", /^.+$/, /undefined/],
  ["throw { code: 7 }", /^.+$/, /code: 7/],
  ["throw Object.create(null)", /^.+$/, /./],
  ['throw Symbol("odd")', /^.+$/, /odd/],
  ["throw () => 1", /^.+$/, /./],
  ['throw new Proxy({}, { get() { throw new Error("trap"); } })', /^.+$/, /./],
  ['await Promise.reject("not an error")', /^.+$/, /not an error/],
  ['class Own extends Error { override name = "Own" }; throw new Own("mine")', /^Own$/, /mine/],
  ['const odd = new Error("message"); odd.name = ""; throw odd', /^.+$/, /message/],
  ['throw Object.assign(new Error("no stack"), { stack: undefined })', /^Error$/, /no stack/],
];

for (const [code, ename, traceback] of thrown) {
  test(`${code} gives a complete error`, async () => {
    const cell = await kernel().execute(code);
    assert.equal(cell.status, "error");
    assert.match(String(cell.error?.ename), ename);
    assert.match(`${plain(String(cell.error?.evalue))}\n${cell.traceback}`, traceback);
    assert.notEqual(cell.traceback, "");
    assert.equal((await kernel().execute("1 + 1")).result, "2");
  });
}

test("a cause and the errors of an AggregateError are shown", async () => {
  const cause = await kernel().execute('throw new Error("outer", { cause: new TypeError("inner") })');
  assert.match(cause.traceback, /outer[\s\S]*TypeError: inner/);
  const several = await kernel().execute(
    'throw new AggregateError([new Error("one"), new RangeError("two")], "both")',
  );
  assert.match(several.traceback, /both[\s\S]*one[\s\S]*two/);
});

for (const code of ["const = 3", "let x = (1 + ", "function ( {", "class {", '"unfinished', "}"]) {
  test(`the syntax error ${JSON.stringify(code)} ends the cell with its line`, async () => {
    const cell = await kernel().execute(`// first line\n${code}`);
    assert.equal(cell.status, "error");
    assert.match(cell.traceback, /line [23]/);
    assert.equal((await kernel().execute("1 + 1")).result, "2");
  });
}

test("a cell that does not compile runs nothing", async () => {
  const cell = await kernel().execute('console.log("ran");\nlet y = (1 + ;');
  assert.equal(cell.status, "error");
  assert.equal(cell.stdout, "");
});

test("variables set before a throw are kept", async () => {
  const failing = await kernel().execute(
    'let kept = 1;\nconst also = "two";\nkept = 5;\nthrow new Error("after");',
  );
  assert.equal(failing.status, "error");
  assert.equal((await kernel().execute("kept + also")).result, "'5two'");
});

test("variables set before a rejected await are kept", async () => {
  await kernel().execute('const before = [1, 2];\nawait Promise.reject(new Error("no"));');
  assert.equal((await kernel().execute("before.length")).result, "2");
});

test("a name that a throw left unset can be declared again", async () => {
  await kernel().execute('const unset: number = (() => { throw new Error("no"); })();');
  assert.equal((await kernel().execute("const unset = 3; unset")).result, "3");
});

test("output before an error is kept and comes first", async () => {
  const cell = await kernel().execute('console.log("before"); throw new Error("x")');
  assert.deepEqual(cell.outputs, ["stream", "error"]);
});

test("a stack overflow is an error and the kernel lives", async () => {
  const cell = await kernel().execute("function down(): number { return 1 + down(); }\ndown()");
  assert.equal(cell.reply.content.ename, "RangeError");
  assert.ok(cell.traceback.length < 20_000, `${cell.traceback.length} characters of traceback`);
  assert.equal((await kernel().execute("1 + 1")).result, "2");
});

test("an error thrown by a lazily read stack is no danger", async () => {
  const cell = await kernel().execute(
    'throw Object.defineProperty(new Error("lazy"), "stack", { get() { throw new Error("in stack"); } })',
  );
  assert.equal(cell.status, "error");
  assert.equal((await kernel().execute("1 + 1")).result, "2");
});
