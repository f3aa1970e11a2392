import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  barFigure,
  confusionMatrixFigure,
  contourFigure,
  type Figure,
  forecastFigure,
  heatmapFigure,
  histogramFigure,
  historyFigure,
  imageGridFigure,
  lineFigure,
  scatterFigure,
  smallMultiples,
} from "rnnlab/plot";

const months = ["1985-01-01", "1985-02-01", "1985-03-01", "1985-04-01"];
const truth = [72.5052, 70.672, 62.4502, 57.4714];

/** The figures whose JSON is kept in test/golden/figures.json; RNNLAB_WRITE_GOLDEN=1 writes it anew. */
const figures: Record<string, Figure> = {
  lines: lineFigure(
    [
      { name: "production", x: months.map((month) => new Date(month)), y: truth, markers: true },
      { name: "gaps", x: months, y: new Float32Array([1, Number.NaN, 1 / 3, Infinity]), dash: "dot" },
    ],
    { title: "Production", xLabel: "month", yLabel: "production", yUnit: "index points" },
  ),
  points: scatterFigure({ name: "points", y: [1, null, 3] }, { height: 200 }),
  histories: historyFigure(
    [
      { name: "GRU", loss: [0.3, 0.1], valLoss: [0.4, 0.2] },
      { name: "LSTM", loss: [0.5, 0.4] },
    ],
    { yScale: "log" },
  ),
  forecast: forecastFigure(
    { x: months, truth, trainRows: 2, predictions: [{ name: "naive", y: [70.672, 62.4502] }] },
    { yLabel: "production" },
  ),
  trainingWithMetrics: historyFigure(
    {
      ...{ epoch: [4, 5, 6], loss: [0.5, 0.3, 0.2], valLoss: [0.6, 0.4, 0.5] },
      metrics: { accuracy: [0.7, 0.8, 0.9], val_accuracy: [0.6, 0.8, 0.7] },
    },
    { title: "LSTM" },
  ),
  confusion: confusionMatrixFigure(
    [
      [90, 10],
      [0, 1200],
    ],
    { labels: ["negative", "positive"] },
  ),
  gates: heatmapFigure(
    { shape: [2, 3], values: [0.1, 0.9, Number.NaN, 0.5, 0.2, 0.7] },
    { columnLabels: ["the", "the", "film"], yLabel: "unit", valueLabel: "activation", range: [0, 1] },
  ),
  contours: contourFigure(
    [
      [0, 1, 4],
      [1, 2, 5],
    ],
    {
      y: [0, 0.5],
      levels: [1.5, 3],
      valueLabel: "loss",
      over: { name: "descent", x: [2, 1], y: [0.4, 0.2] },
    },
  ),
  weights: heatmapFigure([new Float32Array([-2, 0.5])], { valueUnit: "mV" }),
  histogram: histogramFigure(
    [
      { name: "lengths", values: [1, 2, 2, 3, 5, 5, Number.NaN] },
      { name: "others", values: [4, 4, 5] },
    ],
    { xUnit: "words" },
  ),
  images: imageGridFigure(
    { images: [0, 255, 255, 0, 0, 0, 255, 255], shape: [2, 2, 2] },
    { labels: [1, 7], predictions: [1, 2] },
  ),
  bars: barFigure(
    { labels: ["SimpleRNN", "GRU", "none"], values: [8.7, -3.612, Number.NaN] },
    { xLabel: "RMSE", xUnit: "index points", reference: { name: "naive", value: 4.03 } },
  ),
  multiples: smallMultiples(
    [
      lineFigure({ name: "truth", y: [1, 2] }, { title: "One" }),
      lineFigure(
        [
          { name: "truth", y: [2, 3] },
          { name: "prediction", y: [2, 4] },
        ],
        { title: "Two" },
      ),
    ],
    { share: "both" },
  ),
};

test("the figures' JSON is as it was looked at", () => {
  const path = join(process.cwd(), "test/golden/figures.json");
  const round = (_: string, value: unknown) =>
    typeof value === "number" ? Number(value.toPrecision(6)) : value;
  const json = `${JSON.stringify(figures, round, 1)}\n`;
  if (process.env.RNNLAB_WRITE_GOLDEN === "1") writeFileSync(path, json);
  assert.equal(json, readFileSync(path, "utf8"));
});

test("values that are null, NaN or infinite are gaps", () => {
  assert.deepEqual(figures.lines!.data[1]!.y, [1, null, Math.fround(1 / 3), null]);
  assert.deepEqual(figures.points!.data[0]!.y, [1, null, 3]);
});

test("dates are dates, whether they come as Date or as text", () => {
  assert.deepEqual(figures.lines!.data[0]!.x, months);
  assert.deepEqual(figures.lines!.data[1]!.x, months);
});

test("forecastFigure() puts predictions over the last rows", () => {
  assert.deepEqual(figures.forecast!.data[1]!.x, months.slice(2));
});

test("forecastFigure() begins its view at firstRow and fits it to what is seen there", () => {
  const predictions = [{ name: "p", y: [62, 57] }];
  const figure = forecastFigure({
    x: months,
    truth: [500, 70, 60, 50],
    trainRows: 2,
    firstRow: 1,
    predictions,
  });
  assert.ok(Symbol.for("Jupyter.display") in figure);
  const { layout } = figure;
  assert.deepEqual((layout.xaxis as { range: unknown }).range, ["1985-02-01", "1985-04-01"]);
  // 50 to 70, and 8 % of it on both sides
  assert.deepEqual((layout.yaxis as { range: unknown }).range, [48.4, 71.6]);
});

test("forecastFigure() names the training rows only where its view has some", () => {
  const namesFrom = (firstRow: number): unknown => {
    const predictions = [{ name: "p", y: [62, 57] }];
    const forecast = { x: months, truth: [500, 70, 60, 50], trainRows: 2, firstRow, predictions };
    const { annotations } = forecastFigure(forecast).layout as { annotations: readonly { text: string }[] };
    return annotations.map(({ text }) => text);
  };
  assert.deepEqual(namesFrom(1), ["training rows", "test rows"]);
  assert.deepEqual(namesFrom(2), ["test rows"]);
});

test("a forecast on a logarithmic axis has its range in powers of ten", () => {
  const series = { x: [1, 2, 3], truth: [5, 10, 1000], trainRows: 1, firstRow: 1, predictions: [] };
  const { layout } = forecastFigure(series, { yScale: "log" });
  // 1 to 3, and 8 % of it on both sides
  assert.deepEqual((layout.yaxis as { range: unknown }).range, [0.84, 3.16]);
});

test("a line of a single value has a dot, so that it is seen", () => {
  assert.equal(lineFigure({ name: "a", y: [1] }).data[0]!.mode, "lines+markers");
  assert.equal(lineFigure({ name: "a", y: [1, 2] }).data[0]!.mode, "lines");
});

test("markers are as wide as they are asked to be", () => {
  const [trace] = lineFigure({ name: "a", y: [1, 2], markers: 9 }).data;
  assert.deepEqual([trace?.mode, trace?.marker], ["lines+markers", { size: 9 }]);
});

test("texts are shown as written, not read as plotly's tags", () => {
  const figure = lineFigure(
    { name: "<b>1</b> & 2", y: [1] },
    { title: "<a href='x'>", yLabel: "y", yUnit: "%{x}" },
  );
  assert.equal(figure.data[0]!.name, "&lt;b&gt;1&lt;/b&gt; &amp; 2");
  assert.match(JSON.stringify(figure.layout), /"text":"&lt;a href='x'&gt;"/);
  assert.equal(figure.data[0]!.hovertemplate, "%{y:.6~g} &#37;{x}");
});

test("an empty series, unequal lengths and impossible sizes are refused", () => {
  const refusals: [() => unknown, string][] = [
    [() => lineFigure([]), "Cannot plot: there must be at least one series, got none"],
    [() => lineFigure({ name: "a", y: [] }), 'Cannot plot "a": it must have at least one value, got none'],
    [
      () => scatterFigure({ name: "a", x: [1, 2], y: [1] }),
      'Cannot plot "a": x and y must have the same length, got 2 and 1',
    ],
    [
      () => lineFigure({ name: "a", y: [1] }, { height: 0 }),
      "Cannot build figure: height must be a positive number of pixels, got 0",
    ],
    [
      () => forecastFigure({ x: months, truth, trainRows: 4, predictions: [] }),
      "Cannot plot forecast: trainRows must be an integer from 1 to 3, got 4",
    ],
    [
      () =>
        forecastFigure({
          x: [1, 2],
          truth: [1, 2],
          trainRows: 1,
          predictions: [{ name: "p", y: [1, 2, 3] }],
        }),
      'Cannot plot forecast: "p" must have at most 2 values, got 3',
    ],
    [
      () => forecastFigure({ x: months, truth, trainRows: 2, firstRow: 3, predictions: [] }),
      "Cannot plot forecast: firstRow must be an integer from 0 to 2, got 3",
    ],
    [
      () => historyFigure([{ name: "h", loss: [1, 2], valLoss: [1] }]),
      'Cannot plot "h, validation": x and y must have the same length, got 2 and 1',
    ],
  ];
  for (const [build, message] of refusals) assert.throws(build, { name: "RangeError", message });
});

test("historyFigure() takes the history of one training as it is", () => {
  const figure = historyFigure({ loss: [3, 2, 1] });
  assert.deepEqual(
    figure.data.map(({ name, y }) => [name, y]),
    [["loss", [3, 2, 1]]],
  );
});

test("rows of the legend that a narrow page needs have room between title and curves, and make the figure higher", () => {
  const series = (count: number, name: string) =>
    Array.from({ length: count }, (_, index) => ({ name: `${name} ${index}`, y: [0, 1] }));
  const sizeOf = ({ layout }: Figure) => [layout.height, (layout.margin as { t: number }).t];
  const [height, top] = sizeOf(lineFigure(series(2, "loss"), { height: 300 }));
  assert.equal(height, 300);
  const long = "a name of some thirty letters";
  assert.deepEqual(sizeOf(lineFigure(series(6, long), { height: 300 })), [360, Number(top) + 60]);
  const panels = [lineFigure(series(6, long)), lineFigure(series(6, long))];
  const [high, above] = sizeOf(smallMultiples(panels, { title: "panels", height: 300 }));
  const [low, below] = sizeOf(
    smallMultiples(
      panels.map(() => lineFigure(series(2, "loss"))),
      { title: "panels", height: 300 },
    ),
  );
  assert.deepEqual([high, Number(above) - Number(below)], [Number(low) + 60, 60]);
});
