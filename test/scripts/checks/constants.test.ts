import assert from "node:assert/strict";
import { test } from "node:test";
import { smallConstants } from "../../../scripts/checks/constants.js";

test("smallConstants() names each constant of a file that is a number, a text or a pattern in small letters", () => {
  const text = [
    "const LONGEST = 3;",
    "const longestLine = 60 * 1000;",
    "export const mark = /x/g;",
    "const table = [1, 2];",
    "const read = (): number => 1;",
    "let count = 1;",
    'function f() { const inner = "free"; }',
  ].join("\n");
  assert.deepEqual(smallConstants("a.ts", text), [
    "a.ts:2: write LONGEST_LINE for longestLine",
    "a.ts:3: write MARK for mark",
  ]);
});
