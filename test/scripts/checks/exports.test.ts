import assert from "node:assert/strict";
import { test } from "node:test";
import { unusedExports } from "../../../scripts/checks/exports.js";

const problemsOf = (texts: Readonly<Record<string, string>>): string[] =>
  unusedExports(new Map(Object.entries(texts)));

test("unusedExports() names values, types and classes that no other file imports, though their own may use them", () => {
  const problems = problemsOf({
    "src/a/x.ts": "export const LIMIT = 3; export function f() { return LIMIT; } export interface Options {}",
    "src/a/y.ts": 'import { f as g } from "./x.js"; import type { Shape } from "../b/z.js"; g();',
    "src/b/z.ts": "export type Shape = number[]; export class Box {} class Inner {}",
  });
  assert.deepEqual(problems, [
    "src/a/x.ts: nobody imports LIMIT",
    "src/a/x.ts: nobody imports Options",
    "src/b/z.ts: nobody imports Box",
  ]);
});

test("unusedExports() takes a name that is passed on for used only where it is imported from there, or public", () => {
  const passedOn = 'export { one } from "./one.js"; export { two as zwei } from "./two.js";';
  const parts = { "kernel/a/one.ts": "export let one = 1;", "kernel/a/two.ts": "export let two = 2;" };
  const user = { "kernel/b.ts": 'import { one } from "./a/index.js"; one;' };
  assert.deepEqual(problemsOf({ ...parts, ...user, "kernel/a/index.ts": passedOn }), [
    "kernel/a/index.ts: nobody imports zwei",
  ]);
  assert.deepEqual(
    problemsOf({
      "src/a/one.ts": "export let one = 1;",
      "src/a/index.ts": 'export { one } from "./one.js";',
    }),
    [],
  );
});

test("unusedExports() lets pass what is imported as a whole, at run time, in a type, by its path or by plain JavaScript", () => {
  const texts = {
    "cli/a.ts": "export let a = 1;",
    "cli/b.ts": "export let b = 1;",
    "cli/c.ts": "export interface C {}",
    "cli/d.ts": "export let d = 1;",
    "kernel/e.ts": "export let e = 1;",
    "kernel/main.ts": 'new Worker(join(__dirname, "e.js"));',
    "cli/main.ts": 'import * as all from "./a.js"; import("./b.js"); let c: import("./c.js").C;',
  };
  assert.deepEqual(problemsOf(texts), ["cli/d.ts: nobody imports d"]);
  assert.deepEqual(problemsOf({ ...texts, "scripts/run.cjs": 'require("../dist/cli/d.js");' }), []);
});

test("unusedExports() lets a type be exported that describes another export of its file", () => {
  const text = "export interface Options { size: Size } export type Size = number; export type Old = Size;";
  const use = 'import type { Options } from "./a.js"; let options: Options;';
  assert.deepEqual(problemsOf({ "setup/a.ts": text, "setup/b.ts": use }), ["setup/a.ts: nobody imports Old"]);
});
