import assert from "node:assert/strict";
import { test } from "node:test";
import { notebookFolder, plain, useKernel } from "../../tools/kernel-client/index.js";

const folder = notebookFolder("rnnlab-javascript-");
const kernel = useKernel({ language: "javascript", cwd: folder.path });

async function run(code: string): Promise<string | undefined> {
  const cell = await kernel().execute(code);
  assert.equal(cell.status, "ok", `${code}\n${cell.traceback}`);
  return cell.result;
}

async function completions(code: string): Promise<unknown> {
  const { content } = await kernel().request("shell", "complete_request", { code, cursor_pos: code.length });
  return content.matches;
}

async function documentation(code: string): Promise<string> {
  const request = { code, cursor_pos: code.length, detail_level: 0 };
  const { content } = await kernel().request("shell", "inspect_request", request);
  return plain(String((content.data as Record<string, unknown>)["text/plain"]));
}

test("undeclared names are completed with their members, in their cell and in later ones", async () => {
  assert.deepEqual(await completions("place = { lat: 1, lon: 2 }; place."), ["lat", "lon"]);
  await run("place = { lat: 1, lon: 2 };\nfunction set() { settled = true }");
  assert.deepEqual(await completions("place."), ["lat", "lon"]);
  assert.deepEqual(await completions("settl"), ["settled"]);
});

test("functions with prototypes are completed as the classes that they are", async () => {
  await run(
    "function Person(name) { this.name = name }\nPerson.prototype.greet = function (who) { return who }\nvar ada = new Person('Ada')",
  );
  assert.deepEqual(await completions("ada."), ["greet", "name"]);
});

test("JSDoc gives types and documentation, also for names of earlier cells", async () => {
  await run(
    "/** @typedef {{ width: number, height: number }} Size */\n/**\n * Measures.\n *\n * @param {Size} size what\n * @returns {string}\n */\nfunction measure(size) { return String(size.width) }",
  );
  assert.match(await documentation("measure"), /function measure\(size: Size\): string\n\nMeasures\./);
  assert.deepEqual(await completions("measure(0).toUpp"), ["toUpperCase"]);
  assert.deepEqual(await completions("/** @type {Size} */ let s = null; s."), ["height", "width"]);
});

test("modules that are required are typed, Node's and the user's own", async () => {
  folder.write(
    "shapes.js",
    "/** The area. @param {number} r */\nexports.circle = (r) => r * 3;\nexports.mode = 010;",
  );
  assert.equal(
    await run("const fs = require('fs'), shapes = require('./shapes'); shapes.circle(2) + shapes.mode"),
    "14",
  );
  assert.deepEqual(await completions("fs.readFileS"), ["readFileSync"]);
  assert.deepEqual(await completions("shapes."), ["circle", "mode"]);
  assert.match(await documentation("shapes.circle"), /The area\./);
});

test("local modules are imported as JavaScript, whatever their types", async () => {
  folder.write("mixed.mjs", "export const half = (n) => n / 2;\nexport const wrong = half('x', 2);");
  folder.write("typed.ts", "export const typed: number = 'text';");
  assert.equal(
    await run("import { half } from './mixed.mjs'; import { typed } from './typed.ts'; half(8) + typed"),
    "'4text'",
  );
  folder.write("broken.mjs", "export const a = (;");
  const cell = await kernel().execute("import { a } from './broken.mjs'");
  assert.equal(cell.reply.content.ename, "SyntaxError");
  assert.match(cell.traceback, /broken\.mjs, line 1, column 19/);
});

test("completion leaves out words of the cell that are no members", async () => {
  assert.deepEqual(await completions("let unrelated = { only: 1 };\nunrelated."), ["only"]);
});

test("functions are printed with their names", async () => {
  assert.match(String(await run("function shown(a) { return a }\nString(shown)")), /^'function shown\(a\)/);
  await run("function count(n) { return n < 1 ? 'old' : count(n - 1) }\nconst former = count");
  await run("function count() { return 'new' }");
  assert.equal(await run("former(1)"), "'new'");
});

test("is_complete judges scripts by their own rules", async () => {
  for (const [code, status] of [
    ["010", "complete"],
    ["<!-- a comment", "complete"],
    ["with (a) {", "incomplete"],
    ["var n: number", "complete"],
    ["let x = (;", "invalid"],
  ]) {
    const { content } = await kernel().request("shell", "is_complete_request", { code });
    assert.equal(content.status, status, code);
  }
});

test("cells have module and exports, which packages do not see", async () => {
  assert.equal(await run("exports.one = 1; module.exports.one + typeof module.paths"), "'1object'");
  assert.equal(
    await run("module.exports = class Kept {}; const both = { module, exports };\nboth.module.exports.name"),
    "'Kept'",
  );
  assert.equal(await run("require.main === module"), "false");
  assert.deepEqual(await completions("modu"), ["module"]);
  assert.deepEqual(await completions("module.parent"), ["parent"]);
  folder.writePackage(
    "sniffer",
    { type: "module", exports: "./index.js" },
    {
      "index.js": "export const found = [typeof module, typeof exports].join();",
    },
  );
  assert.equal(await run("import { found } from 'sniffer'; found"), "'undefined,undefined'");
  assert.equal(await run("let module = 5; module + 1"), "6");
  assert.equal(await run("module + 2"), "7");
});
