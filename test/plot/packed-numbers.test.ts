import assert from "node:assert/strict";
import { test } from "node:test";
import { figureBundle, heatmapFigure, lineFigure, type Trace } from "rnnlab/plot";

const COUNT = 300;
const numbers = (at: (index: number) => number | null) =>
  Array.from({ length: COUNT }, (_, index) => at(index));

/** The values of a line as they are sent. */
function sent(y: ArrayLike<number | null>): unknown {
  const { data } = figureBundle(lineFigure({ name: "a", y }))["application/vnd.plotly.v1+json"] as {
    data: readonly Trace[];
  };
  return data[0]?.y;
}

const types = { u1: Uint8Array, i2: Int16Array, i4: Int32Array, f4: Float32Array, f8: Float64Array };

/** What plotly.js makes of packed numbers. */
function unpacked(value: unknown): { dtype: string; values: number[] } {
  const { dtype, bdata } = value as { dtype: keyof typeof types; bdata: string };
  return {
    dtype,
    values: Array.from(new types[dtype](Uint8Array.from(Buffer.from(bdata, "base64")).buffer)),
  };
}

const cases: Record<keyof typeof types, (index: number) => number> = {
  u1: (index) => 100 + (index % 100),
  i2: (index) => 1000 - 30 * index,
  i4: (index) => 1_000_000 * index,
  f4: (index) => Math.fround(Math.sin(index)),
  f8: (index) => Math.sin(index),
};
for (const [dtype, at] of Object.entries(cases)) {
  test(`long lists of numbers are sent as ${dtype} where that keeps every one of them`, () => {
    assert.deepEqual(unpacked(sent(numbers(at))), { dtype, values: numbers(at) });
  });
}

test("a gap is NaN, and makes whole numbers fractions", () => {
  const { dtype, values } = unpacked(sent(numbers((index) => (index === 7 ? null : 1000 * index + 0.5))));
  assert.equal(dtype, "f4");
  assert.deepEqual(
    values.map((value, index) => (Number.isNaN(value) ? index : -1)).filter((index) => index >= 0),
    [7],
  );
});

test("short lists, and long ones that are shorter as text, stay as they are", () => {
  assert.deepEqual(sent([0.123456789, 2]), [0.123456789, 2]);
  const tenths = numbers((index) => (index % 10) / 10);
  assert.deepEqual(sent(tenths), tenths);
});

test("a matrix is sent with its shape, and the figure itself keeps its rows", () => {
  const rows = Array.from({ length: 20 }, (_, i) => Array.from({ length: 30 }, (_, j) => Math.sin(i * j)));
  const figure = heatmapFigure(rows);
  const json = figureBundle(figure)["application/vnd.plotly.v1+json"] as { data: readonly Trace[] };
  const { shape } = json.data[0]!.z as { shape: string };
  assert.equal(shape, "20, 30");
  assert.deepEqual(figure.data[0]?.z, rows);
});

test("100,000 numbers of a tensor take about half a megabyte", () => {
  const y = Float32Array.from({ length: 100_000 }, (_, index) => Math.sin(index));
  const json = JSON.stringify(figureBundle(lineFigure({ name: "a", y }))["application/vnd.plotly.v1+json"]);
  assert.ok(json.length < 540_000, String(json.length));
});
