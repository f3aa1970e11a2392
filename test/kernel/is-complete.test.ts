import assert from "node:assert/strict";
import { test } from "node:test";
import { useKernel } from "./client";

const kernel = useKernel();

const samples: Record<string, string[]> = {
  complete: [
    "1 + 1",
    "const a = 1;",
    "function f() { return 1; }",
    "if (true) { 1 }",
    "`text`",
    "[1, 2]",
    "await Promise.resolve(1)",
    "// only a comment",
    "const s = 'no type check here' - 1",
    "",
  ],
  incomplete: [
    "function f() {",
    "if (true) {",
    "const a = [1,",
    "f(1,",
    "const s = `open",
    "/* open comment",
    "const o = { a: 1,",
    "1 +",
    "class A {\n  m() {",
    "const f = () =>",
  ],
  invalid: ["const = 3", ")", "let 1a = 2", "function () }", "a b c", "'unclosed\n1"],
};

for (const [status, codes] of Object.entries(samples)) {
  for (const code of codes) {
    test(`${JSON.stringify(code)} is ${status}`, async () => {
      const reply = await kernel().request("shell", "is_complete_request", { code });
      assert.equal(reply.content.status, status);
    });
  }
}

test("incomplete code says how far the next line is indented", async () => {
  const open = await kernel().request("shell", "is_complete_request", { code: "if (true) {" });
  assert.match(String(open.content.indent), /^( {2}| {4})$/);
  const nested = await kernel().request("shell", "is_complete_request", {
    code: "if (true) {\n  for (;;) {",
  });
  assert.match(String(nested.content.indent), /^( {4}| {6}| {8})$/);
});
