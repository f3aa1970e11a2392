import assert from "node:assert/strict";
import { test } from "node:test";
import { useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel({ language: "javascript" });

/** Runs cells that must succeed; gives the result of the last one. */
async function run(...cells: string[]): Promise<string | undefined> {
  let result: string | undefined;
  for (const code of cells) {
    const cell = await kernel().execute(code);
    assert.equal(cell.status, "ok", `${code}\n${cell.traceback}`);
    result = cell.result;
  }
  return result;
}

test("kernel_info names JavaScript, its files and its MIME type", async () => {
  const { content } = await kernel().request("shell", "kernel_info_request");
  const info = content.language_info as Record<string, unknown>;
  assert.deepEqual(
    [info.name, info.file_extension, info.mimetype, info.pygments_lexer, info.codemirror_mode],
    ["javascript", ".js", "text/javascript", "javascript", { name: "javascript" }],
  );
  assert.match(String(content.banner), /JavaScript on Node\.js/);
});

test("an undeclared name becomes a variable of later cells", async () => {
  assert.equal(await run("sum = 5", "for (each of [1, 2]) sum += each;", "sum + each"), "10");
  assert.equal(await run("function make() { made = 'inside' }\nmake()", "made"), "'inside'");
  assert.equal(await run("delete made; typeof made"), "'undefined'");
});

test("an undeclared name that is read, or assigned in a strict cell, is a ReferenceError", async () => {
  for (const code of ["never += 1", '"use strict";\nnever = 1']) {
    const { ename, evalue } = (await kernel().execute(code)).reply.content;
    assert.deepEqual([ename, evalue], ["ReferenceError", "never is not defined"], code);
  }
});

test("types that do not fit stop no cell", async () => {
  assert.equal(await run("let n = 1; n = 'text'; n.nothing === undefined && [1] + {}"), "'1[object Object]'");
  assert.equal(await run("function two(a, b) { return [a, b] }\ntwo(1)"), "[ 1, undefined ]");
  const { ename, evalue } = (await kernel().execute("null.x")).reply.content;
  assert.equal(ename, "TypeError");
  assert.match(String(evalue), /Cannot read properties of null/);
});

test("a cell is sloppy unless it begins with 'use strict'", async () => {
  const sloppy: Record<string, string> = {
    "(function () { return arguments.callee.length })()": "0",
    "let found; with ({ inner: 3 }) found = inner; found": "3",
    "010 + 09": "17",
    '"\\101"': "'A'",
    "var gone = 1; delete Object.prototype": "false",
    "(function (a) { arguments[0] = 2; return a })(1)": "2",
    "function self() { return this }\nself() === globalThis": "true",
    "var static = 1, let_ = 2; static + let_": "3",
    "await null; implicit = 7; implicit": "7",
  };
  for (const [code, expected] of Object.entries(sloppy)) assert.equal(await run(code), expected, code);
  assert.equal(await run('"use strict"; (function () { return this })()'), undefined);
  const refused = await kernel().execute('"use strict";\nlet x = 1;\nwith ({}) {}');
  assert.equal(refused.reply.content.ename, "SyntaxError");
  assert.match(refused.traceback, /line 3\n +column 1[\s\S]*with \(\{\}\) \{\}/);
});

test("var and functions are properties of the global object, which is this", async () => {
  assert.equal(await run("this === globalThis"), "true");
  assert.equal(await run("var colour = 'red'; this.colour + global.colour"), "'redred'");
  assert.equal(await run("function shout() { return this.colour.toUpperCase() }\nthis.shout()"), "'RED'");
  assert.equal(await run("global.shared = 4", "shared"), "4");
  assert.equal(await run("var colour;\ncolour"), "'red'");
});

test("a name is declared anew in any way", async () => {
  const declarations: Record<string, string> = {
    "var N = 'var'": "'var'",
    "let N = 'let'": "'let'",
    "const N = 'const'": "'const'",
    "class N { static show = 1 }\nN = N.show": "1",
    "function N() {}\nN = typeof N": "'function'",
    "N = 'undeclared'": "'undeclared'",
    "if (true) { function N() {} }\nN = N.name": "'N'",
  };
  for (const [from] of Object.entries(declarations)) {
    for (const [to, expected] of Object.entries(declarations)) {
      // Only a constant is not to be assigned.
      if (from.startsWith("const") && /^(?:N =|if)/.test(to)) continue;
      assert.equal(await run("let N", from, to, "N"), expected, `${from} before ${to}`);
    }
  }
});

test("of two functions of a name in one cell the later one counts, and two vars are one", async () => {
  assert.equal(await run("function twice() { return 1 }\nfunction twice() { return 2 }\ntwice()"), "2");
  assert.equal(await run("var w = 1; var w; var w = w + 1; w"), "2");
  assert.equal(await run("var both = 1; function both() {}\ntypeof both"), "'number'");
});

test("two lets of a name in one cell are a syntax error that shows them", async () => {
  const cell = await kernel().execute("let pair = 1;\nlet pair = 2;");
  assert.equal(cell.reply.content.ename, "SyntaxError");
  assert.match(String(cell.reply.content.evalue), /^Cannot redeclare block-scoped variable 'pair'/);
  assert.match(cell.traceback, /line 2\n +column 5/);
});

test("a constant that is assigned throws, in its cell and in later ones", async () => {
  assert.equal(
    await run("const FIXED = 1; let said; try { FIXED = 2 } catch (e) { said = e.message } said"),
    "'Assignment to constant variable.'",
  );
  for (const code of [
    "FIXED = 2",
    "FIXED++",
    "[FIXED] = [2]",
    "({ FIXED } = { FIXED: 2 })",
    "for (FIXED of [2]);",
  ]) {
    const cell = await kernel().execute(code);
    assert.equal(cell.reply.content.ename, "TypeError", code);
    assert.match(cell.traceback, /line 1/, code);
  }
  assert.equal(await run("(function (FIXED) { FIXED = 3; return FIXED })(0) + FIXED"), "4");
  assert.equal(await run("FIXED ??= 7; FIXED ||= 8"), "1");
  assert.equal((await kernel().execute("FIXED &&= 9")).reply.content.ename, "TypeError");
  assert.equal(await run("let FIXED = 5; FIXED = 6; FIXED"), "6");
});

test("what a constant function has of its own can be assigned", async () => {
  for (const [code, result] of [
    ["const down = function (n) { let steps = 0; while (n--) steps++; return steps };\ndown(3)", "3"],
    ["const up = (n, { by = 1 } = {}, ...more) => { n += by; by = 2; more = n; return more };\nup(1)", "2"],
    ["const caught = () => { try { throw 1 } catch (e) { e = 5; return e } };\ncaught()", "5"],
    ["const inner = () => { function f() {} f = 6; class C {} C = f; return C };\ninner()", "6"],
    ["const box = { add(x) { x++; return x }, set value(v) { v = 1 } };\nbox.value = 3;\nbox.add(1)", "2"],
    ["const Made = class { grow(by) { by *= 2; return by } };\nnew Made().grow(2)", "4"],
    ["const looped = [1, 2].map((n) => { for (n of [7]); return n });\nlooped", "[ 7, 7 ]"],
  ]) {
    assert.equal(await run(String(code)), result);
  }
});

test("an import that is assigned throws, in its cell and in later ones, and so does a constant module", async () => {
  await run(
    "import path, { join } from 'path'; import * as os from 'os'; const fs = require('fs'), { EOL } = require('os');",
  );
  for (const code of [
    "path = 1",
    "join++",
    "[os] = [1]",
    "fs = 1",
    "({ EOL } = { EOL: 1 })",
    "import { sep } from 'path'; sep = 1",
    "const url = require('url'); url = 1",
    "const { format } = require('util'); format = 1",
    "// @ts-nocheck\njoin = 1",
  ]) {
    const { ename, evalue } = (await kernel().execute(code)).reply.content;
    assert.deepEqual([ename, evalue], ["TypeError", "Assignment to constant variable."], code);
  }
  assert.equal(await run("(function (join) { join = 1; return join })(0) + join('a', 'b')"), "'1a/b'");
  assert.equal(await run("function made() {} class Made {}", "made = 1; Made = 2; made + Made"), "3");
  assert.equal(await run("var url = require('url'); url = 1; url"), "1");
  assert.equal(await run("let join = 3; join = 4; join"), "4");
});

test("functions in blocks are known outside of them, as far as a script knows them", async () => {
  assert.equal(
    await run("if (true) { function inIf() { return 1 } } else { function inElse() {} }\ninIf()"),
    "1",
  );
  assert.equal(await run("typeof inElse"), "'undefined'");
  assert.equal(await run("switch (1) { case 1: function inSwitch() { return 2 } }\ninSwitch()"), "2");
  assert.equal(await run("{ early = before(); function before() { return 3 } }\nearly"), "3");
  assert.equal(await run('"use strict"; { function strictly() {} }\ntypeof strictly'), "'undefined'");
  assert.equal(await run("let taken = 1; { function taken() {} }\ntaken"), "1");
});

test("HTML's comments are comments, but not in templates", async () => {
  assert.equal(await run("<!-- hidden from old browsers\n5\n--> the end"), "5");
  assert.equal(await run("`\n<!-- text -->\n`.length"), "15");
});

test("syntax errors are shown where they are, without TypeScript's numbers", async () => {
  const places: Record<string, RegExp> = {
    "1;\nlet bad = (;": /^Cell In\[\d+\], line 2\n +column 12\n[\s\S]*\nExpression expected\.$/,
    "  return 5": /^SyntaxError: Illegal return statement\n {2}Cell In\[\d+\], line 1\n +column 3/,
    break: /^Cell In\[\d+\], line 1\n +column 1\n/,
    "var n: number = 5":
      /line 1\n +column 8[\s\S]*Type annotations can only be used in TypeScript files\.\nThe kernel "TypeScript \(rnnlab\)"/,
    "class A { constructor() {} constructor() {} }": /line 1/,
  };
  for (const [code, expected] of Object.entries(places)) {
    const cell = await kernel().execute(code);
    assert.equal(cell.reply.content.ename, "SyntaxError", code);
    assert.match(cell.traceback, expected, code);
    assert.doesNotMatch(cell.traceback, /TS\d/, code);
  }
});

test("import, export, require and top-level await work as in TypeScript", async () => {
  assert.equal(
    await run('import { join } from "path";\nexport const joined = join("a", await "b");\njoined'),
    "'a/b'",
  );
  assert.equal(await run("const os = require('os'); typeof os.cpus", "os.EOL + joined"), "'\\na/b'");
  assert.equal(await run("const { EOL } = await import('node:os'); EOL"), "'\\n'");
  assert.equal(await run("for await (const x of (async function* () { yield 1 })()) last = x;\nlast"), "1");
});

test("a notebook's own variables with names of Node's leave Node's code alone", async () => {
  assert.equal(await run("var Map = 5; let Set = 6; function URL() {}\nMap + Set"), "11");
  assert.equal(await run("new globalThis.Map([[1, 2]]).size"), "1");
  assert.equal(await run("require('util').inspect(new globalThis.Set())"), "'Set(0) {}'");
});

test("var and functions are in the debugger's panel of variables, and what is copied from a stopped cell is one of them", async () => {
  await kernel().execute(
    "var total = 3; function half(n) { const rest = n / 2; debugger; return rest; } let kept = [1];",
  );
  let seq = 0;
  const debug = async (command: string, given: object = {}): Promise<Record<string, unknown>> => {
    const content = { type: "request", seq: ++seq, command, arguments: given };
    const reply = await kernel().request("control", "debug_request", content);
    assert.equal(reply.content.success, true, JSON.stringify(reply.content));
    return reply.content.body as Record<string, unknown>;
  };
  const values = async (): Promise<Map<unknown, unknown>> => {
    const { variables } = await debug("inspectVariables");
    return new Map((variables as Record<string, unknown>[]).map(({ name, value }) => [name, value]));
  };
  const found = await values();
  assert.deepEqual([found.get("total"), found.get("kept")], ["3", "[ 1 ]"]);
  assert.match(String(found.get("half")), /half/);
  await debug("initialize");
  await debug("attach");
  await debug("configurationDone");
  const id = await kernel().submit("half(total)");
  await kernel().waitFor(
    ({ header, content }) => header.msg_type === "debug_event" && content.event === "stopped",
    "stopped",
  );
  const [frame] = (await debug("stackTrace", { threadId: 1 })).stackFrames as { id: number }[];
  await debug("copyToGlobals", { srcVariableName: "rest", dstVariableName: "copied", srcFrameId: frame!.id });
  await debug("continue", { threadId: 1 });
  assert.equal((await kernel().finish(id)).result, "1.5");
  await debug("disconnect");
  assert.equal((await kernel().execute("copied + total")).result, "4.5");
});
