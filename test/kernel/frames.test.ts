import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { type Dictionary, useKernel } from "../../tools/kernel-client/index.js";

const folder = mkdtempSync(join(tmpdir(), "rnnlab-frames-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const kernel = useKernel({ cwd: folder });

/** Frames that the user makes with danfojs itself: nothing of `rnnlab` is imported. */
async function resultOf(expression: string): Promise<Dictionary> {
  const cell = await kernel().execute(`import * as dfd from "danfojs-node";
const df = new dfd.DataFrame({ "a<b": [1, 2.5, 3], kind: ["x & y", "<script>alert(1)</script>", "x & y"] });
${expression}`);
  assert.equal(cell.status, "ok", cell.traceback);
  return cell.contents("execute_result")[0]?.data as Dictionary;
}

test("a data frame is shown as an HTML table and as text", async () => {
  const data = await resultOf("df");
  assert.match(
    String(data["text/html"]),
    /<table>[\s\S]*<td class="number">2\.5<\/td>[\s\S]*3 rows × 2 columns/,
  );
  const lines = String(data["text/plain"]).split("\n");
  assert.equal(lines.length, 6, String(data["text/plain"]));
  assert.match(lines[0] ?? "", /a<b +kind/);
  assert.match(lines[3] ?? "", /1 +2\.5 +<script>/);
});

test("names and values of a frame are escaped in HTML", async () => {
  const html = String((await resultOf("df"))["text/html"]);
  assert.match(html, /a&lt;b/);
  assert.match(html, /x &amp; y/);
  assert.match(html, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/);
  assert.doesNotMatch(html, /<script>/);
});

for (const [expression, shape] of [
  ["df.head(2)", /2 rows × 2 columns/],
  ['df["kind"]', /3 rows × 1 column/],
  ['df.column("kind").valueCounts()', /2 rows × 1 column/],
  ['df.groupby(["kind"]).col(["a<b"]).mean()', /2 rows × 2 columns/],
  ["df.describe()", /rows × 1 column/],
] as const) {
  test(`${expression} is shown as a table`, async () => {
    const data = await resultOf(expression);
    assert.match(String(data["text/html"]), /<table>/);
    assert.match(String(data["text/plain"]), shape);
  });
}

test("a long frame is cut in the middle", async () => {
  const data = await resultOf("new dfd.DataFrame({ n: Array.from({ length: 1000 }, (_, i) => i) })");
  assert.match(String(data["text/plain"]), /⋮[\s\S]*1000 rows × 1 column/);
  assert.ok(String(data["text/html"]).length < 5000);
});

test("a frame among other values is one line, and printed it is a text table", async () => {
  assert.equal((await resultOf("[df]"))["text/plain"], "[ DataFrame [3 rows] (a<b: float32, kind: string) ]");
  const printed = await kernel().execute("console.log(df); undefined");
  assert.match(printed.stdout, /a<b +kind[\s\S]*3 rows × 2 columns/);
});

test("groups are named, not taken apart", async () => {
  assert.equal((await resultOf('df.groupby(["kind"])'))["text/plain"], "Groupby [2 groups] by kind");
});

test("danfojs and rnnlab are not loaded for a cell that does not use them", async () => {
  const fresh = await kernel().execute("process.exit(0)");
  assert.equal(fresh.status, "error");
  const cell = await kernel().execute(
    "console.log([{ a: 1 }]);\nObject.keys(require.cache).filter((file) => /danfojs|tfjs|dist.src/.test(file))",
  );
  assert.equal(cell.result, "[]", cell.traceback);
});
