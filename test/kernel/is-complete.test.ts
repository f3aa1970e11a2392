import assert from "node:assert/strict";
import { test } from "node:test";
import { useKernel } from "../../tools/kernel-client/index.js";

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
    "if (x) y\nelse z",
    `\`<\${\`nested\`}>\``,
    "let a = '/*'",
    "/[/]/",
    "f<Map<string, number>>(a)",
    "function f(a: string): void;",
    "@d\nclass A {}",
    "let a",
    "let a: number",
    "declare const a: number",
    "for (const a of b) ;",
    "#!/usr/bin/env node\n1",
    "",
    "const f = () => { return 1; }",
    "outer: for (;;) { switch (a) { case 1: continue outer; default: break; } }",
    "[a, b.c] = [1, 2]; (d as number)[0] += 1",
    "declare const a: number;\ndeclare function f(): void",
    "for (const [a, b] of c) { let d; }",
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
    "if (x)",
    "if (x) y\nelse",
    "for (const a of b)",
    "`a ${b",
    "function f()",
    "function f(a: number): number",
    "const",
    "await",
    "import",
    "import { a } from",
    "switch (a) {\n  case 1:",
    "@d()",
    "f<A>(",
    "x = // the rest follows",
    "1 + /* more */",
    "type A = B |",
    "const a",
    "const a: number // how many",
    "let b = 1\nconst { c }",
    "using d",
    "let a,",
    "const a = 1, b",
    "const a = 1,\n  // and more",
    "return (",
  ],
  invalid: [
    "const = 3",
    ")",
    "let 1a = 2",
    "function () }",
    "a b c",
    "'unclosed\n1",
    "{ ]",
    "else",
    "`a` b",
    "const a = ;",
    "const a;",
    "const a, b = 1",
    "const a,",
    "let { a };",
    "using a;",
    "if (x) { const a; }",
    "return 1",
    "break",
    "for (;;) { () => { continue; } }",
    "outer: for (;;) { break inner; }",
    "1 = 2",
    "f() += 1",
    "a?.b = 1",
    "/unclosed",
    "1e",
  ],
};

for (const [status, codes] of Object.entries(samples)) {
  for (const code of codes) {
    test(`${JSON.stringify(code)} is ${status}`, async () => {
      const reply = await kernel().request("shell", "is_complete_request", { code });
      assert.equal(reply.content.status, status);
    });
  }
}

test("whether code is complete that is nested too deeply for the compiler is unknown", async () => {
  const code = `${"(".repeat(20_000)}1${")".repeat(20_000)}`;
  const reply = await kernel().request("shell", "is_complete_request", { code });
  assert.deepEqual(reply.content, { status: "unknown" });
});

test("incomplete code says how far the next line is indented", async () => {
  const open = await kernel().request("shell", "is_complete_request", { code: "if (true) {" });
  assert.match(String(open.content.indent), /^( {2}| {4})$/);
  const nested = await kernel().request("shell", "is_complete_request", {
    code: "if (true) {\n  for (;;) {",
  });
  assert.match(String(nested.content.indent), /^( {4}| {6}| {8})$/);
  for (const [code, width] of [
    ["if (x)", 2],
    ["if (x) { // why", 2],
    ["switch (a) {\n  case 1:", 4],
    ["f(", 2],
    ["if (x) {\n  y();", 2],
    ["`open {", 0],
  ] as const) {
    const { content } = await kernel().request("shell", "is_complete_request", { code });
    assert.equal(content.indent, " ".repeat(width), code);
  }
});
