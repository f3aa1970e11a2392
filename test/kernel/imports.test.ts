import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { KernelClient, notebookFolder, useKernel } from "../../tools/kernel-client/index.js";

const { path: folder, write, writePackage } = notebookFolder("rnnlab notebook ");

writePackage(
  "in-cjs",
  { main: "index.js", types: "index.d.ts" },
  {
    "index.js": "exports.answer = 42; exports.twice = (x) => x * 2;",
    "index.d.ts": "export declare const answer: number;\nexport declare function twice(x: number): number;",
  },
);
writePackage(
  "in-esm",
  {
    type: "module",
    exports: {
      ".": { types: "./index.d.ts", import: "./index.js" },
      "./facts.json": { import: "./lib/facts.json" },
    },
  },
  {
    "lib/facts.json": '{ "fact": 7 }',
    "index.js": "export const kind = 'esm'; export default function greet(n) { return 'hello ' + n; }",
    "index.d.ts": "export declare const kind: string;\nexport default function greet(name: string): string;",
  },
);
writePackage(
  "in-esm-await",
  { type: "module", exports: "./index.js", types: "./index.d.ts" },
  {
    "index.js": "export const ready = await Promise.resolve('ready');",
    "index.d.ts": "export declare const ready: string;",
  },
);
writePackage(
  "in-fails",
  { main: "index.js", types: "index.d.ts" },
  { "index.js": "throw new Error('broken package');", "index.d.ts": "export declare const x: number;" },
);
// The kernel brings its own csv-parse: the notebook's folder must come first.
writePackage(
  "csv-parse",
  { main: "index.js", types: "index.d.ts" },
  { "index.js": "exports.mine = 'from the folder';", "index.d.ts": "export declare const mine: string;" },
);
write("data.json", JSON.stringify({ rows: [1, 2, 3], name: "data" }));
write(
  "helper.ts",
  "export interface Shape { side: number }\nexport const area = (s: Shape): number => s.side ** 2;\n",
);
write("plain.js", "exports.plain = 'plain js';\n");
write("module.mjs", "export const fromMjs = 'mjs';\n");

const kernel = useKernel({ cwd: folder });

const imports: [string, string, string][] = [
  ["node:path by name", 'import { basename } from "node:path";\nbasename("/a/b.txt")', "'b.txt'"],
  [
    "node:fs/promises",
    'import { readFile } from "node:fs/promises";\n(await readFile("data.json", "utf8")).length > 5',
    "true",
  ],
  ["a builtin without prefix", 'import * as util from "util";\nutil.format("%d", 1)', "'1'"],
  ["a builtin's default", 'import fs from "node:fs";\ntypeof fs.readFileSync', "'function'"],
  ["CommonJS by name", 'import { answer, twice } from "in-cjs";\ntwice(answer)', "84"],
  ["CommonJS as namespace", 'import * as cjs from "in-cjs";\ncjs.answer', "42"],
  ["CommonJS renamed", 'import { answer as reply } from "in-cjs";\nreply', "42"],
  [
    "an ESM-only package's default and name",
    'import greet, { kind } from "in-esm";\ngreet(kind)',
    "'hello esm'",
  ],
  ["an ESM package with top-level await", 'import { ready } from "in-esm-await";\nready', "'ready'"],
  ["JSON", 'import data from "./data.json";\ndata.rows.length', "3"],
  ["JSON with an attribute", 'import data2 from "./data.json" with { type: "json" };\ndata2.name', "'data'"],
  [
    "a local TypeScript module",
    'import { area, type Shape } from "./helper";\nconst sq: Shape = { side: 3 };\narea(sq)',
    "9",
  ],
  ["a local module with .ts", 'import { area as a2 } from "./helper.ts";\na2({ side: 2 })', "4"],
  ["a local .mjs module", 'import { fromMjs } from "./module.mjs";\nfromMjs', "'mjs'"],
  ["import()", 'const { kind: k2 } = await import("in-esm");\nk2', "'esm'"],
  ["import() of a builtin", '(await import("node:os")).EOL.length', "1"],
  ["import() of a computed name", 'const which = "in-" + "cjs";\n(await import(which)).answer', "42"],
  ["require of a builtin", 'require("node:path").basename("x/y")', "'y'"],
  ["require of a package", 'require("in-cjs").answer', "42"],
  ["require of JSON", 'require("./data.json").name', "'data'"],
  ["require of a local .js", 'require("./plain.js").plain', "'plain js'"],
  ["import = require", 'import old = require("in-cjs");\nold.twice(4)', "8"],
  [
    "a package of the folder before the kernel's",
    'import { mine } from "csv-parse";\nmine',
    "'from the folder'",
  ],
  [
    "JSON of a package's exports",
    'import given, { fact } from "in-esm/facts.json";\ngiven.fact + fact',
    "14",
  ],
  [
    "JSON of a package with an attribute",
    'import given2 from "in-esm/facts.json" with { type: "json" };\ngiven2.fact',
    "7",
  ],
  ["a data URL", '(await import("data:text/javascript,export const q = 5")).q', "5"],
  ["__dirname", "__dirname", `'${folder}'`],
  ["process.cwd()", "process.cwd()", `'${folder}'`],
  ["import.meta.dirname", "import.meta.dirname", `'${folder}'`],
];

for (const [name, code, expected] of imports) {
  test(`a cell imports ${name}`, async () => {
    const cell = await kernel().execute(code);
    assert.equal(cell.status, "ok", cell.traceback);
    assert.equal(cell.result, expected);
  });
}

test("a side-effect import runs the module", async () => {
  write("effect.ts", 'console.log("effect ran");\nexport {};\n');
  const cell = await kernel().execute('import "./effect";');
  assert.equal(cell.stdout, "effect ran\n", cell.traceback);
});

test("an import of types alone loads nothing", async () => {
  write("loud.ts", 'console.log("loaded");\nexport interface Quiet { q: number }\n');
  const cell = await kernel().execute(
    'import type { Quiet } from "./loud";\nconst quiet: Quiet = { q: 1 };\nquiet.q',
  );
  assert.equal(cell.result, "1", cell.traceback);
  assert.equal(cell.stdout, "");
});

for (const [name, code, message] of [
  ["a CommonJS package's function", 'import { twice as tw } from "in-cjs";\ntw("x")', /TS2345/],
  ["an ESM package's name", 'import { kind as k3 } from "in-esm";\nk3.toFixed()', /toFixed/],
  ["a JSON module's field", 'import d3 from "./data.json";\nd3.missing', /missing/],
  ["a local module's function", 'import { area as a3 } from "./helper";\na3({})', /TS2345|side/],
  ["import()'s names", '(await import("in-cjs")).nothing', /nothing/],
] as const) {
  test(`${name} is typed`, async () => {
    const cell = await kernel().execute(code);
    assert.equal(cell.status, "error");
    assert.match(cell.traceback, message);
  });
}

test("completion offers local modules as import specifiers", async () => {
  const code = 'import { area } from "./hel';
  const reply = await kernel().request("shell", "complete_request", { code, cursor_pos: code.length });
  assert.deepEqual(reply.content.matches, ["helper"]);
});

test("imported names are usable in later cells", async () => {
  await kernel().execute('import greeter from "in-esm";\nimport { twice as double } from "in-cjs";');
  const cell = await kernel().execute('greeter("x") + double(2)');
  assert.equal(cell.result, "'hello x4'", cell.traceback);
});

test("a module is evaluated once", async () => {
  write("once.ts", "export const token = {};\n");
  await kernel().execute('import { token } from "./once";\nconst firstToken = token;');
  const cell = await kernel().execute('import { token as again } from "./once";\nagain === firstToken');
  assert.equal(cell.result, "true", cell.traceback);
});

test("an edited local module is read and checked again", async () => {
  write("edited.ts", "export const edition = 1;\n");
  assert.equal((await kernel().execute('import { edition } from "./edited";\nedition')).result, "1");
  write("edited.ts", 'export const edition = "second";\n');
  const cell = await kernel().execute('import { edition } from "./edited";\nedition.toUpperCase()');
  assert.equal(cell.result, "'SECOND'", cell.traceback);
});

test("a module that is missing is an error, and works once it is there", async () => {
  const missing = await kernel().execute('import { late } from "./late";\nlate');
  assert.equal(missing.status, "error");
  assert.match(missing.traceback, /\.\/late/);
  write("late.ts", "export const late = 'there';\n");
  const cell = await kernel().execute('import { late } from "./late";\nlate');
  assert.equal(cell.result, "'there'", cell.traceback);
});

test("a module that throws while it loads is an error with its own message", async () => {
  const cell = await kernel().execute('import { x } from "in-fails";\nx');
  assert.equal(cell.status, "error");
  assert.match(cell.traceback, /broken package/);
  assert.equal((await kernel().execute("1 + 1")).result, "2");
});

test("a missing require is an ordinary error that can be caught", async () => {
  const cell = await kernel().execute(
    'try { require("nowhere-to-be-found"); } catch (e) { console.log((e as { code: string }).code); }',
  );
  assert.equal(cell.stdout, "MODULE_NOT_FOUND\n", cell.traceback);
});

test("an export in a cell is accepted", async () => {
  const cell = await kernel().execute(
    "export const exported = 4;\nexport function ef() { return exported; }",
  );
  assert.equal(cell.status, "ok", cell.traceback);
  assert.equal((await kernel().execute("ef()")).result, "4");
});

test("the notebook's tsconfig is followed", async () => {
  const relaxed = mkdtempSync(join(tmpdir(), "rnnlab-relaxed-"));
  writeFileSync(
    join(relaxed, "tsconfig.json"),
    JSON.stringify({ compilerOptions: { strict: false, experimentalDecorators: true } }),
  );
  const client = await KernelClient.start({ cwd: relaxed });
  try {
    const cell = await client.execute("function loose(x) { return x; }\nloose(1)");
    assert.equal(cell.result, "1", cell.traceback);
    const decorated = await client.execute(
      "function mark(target) { target.marked = true; }\n@mark\nclass Marked { static self() { return Marked; } }\nMarked.self()['marked']",
    );
    assert.equal(decorated.result, "true", decorated.traceback);
  } finally {
    await client.dispose();
    rmSync(relaxed, { recursive: true, force: true });
  }
});

test("a cell declares a module without types for itself and later cells, and a later one anew", async () => {
  writePackage("untyped", { main: "index.js" }, { "index.js": "exports.double = (x) => x * 2;" });
  const first = await kernel().execute(
    'declare module "untyped" {\n  export function double(x: number): number;\n}\nimport { double } from "untyped";\ndouble(2)',
  );
  assert.equal(first.result, "4", first.traceback);
  const typed = await kernel().execute('import { double as d } from "untyped";\nd("2")');
  assert.match(typed.traceback, /line 2\n +column 3\n[\s\S]*TS2345/);
  await kernel().execute('declare module "untyped" { export function double(x: string): number; }');
  const anew = await kernel().execute('import { double as d } from "untyped";\nd("2")');
  assert.equal(anew.result, "4", anew.traceback);
});

test("a module that is declared but not there is missed when it is loaded", async () => {
  await kernel().execute('declare module "not-there";');
  const { traceback } = await kernel().execute('import { a } from "not-there";');
  assert.match(traceback, /Cannot find package 'not-there'[^\n]*\n {2}Cell In\[\d+\], line 1/);
});

test("a module declaration that does not parse is an error", async () => {
  const cell = await kernel().execute('declare module "unparsed" { export const x: ; }');
  assert.match(cell.traceback, /line 1\n +column 45\n[\s\S]*TS1110/);
});

test("export = in a cell says what to write instead", async () => {
  const { traceback } = await kernel().execute("const given = 1;\nexport = given;");
  assert.match(traceback, /line 2\n +column 1\n[\s\S]*TS1203: [^\n]*'export default'/);
});
