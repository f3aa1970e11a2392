import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { KernelClient, notebookFolder, useKernel } from "../../tools/kernel-client/index.js";

const { path: folder, write, writePackage } = notebookFolder("rnnlab-packages-");
const kernel = useKernel({ cwd: folder });

async function resultOf(code: string): Promise<string> {
  const cell = await kernel().execute(code);
  assert.equal(cell.status, "ok", cell.traceback);
  return String(cell.result);
}

async function errorOf(code: string): Promise<string> {
  const cell = await kernel().execute(code);
  assert.equal(cell.status, "error", String(cell.result));
  return cell.traceback;
}

test("a script that requires what another package exports as an .mjs loads as in Node", async () => {
  writePackage(
    "modern",
    { exports: { "module-sync": "./sync.mjs", default: "./index.js" } },
    { "sync.mjs": "export const way = 'module';", "index.js": "exports.way = 'script';" },
  );
  writePackage("old", { main: "index.js" }, { "index.js": "exports.way = require('modern').way;" });
  const expected = process.features.require_module ? "'module'" : "'script'";
  assert.equal(await resultOf('import { way } from "old"; way'), expected);
  assert.equal(await resultOf('(require("modern") as { way: string }).way'), expected);
});

test("what TypeScript accepts loads: paths without an extension, and folders", async () => {
  writePackage(
    "plugins",
    { main: "index.js" },
    {
      "index.js": "",
      "plugin/utc.js": "exports.name = 'utc';",
      "plugin/utc.d.ts": "export declare const name: string;",
      "fp/index.js": "module.exports = { add: (a) => (b) => a + b };",
      "fp/index.d.ts": "declare const fp: { add(a: number): (b: number) => number }; export = fp;",
      "locale/de.js": "globalThis.locale = 'de';",
    },
  );
  assert.equal(await resultOf('import { name } from "plugins/plugin/utc"; name'), "'utc'");
  assert.equal(await resultOf('import fp from "plugins/fp"; fp.add(1)(2)'), "3");
  assert.equal(await resultOf('import "plugins/locale/de"; Reflect.get(globalThis, "locale")'), "'de'");
});

test("a package with a module for import and a script for require is one for cells and local modules", async () => {
  writePackage(
    "dual",
    { exports: { import: "./index.mjs", require: "./index.cjs" } },
    {
      "index.mjs": "export class Thing {}\nexport default Thing;",
      "index.d.mts": "export declare class Thing {}\nexport default Thing;",
      "index.cjs": "exports.Thing = class Thing {};",
    },
  );
  write(
    "make.ts",
    'import Default, { Thing } from "dual";\nexport const made = new Thing();\nexport const same = Default === Thing;',
  );
  const code =
    'import { Thing } from "dual";\nimport { made, same } from "./make";\n[made instanceof Thing, same].join()';
  assert.equal(await resultOf(code), "'true,true'");
});

test("a name that a module does not export is an error that names both, whatever the module is", async () => {
  writePackage("script", {}, { "index.js": "exports.there = 1;" });
  writePackage(
    "es-module",
    { type: "module", exports: "./index.js" },
    { "index.js": "export const there = 1;" },
  );
  write("mine.ts", "export const there = 1;");
  for (const name of ["script", "es-module", "node:path", "./mine"]) {
    const traceback = await errorOf(`// @ts-nocheck\nimport { nowhere } from "${name}";\nnowhere`);
    assert.match(
      traceback,
      /SyntaxError: The requested module '.*' does not provide an export named 'nowhere'/,
    );
    assert.match(traceback, /Cell In\[\d+\], line 2/);
  }
  assert.match(await errorOf('// @ts-nocheck\nimport none from "es-module";\nnone'), /named 'default'/);
  assert.equal(
    await resultOf('// @ts-nocheck\nimport all, { there } from "script";\n[all.there, there].join()'),
    "'1,1'",
  );
});

test("a script whose load failed gets a fresh try", async () => {
  writePackage(
    "keyed",
    {},
    {
      "index.js": "exports.part = require('./part.js');",
      "part.js": "if (!process.env.PACKAGE_KEY) throw new Error('set PACKAGE_KEY'); module.exports = 'open';",
    },
  );
  for (let turn = 0; turn < 2; turn++)
    assert.match(await errorOf('import { part } from "keyed"; part'), /set PACKAGE_KEY/);
  await resultOf('process.env.PACKAGE_KEY = "x";');
  assert.equal(await resultOf('import { part } from "keyed"; part'), "'open'");
});

test("a package that is not there says what to do, and nothing of the kernel's files", async () => {
  const hint = `run %npm install missing-one in a cell, or npm install missing-one in ${folder}`;
  for (const code of [
    'import one from "missing-one"; one',
    '// @ts-nocheck\nimport one from "missing-one"; one',
    'require("missing-one")',
    '// @ts-nocheck\nawait import("missing-one/part")',
    'const name: string = "missing-one"; await import(name)',
  ]) {
    const traceback = await errorOf(code);
    assert.ok(traceback.includes(hint), traceback);
    assert.doesNotMatch(traceback, /Require stack|node_modules|dist/);
  }
});

test("what the kernel has for itself is not there for cells", async () => {
  for (const name of ["chalk", "seedrandom", "zeromq", "typescript", "undici", "xlsx"]) {
    const hint = `run %npm install ${name} in a cell, or npm install ${name} in ${folder}`;
    for (const code of [`import it from "${name}"; it`, `require("${name}")`, `await import("${name}")`]) {
      const traceback = await errorOf(`// @ts-nocheck\n${code}`);
      assert.ok(traceback.includes("Cannot find package") && traceback.includes(hint), traceback);
    }
    assert.match(await errorOf(`import it from "${name}"; it`), /TS2307[\s\S]*run %npm install/);
  }
  assert.equal(await resultOf('typeof require("plotly.js-dist/package.json")'), "'object'");
});

test("a cell's names do not tell packages where they run", async () => {
  writePackage(
    "nosy",
    {},
    {
      "index.js":
        "exports.where = () => [typeof window, typeof document, typeof define, typeof self, typeof module, typeof Deno].join();",
    },
  );
  const code = `const window = 15, document = "d", self = 1, Deno = 2;
function define() { return [window, document].join(); }
let module = 3;`;
  await resultOf(code);
  const outside = "undefined,undefined,undefined,undefined,object,undefined";
  assert.equal(await resultOf('import { where } from "nosy"; where()'), `'${outside}'`);
  assert.equal(
    await resultOf("module += 1; [window, self, define(), module, Deno].join()"),
    "'15,1,15,d,4,2'",
  );
  assert.match(await errorOf("(window as any).x.y"), /window|undefined/);
});

test("require of a literal has the module's type", async () => {
  assert.match(await errorOf('require("node:path").nothing'), /TS2339: Property 'nothing' does not exist/);
  assert.equal(await resultOf('const path = require("node:path"); path.join("a", "b")'), "'a/b'");
  assert.equal(await resultOf('const any: string = require("script").nothing; any'), "undefined");
});

test("a linked package that is built again is loaded again, with its types", async () => {
  const { path: place } = notebookFolder("rnnlab-linked-");
  writeFileSync(join(place, "package.json"), '{"name":"linked","version":"1.0.0","types":"index.d.ts"}');
  const build = (value: number) => {
    writeFileSync(join(place, "index.js"), `exports.value${value} = ${value};`);
    writeFileSync(join(place, "index.d.ts"), `export declare const value${value}: number;`);
  };
  build(1);
  symlinkSync(place, join(folder, "node_modules", "linked"));
  assert.equal(await resultOf('import { value1 } from "linked"; value1'), "1");
  build(22);
  assert.equal(await resultOf('import { value22 } from "linked"; value22'), "22");
});

test("WebAssembly and newer regular expressions are typed", async () => {
  assert.equal(
    await resultOf(
      "const mod = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));\nWebAssembly.Module.exports(mod).length",
    ),
    "0",
  );
  assert.equal(await resultOf('/[\\p{L}--[a-z]]/v.test("A")'), "true");
  const isThere = "groupBy" in Object;
  const cell = await kernel().execute("Object.groupBy([1, 2], (x: number) => (x % 2 ? 'odd' : 'even')).odd");
  assert.equal(cell.status, isThere ? "ok" : "error", cell.traceback);
});

test("what is newer in the library is typed if this Node.js has it", async () => {
  for (const [isThere, code] of [
    ["withResolvers" in Promise, "Promise.withResolvers<number>()"],
    ["try" in Promise, "Promise.try(() => 1)"],
    ["union" in Set.prototype, "new Set([1]).union(new Set([2]))"],
    ["Iterator" in globalThis, "[1].values().map((x) => x).toArray()"],
    ["fromAsync" in Array, "Array.fromAsync([1])"],
    ["Float16Array" in globalThis, "new Float16Array(1)"],
    ["DurationFormat" in Intl, 'new Intl.DurationFormat("en")'],
    ["getOrInsert" in Map.prototype, "new Map<number, number>().getOrInsert(1, 2)"],
  ] as const) {
    const cell = await kernel().execute(code);
    assert.equal(cell.status, isThere ? "ok" : "error", `${code}\n${cell.traceback}`);
  }
});

test("an interrupt waits until a package is loaded, and the package is whole", async () => {
  writePackage(
    "slow",
    {},
    {
      "index.js": `console.log("loading");
const end = Date.now() + 1500; while (Date.now() < end) JSON.stringify({});
exports.whole = true;`,
    },
  );
  writePackage(
    "slow-module",
    { type: "module", exports: "./index.js" },
    {
      "index.js": `console.log("loading");
await new Promise((resolve) => setTimeout(resolve, 300));
const end = Date.now() + 1000; while (Date.now() < end) JSON.stringify({});
export const whole = true;`,
    },
  );
  for (const code of [
    'import { whole } from "slow"; whole',
    'require("slow").whole',
    'import { whole } from "slow-module"; whole',
  ]) {
    const id = await kernel().submit(`// @ts-nocheck\n${code}`);
    if (!code.includes("require")) await kernel().streamed(id, "loading");
    await kernel().request("control", "interrupt_request");
    await kernel().finish(id);
    const cell = await kernel().execute(`// @ts-nocheck\n${code}`, { timeout: 20_000 });
    assert.equal(cell.result, "true", cell.traceback);
  }
});

test("what a cell marks as internal is there for later cells, whatever the tsconfig strips", async () => {
  const strips = mkdtempSync(join(tmpdir(), "rnnlab-strips-"));
  writeFileSync(join(strips, "tsconfig.json"), '{ "compilerOptions": { "stripInternal": true } }');
  const client = await KernelClient.start({ cwd: strips });
  try {
    await client.execute("/** @internal */\nconst hidden: number = 4;");
    const cell = await client.execute("hidden + 1");
    assert.equal(cell.result, "5", cell.traceback);
  } finally {
    await client.dispose();
    rmSync(strips, { recursive: true, force: true });
  }
});

test("older types of Node's beside the notebook do not contradict the kernel's", async () => {
  const old = mkdtempSync(join(tmpdir(), "rnnlab-old-types-"));
  const types = join(old, "node_modules/@types/node");
  mkdirSync(types, { recursive: true });
  writeFileSync(
    join(types, "package.json"),
    '{ "name": "@types/node", "version": "14.0.0", "types": "index.d.ts" }',
  );
  writeFileSync(join(types, "index.d.ts"), "declare class Buffer extends Uint8Array { old: true }\n");
  const client = await KernelClient.start({ cwd: old });
  try {
    const cell = await client.execute(
      'import fs from "fs";\nconst u: Uint8Array = Buffer.from("ab");\nu.length',
    );
    assert.equal(cell.result, "2", cell.traceback);
  } finally {
    await client.dispose();
    rmSync(old, { recursive: true, force: true });
  }
});

test("what Node.js deprecates in code of one's own, a package may use without a word", async () => {
  const main = 'exports.length = new Buffer(3).length + require("punycode").toASCII("\\u00fc").length;\n';
  writePackage("old-means", { main: "main.js" }, { "main.js": main });
  const cell = await kernel().execute('import { length } from "old-means";\nlength');
  assert.equal(cell.result, "10", cell.traceback);
  assert.equal(cell.stderr, "");
});

test("a script may fix what it exports, also as its default", async () => {
  const main =
    'module.exports = function f() {};\nfor (const name of ["default", "one"]) Object.defineProperty(module.exports, name, { value: 1 });\n';
  writePackage("fixed-exports", { main: "main.js" }, { "main.js": main });
  const cell = await kernel().execute('import f, { one } from "fixed-exports";\n[typeof f, one]');
  assert.equal(cell.result, "[ 'function', 1 ]", cell.traceback);
});
