import assert from "node:assert/strict";
import { test } from "node:test";
import { barFigure } from "rnnlab/plot";

test("each thing has its bar and its value as text, from top to bottom; what is missing has none", () => {
  const { data, layout } = barFigure({
    labels: ["a", "b", "c", "d"],
    values: [12345.678, -0.0123456, null, 3],
  });
  assert.deepEqual(data[0]!.x, [12345.678, -0.0123456, null, 3]);
  assert.deepEqual(data[0]!.text, ["12,346", "−0.01235", "–", "3"]);
  assert.equal((layout.yaxis as { autorange: unknown }).autorange, "reversed");
});

test("lists that do not fit together are refused", () => {
  const bars = { labels: ["a"], values: [1] };
  const refusals: [() => unknown, string][] = [
    [() => barFigure([]), "Cannot plot bars: there must be at least one, got none"],
    [() => barFigure({ labels: [], values: [] }), "Cannot plot bars: there must be at least one, got none"],
    [
      () => barFigure({ name: "n", labels: ["a"], values: [1, 2] }),
      'Cannot plot bars "n": labels and values must have the same length, got 1 and 2',
    ],
    [
      () => barFigure([bars, { name: "n", labels: ["b"], values: [1] }]),
      'Cannot plot bars "n": all lists must have the labels of the first, got others',
    ],
    [
      () => barFigure(bars, { reference: { name: "r", value: Number.NaN } }),
      "Cannot plot bars: the reference must be finite, got NaN",
    ],
  ];
  for (const [build, message] of refusals) assert.throws(build, { name: "RangeError", message });
});
