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

/** How often a value is asked for: on a busy machine the session may not be able to say it in time. */
const TRIES = 100;

/** What inspection says, asked until it says what is expected. */
async function textWith(code: string, expected: RegExp, type = "text/plain"): Promise<string> {
  let text = "";
  for (let i = 0; i < TRIES && !expected.test(text); i++) text = (await inspect(code)).data[type] ?? "";
  return text;
}

test("inspection of a variable also says what it is now", async () => {
  const cell = await kernel().execute(`import { tf } from "rnnlab";
    const weights = tf.tensor2d([[1, -2.5], [0.125, 4]]);
    const gone = tf.scalar(1);
    gone.dispose();
    const rows = Array.from({ length: 1200 }, (_, i) => i);
    const samples = Float64Array.of(3, NaN, -1);
    const none = new Float64Array(0);
    const large = BigInt64Array.of(1n, 2n);
    const names = new Map([["a", 1], ["b", 2]]);
    let best: number | null = null;
    const { rate } = { rate: 0.5 };
    const title = "x".repeat(300);
    let looked = 0;
    const proxy = new Proxy({}, { get: () => ++looked, ownKeys: () => (looked++, []) });
    const lazy = { get costly(): number { return ++looked; } };
    function twice(n: number): number { return 2 * n; }`);
  assert.equal(cell.status, "ok", cell.traceback);
  const expected: Record<string, RegExp> = {
    "weights|": /^const weights: [^\n]+\n\nNow: Tensor \[2, 2\] float32, from -2.5 to 4$/,
    "gone|": /\nNow: Tensor \[\] float32, disposed$/,
    "rows|.length": /\nNow: 1,200 elements: \[ *0, 1, 2,/,
    "samples|": /\nNow: Float64Array, 3 elements, from -1 to 3, 1 NaN$/,
    "none|": /\nNow: Float64Array, 0 elements$/,
    "large|": /\nNow: BigInt64Array, 2 elements$/,
    "names|": /\nNow: Map\(2\) \{ 'a' => 1, 'b' => 2 \}$/,
    "best|": /\nNow: null$/,
    "({ rate| })": /\nNow: 0.5$/,
    "title|": /\nNow: 300 characters: 'x{100}'…$/,
    "lazy|": /\nNow: \{ costly: \[Getter\] \}$/,
  };
  for (const [code, now] of Object.entries(expected)) assert.match(await textWith(code, now), now, code);
  await inspect("proxy|");
  assert.equal((await kernel().execute("looked")).result, "0");
  for (const code of ["twice|", "lazy.costly|", "((rows|: string) => rows)", "Math|"])
    assert.doesNotMatch((await inspect(code)).data["text/plain"] ?? "", /Now:/, code);
  const marked = /```\n\n\*Now\*\n\n```typescript\nnull\n```/;
  assert.match(await textWith("best|", marked, "text/markdown"), marked);
});

test("inspection of a data frame names its rows and its first 20 columns", async () => {
  const cell = await kernel().execute(`import { dataFrame } from "rnnlab/table";
    const columns = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => ["c" + i, [1]]));
    const narrow = dataFrame(columns(20));
    const wide = dataFrame(columns(22));`);
  assert.equal(cell.status, "ok", cell.traceback);
  const names = Array.from({ length: 20 }, (_, i) => `c${i}`).join(", ");
  for (const [name, more] of [
    ["narrow", ""],
    ["wide", ", … and 2 more"],
  ]) {
    const now = new RegExp(`\nNow: DataFrame, 1 row of ${names}${more}$`);
    assert.match(await textWith(`${name}|`, now), now);
  }
});

test("inspection says what a variable is while a cell runs, and does not wait for one that is not to be asked", async () => {
  await kernel().execute("let turns = 0; const blocked = new Int32Array(new SharedArrayBuffer(4));");
  const busy = await kernel().submit("for (;;) if (++turns === Number.MAX_SAFE_INTEGER) break;");
  await kernel().waitFor(
    ({ header, parent }) => header.msg_type === "execute_input" && parent.msg_id === busy,
    "execute_input",
  );
  const text = await textWith("turns|", /Now: [1-9]/);
  assert.match(text, /Now: [1-9]/);
  await kernel().request("control", "interrupt_request", {});
  await kernel().finish(busy);
  const waiting = await kernel().submit("Atomics.wait(blocked, 0, 0, 1500)");
  await kernel().waitFor(
    ({ header, parent }) => header.msg_type === "execute_input" && parent.msg_id === waiting,
    "execute_input",
  );
  assert.match((await inspect("turns|")).data["text/plain"] ?? "", /^let turns: number/);
  await kernel().finish(waiting);
  // What was asked meanwhile has done no harm.
  assert.equal((await kernel().execute("typeof turns")).result, "'number'");
});
