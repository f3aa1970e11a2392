import assert from "node:assert/strict";
import { test } from "node:test";
import { type Figure, type HistogramOptions, histogramFigure } from "rnnlab/plot";
import { RandomGenerator } from "rnnlab/random";

const generator = new RandomGenerator(1);
const values = Array.from({ length: 2000 }, () => generator.normal());

/** Edges and heights of a figure's first sample. */
function binsOf(figure: Figure) {
  const { x, y, width } = figure.data[0]!;
  return {
    edges: x!.map((center) => Number(center) - Number(width) / 2),
    heights: y as number[],
    width: Number(width),
  };
}

for (const options of [{}, { bins: 7 }, { range: [-1, 1.5] }] as HistogramOptions[]) {
  test(`each value is in its bin: ${JSON.stringify(options)}`, () => {
    const { edges, heights, width } = binsOf(histogramFigure({ name: "v", values }, options));
    for (const [bin, edge] of edges.entries()) {
      const within = values.filter((value) => value >= edge - 1e-9 && value < edge + width - 1e-9);
      assert.equal(heights[bin], within.length, `bin from ${edge}`);
    }
    const total = heights.reduce((sum, height) => sum + height, 0);
    if (options.range === undefined) assert.equal(total, values.length);
  });
}

test("bins are about as many as asked for, with round edges", () => {
  for (const bins of [5, 30, 100]) {
    const { heights, width } = binsOf(histogramFigure({ name: "v", values }, { bins }));
    assert.ok(heights.length <= bins + 1 && heights.length > bins / 3, `${heights.length} of ${bins}`);
    assert.match(width.toExponential(), /^[125]e/);
  }
});

test("whole numbers stand in the middle of their bins, and what is not finite is left out", () => {
  const figure = histogramFigure({ name: "n", values: [1, 2, 2, 4, null, Number.NaN, Infinity] });
  assert.deepEqual(figure.data[0]!.x, [1, 2, 3, 4]);
  assert.deepEqual(figure.data[0]!.y, [1, 2, 0, 1]);
});

test("the greatest value is in the last bin, and equal values are in one", () => {
  assert.deepEqual(histogramFigure({ name: "n", values: [0, 0.5, 1] }, { bins: 2 }).data[0]!.y, [1, 2]);
  assert.deepEqual(histogramFigure({ name: "n", values: [0.25, 0.25] }).data[0]!.y, [2]);
});

test("shares are of each sample, whatever its size", () => {
  const samples = [
    { name: "few", values: [1, 2] },
    { name: "many", values: [1, 1, 1, 2] },
  ];
  const { data } = histogramFigure(samples, { measure: "share" });
  assert.deepEqual(
    data.map(({ y }) => y),
    [
      [0.5, 0.5],
      [0.75, 0.25],
    ],
  );
});

test("samples without values, bins and ranges that are none are refused", () => {
  const sample = { name: "v", values: [1] };
  const refusals: [() => unknown, string][] = [
    [() => histogramFigure([]), "Cannot plot histogram: there must be at least one sample, got none"],
    [
      () => histogramFigure({ name: "v", values: [] }),
      'Cannot plot histogram of "v": it must have at least one finite value, got none',
    ],
    [
      () => histogramFigure({ name: "v", values: [Number.NaN] }),
      'Cannot plot histogram of "v": it must have at least one finite value, got only others',
    ],
    [
      () => histogramFigure(sample, { bins: 0 }),
      "Cannot plot histogram: bins must be a positive integer, got 0",
    ],
    [
      () => histogramFigure(sample, { range: [1, 1] }),
      "Cannot plot histogram: its range must go from a finite number to a greater one, got [1, 1]",
    ],
    [
      () => histogramFigure(sample, { range: [0, Infinity] }),
      "Cannot plot histogram: its range must go from a finite number to a greater one, got [0, Infinity]",
    ],
  ];
  for (const [build, message] of refusals) assert.throws(build, { name: "RangeError", message });
});
