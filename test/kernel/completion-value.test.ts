import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { runInNewContext } from "node:vm";
import { useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel({ language: "javascript" });

/** What a script of plain JavaScript shows by its value in Node's own REPL, ijavascript and jslab. */
const scripts = [
  "if (true) 5; else 6",
  "1; if (false) 2",
  "if (1) { if (0) 2; else { 3; var within = 4 } }",
  "for (let i = 0; i < 3; i++) i * 2",
  "for (var key in { a: 1, b: 2 }) key + '!'",
  "for (var part of ['p', 'q']) { part.toUpperCase() }",
  "9; for (var none in {}) none",
  "9; for (var i = 0; i < 3; i++) ;",
  "for (const n of [1, 2, 3]) { n; var larger = Math.max(n, 2) }",
  "for (n of [1, 2]) L: { if (n == 2) break L; Math.max(n, 4) }",
  "for (const n of [1, 2]) { if (n == 2) break; n }",
  "for (const n of [1]) { (() => n + 1)() }",
  "var steps = 0; while (steps < 3) steps++",
  "3; while (false);",
  "do { 2; continue } while (false)",
  "do var once = 1; while (false)",
  "outer: for (var r = 0; r < 3; r++) for (var c = 0; c < 3; c++) if (c === 1) continue outer; else r * 10 + c",
  "L: { 5; break L }",
  "try { 1 } catch (e) { 2 } finally { 3 }",
  "try { throw new Error('thrown') } catch (e) { e.message }",
  "try { throw { a: 5 } } catch ({ a }) { a + 1 }",
  "7; try { throw 1 } catch (e) {}",
  "7; try { throw { a: 5 } } catch ({ a }) { var caught = a }",
  "do { try { 1 } finally { break } } while (0)",
  "switch (2) { case 1: 'one'; break; case 2: 'two'; case 3: var three = 3; break; default: 'other' }",
  "switch (9) { case 1: 'one' }",
  "switch (1) { case 1: let own = 3; own; const fixed = 4 }",
  "{ 1; 2 }",
  "{ 8; var inBlock = 1 }",
  "{ 8; class Inner {} }",
  "1; {}",
  "1;;",
  "4; debugger",
  "with ({ a: 1 }) a",
  "with ({ a: 1 }) var taken = a",
  "var alone = 5",
  "1; var first = 2, { length } = 'abc'",
  "1; let second = 2; const third = 3",
  "1; class Fourth {}",
  "1; function fifth() {}",
  "function alone2() {}",
  "2; async function sixth() {}",
  "6; var Set = 5",
  "if (true) { function inIf() {} }",
  "8; { 1; function inBlock2() {} 2 }",
  "if (true) function bare() {}",
  "var named = function () {}; if (true) named.name",
  "'use strict'; if (true) 9",
  "'use strict'; var strictly = 1",
  "eval('if (true) { var inner = 1; inner + 1 }')",
  "made = 5; var notShown = 3",
  "5; undefined",
];

for (const code of scripts) {
  test(`${code} shows what the script completes with`, async () => {
    const value: unknown = runInNewContext(code);
    const cell = await kernel().execute(code);
    assert.equal(cell.result, value === undefined ? undefined : inspect(value), cell.traceback);
  });
}

for (const [code, result] of [
  ["await 1; if (true) await Promise.resolve(4)", "4"],
  ["for await (const n of (async function* () { yield 1; yield 2 })()) n * 10", "20"],
  ["if (true) Promise.resolve(4)", "Promise { 4 }"],
  ["if (true) ({ then() {} })", "{ then: [Function: then] }"],
  ["5; import 'os'", "5"],
  ["import { EOL } from 'os'", undefined],
  ["5; export const exported = 1", "5"],
  ["if (true) export_ = 3; export default 6", "6"],
  ["$$.async(); setTimeout(() => $$.done(3), 5); if (true) 7", "3"],
  ["$$.async(); setTimeout(() => $$.done(), 5); if (true) 7", undefined],
  ["$$.text('shown'); if (true) 7", "shown"],
] as const) {
  test(`${code} shows ${result ?? "nothing"}`, async () => {
    const cell = await kernel().execute(code);
    assert.equal(cell.status, "ok", cell.traceback);
    assert.equal(cell.result, result);
  });
}

test("a value of a statement shows itself in its own way", async () => {
  const cell = await kernel().execute("if (true) { ({ _toHtml: () => '<p>own</p>' }) }");
  const [shown] = cell.contents("execute_result");
  assert.match(JSON.stringify(shown?.data), /"text\/html":"<p>own<\/p>"/);
});

test("a user expression gives its value", async () => {
  const cell = await kernel().execute("1", { user_expressions: { x: "if (true) 5" } });
  assert.match(JSON.stringify(cell.reply.content.user_expressions), /"text\/plain":"[^"]*5/);
});
