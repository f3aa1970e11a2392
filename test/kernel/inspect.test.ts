import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { type Dictionary, plain, useKernel } from "../../tools/kernel-client/index.js";

const folder = mkdtempSync(join(tmpdir(), "rnnlab-inspect-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const kernel = useKernel({ cwd: folder });

async function inspect(text: string, detail = 0): Promise<{ found: unknown; data: Record<string, string> }> {
  const [before, after] = text.split("|");
  const content = { code: `${before}${after ?? ""}`, cursor_pos: [...before!].length, detail_level: detail };
  const reply = await kernel().request("shell", "inspect_request", content);
  return { found: reply.content.found, data: reply.content.data as Record<string, string> };
}

test("inspection gives signature and documentation as text and as markdown", async () => {
  const { found, data } = await inspect("Math.ma|x");
  assert.equal(found, true);
  assert.match(plain(data["text/plain"] ?? ""), /max\(\.\.\.values: number\[\]\): number[\s\S]*larger/);
  assert.match(data["text/markdown"] ?? "", /max/);
});

test("inspection knows names, documentation and tags of earlier cells", async () => {
  await kernel().execute(
    "/**\n * Doubles a number.\n * @param value - what to double\n */\nfunction doubled(value: number): number { return value * 2; }",
  );
  const { found, data } = await inspect("doubled|(1)");
  assert.equal(found, true);
  assert.match(
    data["text/plain"] ?? "",
    /doubled\(value: number\): number[\s\S]*Doubles a number[\s\S]*what to double/,
  );
});

test("inspection writes a tag's sentence of several lines behind the tag, and a block below it", async () => {
  await kernel().execute(
    "/**\n * @param count - what to halve, a whole\n *   number\n * @remarks Either\n * - even or\n * - odd\n * @example\n * ```ts\n * halved(2)\n * ```\n */\nfunction halved(count: number): number { return count / 2; }",
  );
  const { data } = await inspect("halved|(1)");
  const written = data["text/markdown"] ?? "";
  assert.match(written, /\*@param\* count - what to halve, a whole\n\s*number/);
  assert.match(written, /\*@remarks\*\n\nEither\n- even/);
  assert.match(written, /\*@example\*\n\n```ts\nhalved\(2\)/);
});

test("inspection works inside the parentheses of a call", async () => {
  const { found, data } = await inspect("parseInt(|");
  assert.equal(found, true);
  assert.match(data["text/plain"] ?? "", /parseInt/);
});

for (const text of [
  "add2(|",
  "add2(1, |",
  "add2(1, |)",
  "add2(1, 2|)",
  "add2(Math.max(1, 2), |)",
  "add2(\n  1,\n  |",
]) {
  test(`inspection in ${JSON.stringify(text)} shows the function that is called`, async () => {
    await kernel().execute("/** Adds. */\nfunction add2(a: number, b: number): number { return a + b; }");
    const { found, data } = await inspect(text);
    assert.equal(found, true);
    assert.match(data["text/plain"] ?? "", /^add2\(a: number, b: number\): number\n\nAdds\.$/);
  });
}

test("inspection in a call lists the overloads, the one that fits first", async () => {
  await kernel().execute(
    "function over(a: string): string;\nfunction over(a: number, b?: boolean): number;\nfunction over(a: string | number) { return a; }",
  );
  const { data } = await inspect("over(1, |)");
  assert.equal(data["text/plain"], "over(a: number, b?: boolean): number\nover(a: string): string");
});

test("inspection knows the members of earlier cells' classes with their documentation", async () => {
  await kernel().execute("class Net3 {\n  /** How many units. */\n  units = 1;\n}\nconst net3 = new Net3();");
  const { data } = await inspect("net3.unit|s");
  assert.equal(data["text/plain"], "(property) Net3.units: number\n\nHow many units.");
});

test("inspection knows documentation that stands beside members of earlier cells", async () => {
  const code = `class Beside { /** Makes. */ static make() {} /** Two. */ two = 2; constructor(/** Three. */ readonly three = 3) {} }
const beside = { /** Four. */ four: 4, /* five */ five: 5 };
interface Six { /** Six. */ six: number }
enum Seven { /** Seven. */ seven }`;
  // Twice, as TypeScript keeps what has not changed.
  await kernel().execute(code);
  await kernel().execute(code);
  for (const [text, expected] of [
    ["Beside.mak|e", "(method) Beside.make(): void\n\nMakes."],
    ["new Beside().tw|o", "(property) Beside.two: number\n\nTwo."],
    ["new Beside().thre|e", "(property) Beside.three: number\n\nThree."],
    ["beside.fou|r", "(property) four: number\n\nFour."],
    ["beside.fiv|e", "(property) five: number"],
    ["({} as Six).si|x", "(property) Six.six: number\n\nSix."],
    ["Seven.seve|n", "(enum member) Seven.seven = 0\n\nSeven."],
  ] as const) {
    assert.equal((await inspect(text)).data["text/plain"], expected);
  }
});

test("inspection of a namespace names its module, with what the module says of itself", async () => {
  writeFileSync(
    join(folder, "shapes.ts"),
    "/**\n * Areas of shapes.\n *\n * @packageDocumentation\n */\nexport const area = 1;\n",
  );
  writeFileSync(join(folder, "licensed.ts"), "/** @license MIT */\nexport const area = 1;\n");
  await kernel().execute(
    'import * as tfjs from "@tensorflow/tfjs-core";\nimport * as shapes from "./shapes";\nimport * as licensed from "./licensed";',
  );
  for (const [text, expected] of [
    ["tfj|s", 'module "@tensorflow/tfjs-core"'],
    ["shape|s.area", 'module "./shapes"\n\nAreas of shapes.'],
    ["license|d", 'module "./licensed"'],
    ['import * as own from "./shapes";\now|n', 'module "./shapes"\n\nAreas of shapes.'],
    ['import * as os from "node:os";\no|s', 'module "node:os"'],
  ] as const) {
    assert.equal((await inspect(text)).data["text/plain"], expected);
  }
});

for (const text of ["const| x = 1", "if| (true) {}", "zzzUnknown.deep|", '"text|"', "// com|ment", "12|3"]) {
  test(`inspection finds nothing in ${text}`, async () => {
    assert.equal((await inspect(text)).found, false);
  });
}

test("inspection counts code points", async () => {
  const { found, data } = await inspect('const smile = "😀😀😀"; Math.flo|or(1)');
  assert.equal(found, true);
  assert.match(data["text/plain"] ?? "", /floor/);
});

test("inspection of an unknown name finds nothing", async () => {
  const reply = await kernel().request("shell", "inspect_request", {
    code: "zzzUnknown",
    cursor_pos: 5,
    detail_level: 0,
  });
  const { status, found, data } = reply.content;
  assert.deepEqual({ status, found, data }, { status: "ok", found: false, data: {} as Dictionary });
});

test("inspection of an unknown type finds nothing", async () => {
  assert.equal((await inspect("let value: ZzzUnkno|wn;")).found, false);
});

test("inspection of nothing finds nothing", async () => {
  assert.equal((await inspect("|")).found, false);
  assert.equal((await inspect("   |   ")).found, false);
});
