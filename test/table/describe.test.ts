import assert from "node:assert/strict";
import { test } from "node:test";
import { richDisplay } from "rnnlab/display";
import { dataFrame, describe } from "rnnlab/table";
import { readGolden } from "../golden/read-golden.js";

type Plain = number | string | boolean | null;

const golden = readGolden<{
  columns: Record<string, { values: Plain[]; describe: Record<string, Plain> }>;
}>("describe");

/** JSON has neither NaN nor infinity. */
const fromPlain = (value: Plain | undefined): unknown =>
  value === "nan" ? Number.NaN : value === "inf" ? Number.POSITIVE_INFINITY : value;

for (const [name, { values, describe: expected }] of Object.entries(golden.columns)) {
  test(`describe() gives pandas's numbers: ${name}`, () => {
    const toValue = (value: Plain) =>
      name === "dates"
        ? value && new Date(/T/.test(String(value)) ? `${value}Z` : String(value))
        : fromPlain(value);
    const [summary] = describe({ [name]: values.map(toValue) }).columns;
    assert.equal(summary?.name, name);
    for (const [statistic, plain] of Object.entries(expected)) {
      const got: unknown = Reflect.get(summary, statistic);
      const value = fromPlain(plain);
      if (summary.kind === "category" && Number.isNaN(value)) assert.equal(got, undefined, statistic);
      else if (typeof value !== "number" || !Number.isFinite(value)) assert.equal(got, value, statistic);
      else
        assert.ok(
          Math.abs(Number(got) - value) <= 1e-12 * Math.abs(value),
          `${statistic}: ${got}, pandas has ${value}`,
        );
    }
  });
}

test("a description is shown as pandas shows it, with the shape of the data", () => {
  const data = {
    amount: [60.5, 61.25, 72, null],
    model: ["GRU", "LSTM", "GRU", "<b>"],
    date: ["1985-01-01", "1985-02-01", "1985-02-01", "1985-03-01"].map((day) => new Date(day)),
  };
  const { "text/plain": text, "text/html": html } = describe(data, { caption: "Runs" })[richDisplay]();
  assert.equal(
    text,
    `Runs
         amount  model   date
        float64  string  datetime
count    3       4       4
unique           3
top              GRU
freq             2
mean    64.5833          1985-01-31 06:00:00
std      6.4340
min     60.5000          1985-01-01 00:00:00
25%     60.8750          1985-01-24 06:00:00
50%     61.2500          1985-02-01 00:00:00
75%     66.6250          1985-02-08 00:00:00
max     72.0000          1985-03-01 00:00:00
4 rows × 3 columns`,
  );
  assert.match(html, /<th scope="row" class="dim">count<\/th><td class="number">3\u2008\u2007{4}<\/td>/);
  assert.match(describe(["<b>"])[richDisplay]()["text/html"], /<td>&lt;b&gt;<\/td>/);
});

test("describe() takes what table() takes", () => {
  const columnOf = (data: Parameters<typeof describe>[0]) => describe(data).columns[0];
  const expected = {
    kind: "number",
    name: "n",
    count: 2,
    mean: 2,
    std: Math.SQRT2,
    min: 1,
    "25%": 1.5,
    "50%": 2,
    "75%": 2.5,
    max: 3,
  };
  assert.deepEqual(columnOf({ n: Float32Array.of(1, 3) }), expected);
  assert.deepEqual(columnOf([{ n: 1 }, { n: 3 }]), expected);
  assert.deepEqual(columnOf(dataFrame({ n: [1, 3] })), expected);
  assert.deepEqual(columnOf(dataFrame({ n: [1, 3] }).column("n")), expected);
  assert.deepEqual(columnOf(BigInt64Array.of(1n, 3n)), { ...expected, name: "value" });
  assert.deepEqual(describe([]).columns, []);
});

test("describe() refuses what is not tabular", () => {
  assert.throws(() => describe(new Map() as unknown as object[]), {
    name: "TypeError",
    message: /^Cannot make table: data must be/,
  });
});
