import assert from "node:assert/strict";
import { test } from "node:test";
import { type Execution, useKernel } from "../../tools/kernel-client/index.js";

const kernel = useKernel();
const IMPORTS =
  'import assert from "node:assert/strict";\nimport { describe, test } from "rnnlab/testing";\n';

interface Shown {
  readonly text: string;
  readonly html: string;
  readonly tests: readonly { name: string; status: string; error?: string }[];
}

/** What a cell shows last of its tests. */
function shownBy(cell: Execution): Shown {
  const bundles = [...cell.contents("display_data"), ...cell.contents("update_display_data")].map(
    ({ data }) => data as Record<string, unknown>,
  );
  const last = bundles.at(-1);
  assert.ok(last, "no table is shown");
  const { tests } = last["application/vnd.rnnlab.tests+json"] as Pick<Shown, "tests">;
  return { text: String(last["text/plain"]), html: String(last["text/html"]), tests };
}

const endings = ({ tests }: Shown): string[] => tests.map(({ name, status }) => `${name}: ${status}`);

test("a cell's tests are one table, in the order of their declaration, and its value counts them", async () => {
  const cell = await kernel().execute(
    `${IMPORTS}const order: string[] = [];
test("waits", async () => { await new Promise((done) => setTimeout(done, 20)); order.push("first"); });
test("comes second", () => assert.deepEqual(order, ["first"]));
test.skip("is skipped", () => { order.push("never"); });
test("is left out", { skip: "no data" }, () => { order.push("never"); });
test.todo("is to do");
test("has no code");
describe("sums", () => {
  describe("of two", () => test("are exact", () => assert.equal(1 + 1, 2)));
  describe.skip("of many", () => test("are exact", () => { order.push("never"); }));
});
test("knows what ran", () => assert.deepEqual(order, ["first"]));`,
  );
  assert.equal(cell.status, "ok", cell.traceback);
  assert.equal(cell.result, "4 passed, 0 failed, 3 skipped, 2 todo");
  const shown = shownBy(cell);
  assert.deepEqual(endings(shown), [
    "waits: passed",
    "comes second: passed",
    "is skipped: skipped",
    "is left out # no data: skipped",
    "is to do: todo",
    "has no code: todo",
    "sums > of two > are exact: passed",
    "sums > of many > are exact: skipped",
    "knows what ran: passed",
  ]);
  assert.match(shown.text, /^✔ waits \(\d+ ms\)\n/);
  assert.match(shown.html, /^<table><caption>4 passed, 0 failed, 3 skipped, 2 todo<\/caption>/);
  assert.equal(cell.contents("display_data").length, 1);
});

test("a failed test shows the difference, does not stop the notebook, and is escaped", async () => {
  const cell = await kernel().execute(
    `${IMPORTS}test("<b>", () => assert.deepEqual({ a: [1, 2] }, { a: [1, 3] }));
test("throws", () => { throw new TypeError("not that"); });
test("rejects", async () => { throw "a text"; });`,
  );
  assert.equal(cell.status, "ok");
  const shown = shownBy(cell);
  assert.deepEqual(endings(shown), ["<b>: failed", "throws: failed", "rejects: failed"]);
  const [first, second, third] = shown.tests.map(({ error }) => error);
  assert.match(first ?? "", /deep-equal:\n[\s\S]*\n\+\s+2\n-\s+3\n/);
  assert.match(second ?? "", /^TypeError: not that\n.*Cell In\[\d+\]:4:30$/);
  assert.equal(third, "threw 'a text'");
  assert.match(shown.html, /&lt;b&gt;/);
  assert.doesNotMatch(shown.html, /<b>/);
  const next = await kernel().execute("1 + 1");
  assert.equal(next.result, "2");
});

test("only holds for the tests of its cell", async () => {
  const cell = await kernel().execute(
    `${IMPORTS}test("a", () => {});\ntest.only("b", () => {});\ndescribe.only("c", () => test("d", () => {}));`,
  );
  assert.deepEqual(endings(shownBy(cell)), ["a: skipped", "b: passed", "c > d: passed"]);
  const next = await kernel().execute(`test("e", () => {})`);
  assert.deepEqual(endings(shownBy(next)), ["e: passed"]);
});

test("tests can be awaited, and may be slow", async () => {
  const cell = await kernel().execute(
    `${IMPORTS}let ran = false;
await test("slow", { timeout: 20 }, () => new Promise(() => {}));
await test("quick", () => { ran = true; });
console.log(ran);`,
  );
  assert.equal(cell.stdout, "true\n");
  assert.equal(cell.result, undefined);
  const displays = cell
    .contents("display_data")
    .map(({ data }) => String((data as Record<string, unknown>)["text/plain"]));
  assert.match(displays[0] ?? "", /✖ slow .*\n {4}the test must end within 20 ms\n/);
  assert.match(displays[1] ?? "", /^✔ quick/);
});

test("a cell that runs again shows its new results alone", async () => {
  const code = `${IMPORTS}(globalThis as { runs?: number }).runs = ((globalThis as { runs?: number }).runs ?? 0) + 1;
test("runs once", () => assert.equal((globalThis as { runs?: number }).runs, 1));`;
  assert.deepEqual(endings(shownBy(await kernel().execute(code))), ["runs once: passed"]);
  assert.deepEqual(endings(shownBy(await kernel().execute(code))), ["runs once: failed"]);
});

test("an interrupt ends a test that waits for ever, and those after it do not run", async () => {
  const id = await kernel().submit(
    `${IMPORTS}test("ends", () => {});\ntest("hangs", async () => { console.log("begun"); await new Promise(() => {}); });\ntest("never runs", () => {});`,
  );
  await kernel().waitFor(
    ({ header, parent }) => header.msg_type === "stream" && parent.msg_id === id,
    "the test begins",
  );
  await kernel().request("control", "interrupt_request");
  const cell = await kernel().finish(id);
  assert.equal(cell.status, "error");
  const shown = shownBy(cell);
  assert.deepEqual(endings(shown), ["ends: passed", "hangs: failed", "never runs: skipped"]);
  const next = await kernel().execute(
    `const { finished } = await import("rnnlab/testing");\nawait finished();\nawait test("goes on", () => {});\n1`,
  );
  assert.equal(next.status, "ok", next.traceback);
  assert.deepEqual(endings(shownBy(next)), ["goes on: passed"]);
});
