import assert from "node:assert/strict";
import { test } from "node:test";
import { type Dictionary, useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

async function resultOf(code: string): Promise<string> {
  const cell = await kernel().execute(code);
  assert.equal(cell.status, "ok", cell.traceback);
  assert.equal(cell.stderr, "");
  return cell.result ?? "";
}

test("an object is coloured, a number and a string are not", async () => {
  const textOf = async (code: string): Promise<string> => {
    const cell = await kernel().execute(code);
    return String((cell.contents("execute_result")[0]?.data as Dictionary | undefined)?.["text/plain"]);
  };
  assert.equal(await textOf("({ a: 1 })"), "{ a: \u001b[33m1\u001b[39m }");
  assert.equal(await textOf("1"), "1");
  assert.equal(await textOf('"text"'), "'text'");
});

test("a deep object is cut with a hint how to see the rest", async () => {
  const text = await resultOf("({ a: { b: { c: { d: { e: { f: 1 } } } } } })");
  assert.match(text, /e: \[Object\]/);
  assert.match(text, /\n… .*console\.dir\(value, \{ depth: null \}\)/);
  const printed = await kernel().execute(
    "console.dir({ a: { b: { c: { d: { e: { f: 1 } } } } } }, { depth: null })",
  );
  assert.match(printed.stdout, /f: 1/);
});

for (const code of [
  "({ a: { b: { c: 1 } } })",
  '({ text: "[Object]", list: ["[Array]"] })',
  "({ f() {}, async g() {}, *h() {}, C: class C {}, get x() { return 1; } })",
  "const ring: { self?: unknown } = {};\nring.self = ring;\nring",
]) {
  test(`${JSON.stringify(code)}, which is shown whole, has no hint`, async () => {
    assert.doesNotMatch(await resultOf(code), /…|depth/);
  });
}

for (const [code, count] of [
  ["Array.from({ length: 1000 }, (_, i) => i)", /\.\.\. 900 more items/],
  ["new Float64Array(1000)", /\.\.\. 900 more items/],
  ["new Set(Array.from({ length: 1000 }, (_, i) => i))", /\.\.\. 9\d0 more items/],
  ["new Map(Array.from({ length: 1000 }, (_, i) => [i, i]))", /\.\.\. 9\d0 more items/],
  ['"x".repeat(20000)', /\.\.\. 10000 more characters/],
  [
    "Array.from({ length: 500 }, (_, i) => ({ name: 'row ' + i, values: [i, i + 1] }))",
    /\.\.\. 490 more items/,
  ],
  ["Object.fromEntries(Array.from({ length: 20000 }, (_, i) => ['key' + i, i]))", /… \d+ more lines/],
] as const) {
  test(`${code} is cut and says how much is left out`, async () => {
    const text = await resultOf(code);
    assert.match(text, count);
    assert.ok(text.length < 60_000, `${text.length} characters`);
  });
}

test("a list of many objects is short", async () => {
  const text = await resultOf(
    "Array.from({ length: 500 }, (_, i) => ({ name: 'row ' + i, values: [i, i + 1] }))",
  );
  assert.ok(text.split("\n").length <= 15, text);
});

for (const [code, expected] of [
  ["class Point { x = 1; #y = 2 }\nnew Point()", /^Point \{ x: 1 \}$/],
  ["({ get lazy() { throw new Error('not asked') } })", /^\{ lazy: \[Getter\] \}$/],
  [
    "new Proxy({ a: 1 }, { get() { throw new Error('trap') }, ownKeys() { throw new Error('trap') } })",
    /^\{ a: 1 \}$/,
  ],
  ["new Proxy({ a: 1 }, { get: () => () => 1 })", /^\{ a: 1 \}$/],
  ["const { proxy, revoke } = Proxy.revocable({}, {});\nrevoke();\nproxy", /Revoked Proxy/],
  [
    "new Map<unknown, unknown>([[{ k: 1 }, new Set([1])]])",
    /^Map\(1\) \{ \{ k: 1 \} => Set\(1\) \{ 1 \} \}$/,
  ],
  ["Object.create(null)", /^\[Object: null prototype\] \{\}$/],
  ["new Promise(() => {})", /^Promise \{ <pending> \}$/],
  ["Promise.resolve(5)", /^Promise \{ 5 \}$/],
  ["new Date(0)", /^1970-01-01T00:00:00\.000Z$/],
  ["({ get [Symbol.toStringTag]() { throw new Error('in the tag') } })", /in the tag/],
  [
    "({ kept: 1, [Symbol.for('nodejs.util.inspect.custom')]() { throw new Error('own inspect') } })",
    /kept: 1[\s\S]*own inspect/,
  ],
] as const) {
  test(`${JSON.stringify(code)} is shown and the kernel goes on`, async () => {
    assert.match(await resultOf(code), expected);
    assert.equal(await resultOf("1 + 1"), "2");
  });
}

test("an error as a value is shown with the cell's place and no frames of the kernel", async () => {
  const text = await resultOf("// one\nnew Error('kept')");
  assert.match(text, /^Error: kept\n +at Cell In\[\d+\]:2:1$/);
});

test("an error that is printed names the cell's place, too", async () => {
  const cell = await kernel().execute("function f() {\n  console.error(new TypeError('printed'));\n}\nf();");
  assert.match(
    cell.stderr,
    /^TypeError: printed\n +at f \(Cell In\[\d+\]:2:17\)\n +at Cell In\[\d+\]:4:1\n$/,
  );
});

test("a scaler of rnnlab shows what it was fitted on", async () => {
  const code = 'import { MinMaxScaler } from "rnnlab/preprocessing";\n';
  assert.match(await resultOf(`${code}new MinMaxScaler()`), /^MinMaxScaler \{.*fitted: false \}$/);
  assert.match(
    await resultOf(`${code}new MinMaxScaler().fit([1, 3])`),
    /dataMin: \[ 1 \],\s+dataMax: \[ 3 \]/,
  );
});

test("the data of a lecture are shown in few lines", async () => {
  const text = await resultOf(
    'import { loadElectricity } from "rnnlab/datasets";\nawait loadElectricity({ source: "sample" })',
  );
  assert.match(text, /values: Float64Array\(397\)/);
  assert.ok(text.split("\n").length < 60, text);
});
