import assert from "node:assert/strict";
import { test } from "node:test";
import { mutate, mutationsOf } from "../../../scripts/mutants/mutations.js";

const mutants = (text: string) => mutationsOf(text).map((mutation) => mutate(text, mutation));

const CASES: readonly [source: string, mutants: readonly string[]][] = [
  ["const a = b < c;", ["const a = b <= c;"]],
  ["const a = b && !c;", ["const a = b || !c;", "const a = b && c;"]],
  ["const a = b ?? c;", ["const a = (b)!;"]],
  ["if (a) b();", ["if (true) b();", "if (false) b();", "if (a) ;"]],
  [
    "const a = b ? 0 : 7;",
    ["true ? 0 : 7", "false ? 0 : 7", "b ? 1 : 7", "b ? 0 : (7 + 1)"].map((x) => `const a = ${x};`),
  ],
  ["const a = true;", ["const a = false;"]],
  ["while (a) {}", ["while (false) {}"]],
  ["const a = b + c * -d;", ["const a = b - c * -d;", "const a = b + c / -d;", "const a = b + c * d;"]],
];

for (const [source, expected] of CASES) {
  test(`mutationsOf() changes ${source}`, () => {
    assert.deepEqual(mutants(source), expected);
  });
}

test("mutationsOf() leaves types, imports, texts that are put together and what an error says alone", () => {
  for (const source of [
    'import a from "b";',
    "interface A { b: 1 | true }",
    "type A<B> = B extends true ? 1 : 0;",
    "let a: 0 | 1;",
    'const a = "b" + c;',
    "throw new RangeError(String(a + 1));",
    "class A extends B { constructor() { super(); } }",
  ])
    assert.deepEqual(mutants(source), [], source);
});
