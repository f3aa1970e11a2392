import assert from "node:assert/strict";
import { test } from "node:test";
import { missingDashes } from "../../../scripts/checks/comments.js";

test("missingDashes() names each parameter in a comment that has no dash after its name", () => {
  const text = [
    "/**",
    " * @param right - is written so",
    " * @param wrong is not",
    " * @param bare",
    " */",
    "/** @param short is not either */",
    'const code = "@param code is no comment";',
  ].join("\n");
  assert.deepEqual(missingDashes("a.ts", text), [
    'a.ts:3: write "@param wrong - what it is"',
    'a.ts:4: write "@param bare - what it is"',
    'a.ts:6: write "@param short - what it is"',
  ]);
});
