import assert from "node:assert/strict";
import { test } from "node:test";
import { historyFigure } from "rnnlab/plot";

const metrics = { accuracy: [0.5, 0.7, 0.8], val_accuracy: [0.5, 0.6, 0.55] };
const history = { epoch: [4, 5, 6], loss: [3, 2, 1], valLoss: [3, 2.5, 2.6], metrics };

test("a ring marks the epoch of the least validation loss, on every panel", () => {
  const rings = historyFigure(history).data.filter(({ mode }) => mode === "markers");
  assert.deepEqual(
    rings.map(({ name, x, y }) => [name, x, y]),
    [
      ["best epoch: 5", [5], [2.5]],
      ["best epoch: 5", [5], [0.6]],
    ],
  );
});

test("losses that are NaN or infinite are not the best, and a training without validation has no best epoch", () => {
  const best = (valLoss: number[]) => historyFigure({ loss: [3, 2, 1], valLoss }).data[2]?.x;
  assert.deepEqual(best([Number.NaN, 2, -Infinity]), [2]);
  assert.equal(best([Number.NaN, Number.NaN, Number.NaN]), undefined);
  assert.equal(historyFigure({ loss: [3, 2, 1] }).data.length, 1);
});

test("there is a panel for the loss and one for each metric, training and validation together", () => {
  const { data, layout } = historyFigure(history, { title: "LSTM" });
  const lines = data.filter(({ mode }) => mode === "lines");
  assert.deepEqual(
    lines.map(({ name, xaxis, y }) => [name, xaxis, y]),
    [
      ["training", "x", [3, 2, 1]],
      ["validation", "x", [3, 2.5, 2.6]],
      ["training", "x2", metrics.accuracy],
      ["validation", "x2", metrics.val_accuracy],
    ],
  );
  assert.deepEqual(
    (layout.annotations as { text: string }[]).map(({ text }) => text),
    ["loss", "accuracy"],
  );
});

test("the scale is the loss's alone", () => {
  const { layout } = historyFigure(history, { yScale: "log" });
  const types = [layout.yaxis, layout.yaxis2].map((axis) => (axis as { type?: string }).type);
  assert.deepEqual(types, ["log", undefined]);
});

test("trainings with different metrics are in one figure", () => {
  const { data } = historyFigure([
    { name: "a", loss: [1, 2], metrics: { accuracy: [0, 1] } },
    { name: "b", loss: [2, 3], metrics: { f1: [1, 0] } },
  ]);
  assert.deepEqual(
    data.map(({ name, xaxis }) => `${name} ${xaxis}`),
    ["a x", "b x", "a x2", "b x3"],
  );
});

test("few epochs are labelled one by one, and tfjs's acc as what it is", () => {
  const { layout } = historyFigure({ loss: [2, 1], metrics: { acc: [0, 1] } });
  const steps = [layout.xaxis, layout.xaxis2].map((axis) => (axis as { dtick?: number }).dtick);
  assert.deepEqual(steps, [1, 1]);
  const annotations = layout.annotations as { text: string }[];
  assert.deepEqual(
    annotations.map(({ text }) => text),
    ["loss", "accuracy"],
  );
  const many = historyFigure({ loss: Array.from({ length: 11 }, () => 1) });
  assert.equal((many.layout.xaxis as { dtick?: number }).dtick, undefined);
});
