import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { exampleProblems, examplesOf } from "../../../scripts/checks/examples.js";
import { packageRoot } from "../../../src/platform/package-root.js";

test("examplesOf() finds the examples of functions, methods and variables with their lines", () => {
  const text = `/**
 * Adds.
 * @example
 * \`\`\`ts
 * console.log(1); // 1
 * \`\`\`
 * @returns nothing
 */
export function add() {}
export class A {
  /** @example console.log(2); */
  method() {}
}
/** @example console.log(3); */
export const value = 1;
`;
  assert.deepEqual(examplesOf("a.ts", text), [
    { place: "a.ts:3", code: "console.log(1); // 1\n" },
    { place: "a.ts:11", code: "console.log(2);" },
    { place: "a.ts:14", code: "console.log(3);" },
  ]);
});

test("exampleProblems() runs examples, compares what they print with their comments, and checks their types", async (context) => {
  const folder = join(packageRoot, "dist", `examples-test-${process.pid}`);
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const run = (...codes: string[]) =>
    exampleProblems(
      codes.map((code, index) => ({ place: `p${index}`, code })),
      folder,
    );
  const right = "const x = await Promise.resolve(2);\nconsole.log(x); // 2\nconsole.log(x + 1); // 3";
  assert.deepEqual(await run(right, "const x = 3;\nconsole.log(x);"), []);
  assert.deepEqual(await run("console.log(2); // 3"), ['p0: prints "2", but promises "3"']);
  assert.deepEqual(await run("throw new RangeError('no')", right), ["p0: RangeError: no"]);
  assert.deepEqual(await run(right, "const x: string = 1;\nconsole.log(x);"), [
    "p1: TS2322: Type 'number' is not assignable to type 'string'.",
  ]);
});
