import assert from "node:assert/strict";
import { test } from "node:test";
import { useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

/** Each kind of declaration of a name with an expression that tells it is the one in force. */
const kinds: Record<string, { declare: string; use: string; expect: string }> = {
  const: { declare: "const N = 1;", use: "N.toFixed()", expect: "'1'" },
  let: { declare: 'let N = "let";', use: "N.length", expect: "3" },
  var: { declare: "var N = [1, 2];", use: "N.length", expect: "2" },
  function: { declare: "function N(a: number) { return a * 2; }", use: "N(4)", expect: "8" },
  class: { declare: "class N { field = 5; }", use: "new N().field", expect: "5" },
  enum: { declare: "enum N { A = 6 }", use: "N.A as number", expect: "6" },
  namespace: { declare: "namespace N { export const inside = 7; }", use: "N.inside as number", expect: "7" },
  interface: { declare: "interface N { i: number }", use: "({ i: 8 } satisfies N).i", expect: "8" },
  type: { declare: "type N = { t: 9 };", use: "({ t: 9 } satisfies N).t", expect: "9" },
  "exported const": { declare: "export const N = [0];", use: "N.length", expect: "1" },
  "exported type": { declare: "export type N = { e: 2 };", use: "({ e: 2 } satisfies N).e", expect: "2" },
  import: { declare: 'import { EOL as N } from "node:os";', use: "N.length", expect: "1" },
};

for (const [from, before] of Object.entries(kinds)) {
  test(`a name declared as ${from} can be declared as every kind`, async () => {
    for (const [to, after] of Object.entries(kinds)) {
      const first = await kernel().execute(before.declare);
      assert.equal(first.status, "ok", `${from} before ${to}: ${first.traceback}`);
      const second = await kernel().execute(after.declare);
      assert.equal(second.status, "ok", `${from} to ${to}: ${second.traceback}`);
      const use = await kernel().execute(after.use);
      assert.equal(use.result, after.expect, `${from} to ${to}: ${use.traceback}`);
    }
  });
}

test("an exported value leaves the type of its name to later cells, and the other way round", async () => {
  await kernel().execute("interface Both { side: number }");
  await kernel().execute("export const Both = { side: 3 };");
  assert.equal((await kernel().execute("(Both satisfies Both).side")).result, "3");
  await kernel().execute("export interface Both { side: number; top?: number }");
  assert.equal((await kernel().execute("(Both satisfies Both).side")).result, "3");
});

test("the same cell runs again and again", async () => {
  const code =
    "const again = 1; let andAgain = again; class Thing { x = andAgain } enum E { A } interface I { a: number }\nfunction f(): Thing { return new Thing(); }\nf().x + E.A";
  for (let i = 0; i < 5; i++) {
    const cell = await kernel().execute(code);
    assert.equal(cell.result, "1", cell.traceback);
  }
});

test("a cell that changes its own variable runs again", async () => {
  await kernel().execute("let counter = 0;");
  for (let i = 1; i <= 3; i++) {
    assert.equal((await kernel().execute("counter += 1;\ncounter")).result, String(i));
  }
});

test("a redeclaration may use the old value", async () => {
  await kernel().execute("const raw = [3, 1, 2];");
  const cell = await kernel().execute("const sorted = [...raw].sort();\nsorted.join()");
  assert.equal(cell.result, "'1,2,3'", cell.traceback);
});

test("destructuring redeclares several names at once", async () => {
  await kernel().execute("const [p, q] = [1, 2]; let r = 3;");
  const cell = await kernel().execute('const { p, q, r } = { p: "a", q: "b", r: "c" };\np + q + r');
  assert.equal(cell.result, "'abc'", cell.traceback);
});

test("a name twice in one cell is an error of that cell", async () => {
  const cell = await kernel().execute("const twice = 1;\nconst twice = 2;");
  assert.equal(cell.status, "error");
  assert.match(cell.traceback, /twice/);
});

test("names of globals can be declared and are gone for no one else", async () => {
  const cell = await kernel().execute(
    'const name = "n"; const event = "e"; const status = 1; const self = 2;\nname + event + status + self',
  );
  assert.equal(cell.result, "'ne12'", cell.traceback);
});

test("a global such as fetch or URL can be shadowed", async () => {
  const cell = await kernel().execute("const URL = 5;\nURL + 1");
  assert.equal(cell.result, "6", cell.traceback);
});

test("packages and the kernel keep the globals that cells declare anew", async () => {
  const declared = await kernel().execute(
    "class Map { own = 1; same() { return new Map().own; } }\nconst Object = 3, Error = 5, Symbol = 6;\nlet process = 7;\nnew Map()",
  );
  assert.equal(declared.result, "Map { own: 1 }", declared.traceback);
  const library = await kernel().execute(
    'import { promisify } from "node:util";\nimport { parse } from "csv-parse/sync";\n[typeof promisify, parse("a,b").length].join()',
  );
  assert.equal(library.result, "'function,1'", library.traceback);
  const thrown = await kernel().execute("throw new globalThis.Error('still an error');");
  assert.match(thrown.traceback, /^Error: still an error\n {2}Cell In/);
});

for (const [what, code, expected] of [
  ["in a later cell", "new Map().same() + Object + process", "11"],
  ["assigned", "process += 1; process", "8"],
  ["as a shorthand", "({ process, Object }).process", "8"],
  ["as a property", "({ process: 1 }).process", "1"],
  ["hidden by a parameter", "((process: string) => process)('inner')", "'inner'"],
  ["destructured", "const { URL, ...others } = { URL: 1, b: 2 };\nURL + others.b", "3"],
  [
    "destructured by assignment",
    "[process] = [10];\n({ process } = { process: process + 1 });\nprocess",
    "11",
  ],
  ["imported", 'import { sep as Intl } from "node:path";\nIntl', "'/'"],
  ["as a loop's var", "for (var Event of [4]) {}\nEvent!", "4"],
  ["as a function", "function fetch(x: number) { return x; }\nfetch(2)", "2"],
  ["as an enum", "enum Set { A = 3 }\nSet.A", "3"],
  ["as the global object's", "typeof globalThis.process.pid", "'number'"],
] as const) {
  test(`a global that a cell has declared anew is used ${what}`, async () => {
    const cell = await kernel().execute(code);
    assert.equal(cell.result, expected, cell.traceback);
  });
}

test("functions and classes with a global's name show that name, and so do errors about them", async () => {
  const named = await kernel().execute(
    "function fetch() {}\nlet atob = () => 1;\nconst btoa = class {};\n[fetch, atob, btoa, (atob = () => 2)].map((each) => each.name).join()",
  );
  assert.equal(named.result, "'fetch,atob,btoa,atob'", named.traceback);
  const failed = await kernel().execute("// @ts-expect-error: there is no such method\nfetch.nope();");
  assert.equal(failed.error?.evalue, "fetch.nope is not a function");
  assert.match(failed.traceback, /^TypeError: fetch\.nope is not a function\n {2}Cell In/);
  const printed = await kernel().execute(
    "try {\n  // @ts-expect-error: there is no such method\n  fetch.nope();\n} catch (e) { console.log(e); }",
  );
  assert.match(printed.stdout, /^TypeError: fetch\.nope is not a function\n/);
});

test("a type of a global's name leaves the value as it is", async () => {
  await kernel().execute("interface TextEncoder { mine: 1 }");
  const cell = await kernel().execute("const typed: TextEncoder = { mine: 1 };\nnew TextEncoder().encoding");
  assert.equal(cell.result, "'utf-8'", cell.traceback);
});
