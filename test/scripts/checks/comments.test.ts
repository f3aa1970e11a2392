import assert from "node:assert/strict";
import { test } from "node:test";
import { oddPhrases, oddTags } from "../../../scripts/checks/comments.js";

test("oddTags() names each parameter in a comment that has no dash after its name", () => {
  const text = [
    "/**",
    " * @param right - is written so",
    " * @param wrong is not",
    " * @param bare",
    " */",
    "/** @param short is not either */",
    'const code = "@param code is no comment";',
  ].join("\n");
  assert.deepEqual(oddTags("a.ts", text), [
    'a.ts:3: write "@param wrong - what it is"',
    'a.ts:4: write "@param bare - what it is"',
    'a.ts:6: write "@param short - what it is"',
  ]);
});

test("oddTags() names each error in a comment whose type has no braces, or that does not say when", () => {
  const text = [
    "/**",
    " * @throws {RangeError} when it is too large",
    " * @throws {RangeError | TypeError} unless it fits",
    " * @throws RangeError if it is too large",
    " * @throws {RangeError} if it is too large",
    " */",
  ].join("\n");
  const message = 'write "@throws {Type} when …"';
  assert.deepEqual(oddTags("a.ts", text), [`a.ts:4: ${message}`, `a.ts:5: ${message}`]);
});

test("oddPhrases() names turns of phrase in comments, not in code", () => {
  const text = [
    "/** Has a file closed. */",
    "// Three files, of which one is open.",
    'const text = "so many"; const has = 1;',
    "// It has a file.",
  ].join("\n");
  assert.deepEqual(oddPhrases("a.ts", text), [
    'a.ts:1: "/** Has a": say what it does: closes, keeps, makes …',
    'a.ts:2: "of which": begin a new sentence',
  ]);
});
