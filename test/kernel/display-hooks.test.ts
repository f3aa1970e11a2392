import assert from "node:assert/strict";
import { test } from "node:test";
import { type Dictionary, useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();

async function dataOf(code: string): Promise<Dictionary> {
  const cell = await kernel().execute(code);
  assert.equal(cell.status, "ok", cell.traceback);
  assert.equal(cell.stderr, "");
  return cell.contents("execute_result")[0]?.data as Dictionary;
}

test("toMime() gives the bundle, at once or later", async () => {
  assert.equal(
    (await dataOf('({ toMime() { return { "text/html": "<b>now</b>" }; } })'))["text/html"],
    "<b>now</b>",
  );
  assert.equal(
    (await dataOf('({ async toMime() { await null; return { "text/html": "<b>late</b>" }; } })'))[
      "text/html"
    ],
    "<b>late</b>",
  );
});

test("Jupyter.display is asked before toMime, and one that is no method is passed over", async () => {
  const both =
    '({ [Symbol.for("Jupyter.display")]: () => ({ "text/plain": "first" }), toMime: () => ({ "text/plain": "second" }) })';
  assert.equal((await dataOf(both))["text/plain"], "first");
  const one = '({ [Symbol.for("Jupyter.display")]: 1, toMime: () => ({ "text/plain": "second" }) })';
  assert.equal((await dataOf(one))["text/plain"], "second");
});

test("a hook of a class sees the instance, and a hook may be on a function", async () => {
  const code = 'class Card { title = "t"; toMime() { return { "text/html": this.title }; } }\nnew Card()';
  assert.equal((await dataOf(code))["text/html"], "t");
  const onFunction = 'Object.assign(() => 1, { toMime: () => ({ "text/html": "f" }) })';
  assert.equal((await dataOf(onFunction))["text/html"], "f");
});

test("a bundle without text gets the value's own", async () => {
  const data = await dataOf('({ kept: 7, toMime() { return { "image/png": Uint8Array.of(1, 2, 3) }; } })');
  assert.equal(data["image/png"], "AQID");
  assert.match(String(data["text/plain"]), /kept/);
});

test("typed arrays in JSON are lists", async () => {
  const data = await dataOf(
    '({ toMime: () => ({ "application/json": { values: Float32Array.of(1, 2.5) } }) })',
  );
  assert.deepEqual(data["application/json"], { values: [1, 2.5] });
});

test("a hook that returns nothing leaves the value as it is", async () => {
  const data = await dataOf("({ kept: 1, toMime() { return undefined; } })");
  assert.deepEqual(Object.keys(data), ["text/plain"]);
});

for (const [body, reason] of [
  ['throw new Error("no picture")', /Error: no picture[\s\S]*Cell In\[\d+\], line 1/],
  ['return Promise.reject(new Error("later"))', /Error: later/],
  ["return 5", /TypeError: Cannot display the value: it must be an object from MIME types to data, got 5/],
  ["return null", /got null/],
  ['return ["text/html"]', /it must be an object from MIME types/],
  ['return { html: "x" }', /keys must be MIME types such as "text\/html", got "html"/],
  ['return { "text/html": 5 }', /data of "text\/html" must be text or bytes/],
  ['return { "application/json": { big: 1n } }', /BigInt/],
] as const) {
  test(`a hook with ${JSON.stringify(body)} says so, and the value is shown as text`, async () => {
    const cell = await kernel().execute(`({ kept: 1, toMime(): unknown { ${body}; } })`);
    assert.equal(cell.status, "ok", cell.traceback);
    assert.deepEqual(cell.outputs, ["stream", "execute_result"]);
    assert.match(cell.stderr, reason);
    assert.match(cell.result ?? "", /kept: 1/);
  });
}

test("a hook that never ends is interrupted", async () => {
  const id = await kernel().submit("({ toMime() { console.log('in'); while (true) {} } })");
  await kernel().streamed(id, "in");
  await kernel().request("control", "interrupt_request");
  assert.equal((await kernel().finish(id)).error?.ename, "KeyboardInterrupt");
});

const FIGURE =
  '{ data: [{ type: "bar", x: ["a", "b"], y: Float32Array.of(1, 2) }], layout: { title: { text: "Two" } } }';

test("a plotly figure written by hand is drawn", async () => {
  const data = await dataOf(`(${FIGURE})`);
  const { data: traces, layout } = data["application/vnd.plotly.v1+json"] as Dictionary;
  assert.deepEqual(traces, [{ type: "bar", x: ["a", "b"], y: [1, 2] }]);
  assert.deepEqual(layout, { title: { text: "Two" } });
  assert.match(String(data["text/html"]), /rnnlab-figure/);
  assert.match(String(data["text/plain"]), /Two/);
});

for (const code of [
  `({ ...${FIGURE}, status: 200 })`,
  "({ data: [], layout: {} })",
  "({ data: [{ y: 3 }], layout: {} })",
  '({ data: [{ type: "user", y: [1] }], layout: {} })',
  "({ data: [{ y: [1] }] })",
  `[${FIGURE}]`,
  `class Answer { data = [{ y: [1] }]; layout = {}; }\nnew Answer()`,
]) {
  test(`${code}, which may be anything, is shown as text`, async () => {
    assert.deepEqual(Object.keys(await dataOf(code)), ["text/plain"]);
  });
}

test("what rnnlab shows, a last value shows too", async () => {
  const html = await dataOf('import { html } from "rnnlab/display";\nhtml("<b>bold</b>")');
  assert.deepEqual(html, { "text/html": "<b>bold</b>", "text/plain": "bold" });
  const table = await dataOf('import { table } from "rnnlab/table";\ntable({ a: [1] })');
  assert.match(String(table["text/html"]), /<table>/);
});
