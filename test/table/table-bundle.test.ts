import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { tableBundle } from "rnnlab/table";
import { packageRoot } from "../../src/platform/package-root.js";

const months = (count: number): Date[] =>
  Array.from({ length: count }, (_, i) => new Date(Date.UTC(1985, i, 1)));
const text = (...options: Parameters<typeof tableBundle>): string => tableBundle(...options)["text/plain"];
const markup = (...options: Parameters<typeof tableBundle>): string => tableBundle(...options)["text/html"];

describe("tableBundle()", () => {
  it("shows head and tail with an ellipsis, types and shape, in plain text", () => {
    const data = { date: months(397), amount: Float64Array.from({ length: 397 }, (_, i) => 60 + i / 8) };
    assert.equal(
      text(data, { head: 2, tail: 1, caption: "Electricity production" }),
      `Electricity production
     date         amount
     datetime    float64
0    1985-01-01   60.000
1    1985-02-01   60.125
⋮    ⋮                 ⋮
396  2018-01-01  109.500
3 of 397 rows × 2 columns`,
    );
  });

  it("shows the same in HTML", () => {
    // A snapshot: RNNLAB_WRITE_GOLDEN=1 writes it again, to be looked at in a browser before it is committed.
    const data = { date: months(13), amount: Float64Array.from({ length: 13 }, (_, i) => 60 + i / 8) };
    const html = markup(data, { head: 2, tail: 1, caption: "Electricity production" });
    const file = join(packageRoot, "test/golden/table.html");
    if (process.env.RNNLAB_WRITE_GOLDEN === "1") writeFileSync(file, `${html}\n`);
    assert.equal(`${html}\n`, readFileSync(file, "utf8"));
  });

  it("shows 20 rows whole, 21 with five at each end", () => {
    const column = (length: number) => ({ n: Int32Array.from({ length }, (_, i) => i) });
    assert.equal(text(column(20)).includes("⋮"), false);
    const cut = text(column(21)).split("\n");
    assert.deepEqual(
      cut.slice(2, -1).map((line) => line.split(/ +/)[0]),
      ["0", "1", "2", "3", "4", "⋮", "16", "17", "18", "19", "20"],
    );
    assert.equal(cut.at(-1), "10 of 21 rows × 1 column");
  });

  it("shows 20 columns, of more the first and last ones", () => {
    const row = (length: number) => [Object.fromEntries(Array.from({ length }, (_, i) => [`c${i}`, i]))];
    assert.equal(text(row(20)).includes("…"), false);
    assert.equal(
      text(row(30), { columns: 3 }),
      `        c0       c1  …      c29
   float64  float64     float64
0        0        1  …       29
1 row × 3 of 30 columns`,
    );
  });

  it("shows labels, types and shape of frames and of what is cut, and of others on demand", () => {
    const rows = [{ model: "GRU", rmse: 3.63 }];
    assert.equal(text(rows), "model  rmse\nGRU    3.63");
    assert.equal(
      text(rows, { details: true }),
      "   model      rmse\n   string  float64\n0  GRU        3.63\n1 row × 2 columns",
    );
    const frame = { shape: [1, 1], columns: ["n"], dtypes: ["int32"], index: ["a"], values: [[1]] };
    assert.equal(text(frame), "       n\n   int32\na      1\n1 row × 1 column");
    assert.equal(text(frame, { details: false }), "n\n1");
  });

  it("leaves out the tail or the head on demand", () => {
    const data = { n: [1, 2, 3] };
    assert.equal(
      text(data, { head: 1, tail: 0 }),
      "         n\n   float64\n0        1\n⋮        ⋮\n1 of 3 rows × 1 column",
    );
    assert.equal(
      text(data, { head: 0, tail: 1 }),
      "         n\n   float64\n⋮        ⋮\n2        3\n1 of 3 rows × 1 column",
    );
  });

  it("takes an array of objects, and leaves a missing value visible", () => {
    assert.equal(
      text([{ model: "GRU(256)", rmse: 3.63 }, { model: "naive", rmse: null }, { model: "none" }]),
      `model     rmse
GRU(256)  3.63
naive        –
none         –`,
    );
  });

  it("escapes names, labels, cells and caption", () => {
    const html = markup({ "<a>": ['<img src=x onerror="alert(1)">', "R&D"] }, { caption: "<script>" });
    assert.ok(html.includes('<th scope="col">&lt;a&gt;</th>'));
    assert.ok(html.includes("<td>&lt;img src=x onerror=&quot;alert(1)&quot;&gt;</td>"));
    assert.ok(html.includes("<td>R&amp;D</td>"));
    assert.ok(html.includes("<caption>&lt;script&gt;</caption>"));
  });

  it("escapes names, cells and caption in Markdown, and spells out what would steer a terminal", () => {
    const hostile = "a|b\u001b[31m<img src=x> **b** $x$ `c` [l](javascript:0) https://x.y www.x.y \\(";
    const bundle = tableBundle({ [hostile]: [hostile] }, { caption: hostile });
    const escaped =
      "a&#124;b&#92;x1b&#91;31m&#60;img src=x&#62; &#42;&#42;b&#42;&#42; &#36;x&#36; &#96;c&#96; " +
      "&#91;l&#93;(javascript:0) https&#58;//x.y www&#46;x.y &#92;(";
    assert.equal(bundle["text/markdown"], `**${escaped}**\n\n| ${escaped} |\n| :--- |\n| ${escaped} |`);
    assert.equal(bundle["text/plain"].includes("\u001b"), false);
  });

  it("writes Markdown with the same rows, columns and counts", () => {
    const data = { date: months(397), amount: Float64Array.from({ length: 397 }, (_, i) => 60 + i / 8) };
    assert.equal(
      tableBundle(data, { head: 1, tail: 1, caption: "Series" })["text/markdown"],
      `**Series**

|  | date | amount |
| :--- | :--- | ---: |
| 0 | 1985-01-01 | 60.0 |
| ⋮ | ⋮ | ⋮ |
| 396 | 2018-01-01 | 109.5 |

2 of 397 rows × 2 columns`,
    );
  });

  it("takes an array of values and a typed array as one column", () => {
    assert.equal(text(["a", null]), "value\na\n–");
    assert.equal(text(Float32Array.of(0.5, 2)), "value\n  0.5\n  2.0");
    assert.equal(text([new Date("2018-01-01")]), "value\n2018-01-01");
    assert.equal(text(new Float64Array(0)), "value");
  });

  it("puts decimal points below each other where a format writes different decimals", () => {
    const format = { n: (value: unknown) => String(value) };
    assert.equal(
      text({ n: [1.25, 30, -4.5, Number.NaN] }, { format }),
      "    n\n 1.25\n30   \n-4.5 \n  NaN".replace(/ +$/gm, ""),
    );
    assert.match(markup({ n: [1.25, 30] }, { format }), />30\u2008\u2007\u2007</);
  });

  it("aligns numbers to the right and nothing else", () => {
    const html = markup({ n: [1.5], s: ["x"], flag: [true] });
    assert.ok(html.includes('<td class="number">1.5</td><td>x</td><td>true</td>'));
  });

  it("sets no colours of its own, so that it fits dark and light themes", () => {
    assert.doesNotMatch(markup({ n: [1] }), /#[0-9a-f]{3}|rgb|background|\b(white|black)\b(?!-)/i);
  });

  it("gives a column the decimals that its numbers need, at most four unless small ones need more", () => {
    const cells = (values: number[]): string[] =>
      text({ n: values })
        .split("\n")
        .slice(1)
        .map((line) => line.trim());
    assert.deepEqual(cells([1, 20, 300]), ["1", "20", "300"]);
    assert.deepEqual(cells([1, 2.5, Number.NaN]), ["1.0", "2.5", "NaN"]);
    assert.deepEqual(cells([1 / 3, 2]), ["0.3333", "2.0000"]);
    assert.deepEqual(cells([0.0024512345, 0.0117]), ["0.002451", "0.011700"]);
    assert.deepEqual(cells([0.00001, 1]), ["0.00001", "1.00000"]);
    assert.deepEqual(cells([1e-7, 2.5]), ["1.0000e-7", "2.5000e+0"]);
    assert.deepEqual(cells([1e12, 0.5]), ["1.0000e+12", "5.0000e-1"]);
    assert.deepEqual(cells([Number.POSITIVE_INFINITY, 0.5]), ["Infinity", "0.5"]);
  });

  it("shows the time of day only where there is one", () => {
    const noon = new Date("2018-01-01T12:30:15Z");
    assert.match(text({ date: [noon, new Date("2018-01-02")] }), /2018-01-01 12:30:15\n2018-01-02 00:00:00/);
    assert.match(text({ date: [new Date(Number.NaN)] }), /invalid date/);
  });

  it("takes formats by column", () => {
    const data = { loss: [0.01234567], share: [0.5] };
    const format = { loss: 6, share: (value: unknown) => `${Number(value) * 100} %` };
    assert.match(text(data, { format }), /0\.012346 +50 %/);
  });

  it("cuts long text, and keeps each row on one line", () => {
    const line = text({ review: [`one\ntwo ${"x".repeat(200)}`] }).split("\n")[1] ?? "";
    assert.ok(line.startsWith("one two xxx") && line.endsWith("x…"));
    assert.equal(line.length, 100);
  });

  it("shows a table without rows", () => {
    assert.equal(text({ a: [], b: [] }), "a  b");
    assert.equal(text([], { details: true }).split("\n").at(-1), "0 rows × 0 columns");
  });

  it("refuses columns that differ in length", () => {
    assert.throws(
      () => tableBundle({ a: [1, 2], b: [1] }),
      new RangeError("Cannot make table: every column must have 2 rows like a, got 1 in b"),
    );
  });

  it("refuses what is not tabular", () => {
    const bad =
      (data: unknown): (() => unknown) =>
      () =>
        tableBundle(data as object[]);
    assert.throws(
      bad(null),
      new TypeError("Cannot make table: data must be a data frame, columns or an array of objects, got null"),
    );
    for (const [data, name] of [
      [new Map([["a", [1]]]), "[Map]"],
      [Promise.resolve({}), "[Promise]"],
      [new Set([1]), "[Set]"],
    ]) {
      assert.throws(bad(data), new RegExp(`^TypeError: .* got ${String(name).replace(/[[\]]/g, "\\$&")}$`));
    }
    assert.throws(
      bad([{ a: 1 }, 5]),
      new TypeError("Cannot make table: every row must be an object like the first, got 5 in row 1"),
    );
    assert.throws(bad({ a: 5 }), new TypeError("Cannot make table: column a must be an array, got number"));
  });

  it("refuses options that make no sense", () => {
    assert.throws(
      () => tableBundle({ n: [1] }, { head: -1 }),
      new RangeError("Cannot make table: head must be a non-negative integer, got -1"),
    );
    assert.throws(
      () => tableBundle({ n: [1] }, { tail: 0.5 }),
      new RangeError("Cannot make table: tail must be a non-negative integer, got 0.5"),
    );
    assert.throws(
      () => tableBundle({ n: [1] }, { format: { n: -1 } }),
      new RangeError(
        "Cannot make table: format of column n must be an integer from 0 to 20 or a function, got -1",
      ),
    );
    assert.throws(
      () => tableBundle({ n: [1] }, { format: { m: 2 } }),
      new RangeError("Cannot make table: format must name columns (n), got m"),
    );
  });

  it("takes columns named as what every object inherits for their own", () => {
    const rows: object[] = [{ constructor: "Ferrari", points: 3 }, { points: 1 }];
    assert.equal(text(rows), "constructor  points\nFerrari           3\n–                 1");
    assert.equal(text({ toString: [1.5] }), "toString\n     1.5");
  });

  it("shows 200,000 rows whole on demand", () => {
    const n = Float64Array.from({ length: 200_000 }, (_, i) => i / 8);
    assert.equal(text({ n }, { head: n.length }).split("\n").length, n.length + 1);
  });

  it("writes what a format returns, even if it is no text", () => {
    const twice = (value: unknown) => JSON.parse(String(Number(value) * 2));
    assert.ok(markup({ n: [4] }, { format: { n: twice } }).includes('<td class="number">8</td>'));
  });
});
