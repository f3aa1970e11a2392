import assert from "node:assert/strict";
import { test } from "node:test";
import { confusionMatrixFigure } from "rnnlab/plot";

test("cells have counts and shares of their true class, and a class without samples has no share", () => {
  const { z, text, customdata } = confusionMatrixFigure([
    [1500, 500],
    [0, 0],
  ]).data[0]!;
  assert.deepEqual(z, [
    [0.75, 0.25],
    [null, null],
  ]);
  assert.deepEqual(text, [
    ["1,500<br>75.0 %", "500<br>25.0 %"],
    ["0", "0"],
  ]);
  assert.deepEqual(customdata, [
    [1500, 500],
    [0, 0],
  ]);
});

test("many classes have their numbers in the hover text alone, and a colour scale instead", () => {
  const counts = Array.from({ length: 13 }, (_, i) =>
    Array.from({ length: 13 }, (_, j) => (i === j ? 9 : 1)),
  );
  const [many] = confusionMatrixFigure(counts).data;
  const [few] = confusionMatrixFigure([[1]]).data;
  assert.deepEqual([many?.texttemplate, few?.texttemplate], [undefined, "%{text}"]);
  assert.deepEqual([many?.showscale, few?.showscale], [undefined, false]);
});

test("counts that are none are refused", () => {
  const refusals: [() => unknown, string][] = [
    [() => confusionMatrixFigure([]), "it must have at least one row and one column, got none"],
    [() => confusionMatrixFigure([[1, 2]]), "it must have as many columns as rows, got 2 and 1"],
    [() => confusionMatrixFigure([[-1]]), "counts must be numbers from 0, got -1"],
    [() => confusionMatrixFigure([[Number.NaN]]), "counts must be numbers from 0, got NaN"],
    [
      () => confusionMatrixFigure([[1]], { labels: [] }),
      "there must be a label for each of 1 classes, got 0",
    ],
  ];
  for (const [build, rule] of refusals) {
    assert.throws(build, { name: "RangeError", message: `Cannot plot confusion matrix: ${rule}` });
  }
});
