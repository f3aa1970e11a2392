import assert from "node:assert/strict";
import { test } from "node:test";
import { type HeatmapOptions, heatmapFigure, type MatrixValues } from "rnnlab/plot";

const traceOf = (matrix: MatrixValues, options?: HeatmapOptions) => heatmapFigure(matrix, options).data[0]!;
const rangeOf = (matrix: MatrixValues, options?: HeatmapOptions) => {
  const { zmin, zmax } = traceOf(matrix, options);
  return [zmin, zmax];
};
/** The colour in the middle of the scale. */
const neutral = (matrix: MatrixValues, options?: HeatmapOptions) =>
  (traceOf(matrix, options).colorscale as [number, string][])[2]![1];

test("rows, a tensor and values with their shape are the same matrix", () => {
  const rows = [
    [1, 2, 3],
    [4, 5, 6],
  ];
  const values = Float32Array.from(rows.flat());
  assert.deepEqual(traceOf(rows).z, rows);
  assert.deepEqual(traceOf({ shape: [2, 3], values }).z, rows);
  assert.deepEqual(traceOf({ shape: [2, 3], dataSync: () => values }).z, rows);
  assert.deepEqual(traceOf({ shape: [3], values: [1, 2, 3] }).z, [[1, 2, 3]]);
});

test("colours are centred at 0 where there are negative values, and only there", () => {
  assert.deepEqual(rangeOf([[-1, 3]]), [-3, 3]);
  assert.deepEqual(rangeOf([[1, 3]]), [1, 3]);
  assert.notEqual(neutral([[-1, 3]]), neutral([[1, 3]]));
});

test("a range and a centre are what is asked for", () => {
  assert.deepEqual(rangeOf([[0.2, 0.7]], { range: [0, 1] }), [0, 1]);
  assert.deepEqual(rangeOf([[0.2, 0.7]], { range: [0, 1], center: 0.5 }), [0, 1]);
  assert.deepEqual(rangeOf([[-1, 3]], { center: "none" }), [-1, 3]);
  assert.deepEqual(rangeOf([[1, 3]], { center: 2.5 }), [1, 4]);
  assert.equal(neutral([[0.2, 0.7]], { range: [0, 1], center: 0.5 }), neutral([[-1, 1]]));
});

test("a matrix of one value has a range", () => {
  assert.deepEqual(rangeOf([[2, 2]]), [2, 3]);
  assert.deepEqual(rangeOf([[-2]]), [-2, 2]);
});

test("row 0 is at the top, gaps are gaps, and a word may come twice", () => {
  const figure = heatmapFigure(
    [
      [1, Number.NaN],
      [null, Infinity],
    ],
    { columnLabels: ["the", "the"] },
  );
  const { x, z } = figure.data[0]!;
  assert.deepEqual(z, [
    [1, null],
    [null, null],
  ]);
  assert.deepEqual((figure.layout.yaxis as { range: unknown }).range, [1.5, -0.5]);
  assert.equal(new Set(x).size, 2);
  assert.deepEqual(
    x?.map((label) => String(label).replaceAll("\u200b", "")),
    ["the", "the"],
  );
});

test("what is no matrix, has no range or other labels is refused", () => {
  const refusals: [() => unknown, string][] = [
    [() => heatmapFigure([]), "Cannot plot heat map: it must have at least one row and one column, got none"],
    [
      () => heatmapFigure([[]]),
      "Cannot plot heat map: it must have at least one row and one column, got none",
    ],
    [
      () => heatmapFigure([[1, 2], [3]]),
      "Cannot plot heat map: all rows must have the same length, got 2 and, in row 1, 1",
    ],
    [
      () => heatmapFigure({ shape: [2, 2], values: [1, 2, 3] }),
      "Cannot plot heat map: it must be a matrix, got 3 values of shape [2, 2]",
    ],
    [
      () => heatmapFigure([[Number.NaN]]),
      "Cannot plot heat map: its range must go from a finite number to a greater one, got no finite value",
    ],
    [
      () => heatmapFigure([[1]], { range: [1, 1] }),
      "Cannot plot heat map: its range must go from a finite number to a greater one, got [1, 1]",
    ],
    [
      () => heatmapFigure([[1]], { range: [0, Infinity] }),
      "Cannot plot heat map: its range must go from a finite number to a greater one, got [0, Infinity]",
    ],
    [
      () => heatmapFigure([[1, 2]], { columnLabels: ["a"] }),
      "Cannot plot heat map: there must be a label for each of 2 columns, got 1",
    ],
    [
      () => heatmapFigure([[1, 2]], { rowLabels: ["a", "b"] }),
      "Cannot plot heat map: there must be a label for each of 1 rows, got 2",
    ],
  ];
  for (const [build, message] of refusals) assert.throws(build, { name: "RangeError", message });
});
