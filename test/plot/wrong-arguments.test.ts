import assert from "node:assert/strict";
import { test } from "node:test";
import * as plot from "rnnlab/plot";

type Arguments = readonly [first: unknown, options?: unknown];
const series = { name: "a", y: [1, 2] };
const forecast = { x: [1, 2, 3], truth: [1, 2, 3], trainRows: 2, predictions: [{ name: "b", y: [3] }] };
const bars = { labels: ["a"], values: [1] };
const sample = { name: "a", values: [1, 2] };
const matrix = [
  [1, 2],
  [3, 4],
];
const figure = plot.lineFigure(series);

/** What each function is called with when all is well. */
const right: Readonly<Record<string, unknown>> = {
  lineFigure: series,
  scatterFigure: series,
  barFigure: bars,
  forecastFigure: forecast,
  heatmapFigure: matrix,
  contourFigure: matrix,
  histogramFigure: sample,
  historyFigure: { loss: [1, 2] },
  imageGridFigure: [matrix],
  confusionMatrixFigure: matrix,
  smallMultiples: [figure],
  houseFigure: figure.data,
};
const drawing = ["show", "showLive", "figureSvg", "figureBundle"];
const NONSENSE = [undefined, null, 5, "text", true, () => 1, [5], [null]];

/** Calls a function of the module as JavaScript does, which knows no types. */
const call = (name: string, args: readonly unknown[]) =>
  (plot as unknown as Record<string, (...args: readonly unknown[]) => unknown>)[name]?.(...args);

/** An error that names action, rule and value. */
const isHouse = (error: unknown): boolean =>
  error instanceof Error && /^Cannot [^:]+: .*(must|all).*, got /s.test(error.message);

for (const [name, first] of Object.entries(right)) {
  test(`${name}() says of wrong arguments what they must be`, () => {
    call(name, [first, {}]);
    for (const wrong of NONSENSE) assert.throws(() => call(name, [wrong]), isHouse, String(wrong));
    for (const wrong of [null, 5, "text", true])
      assert.throws(() => call(name, [first, wrong]), isHouse, `options ${wrong}`);
    for (const options of [{ title: 5 }, { title: null }])
      assert.throws(() => call(name, [first, options]), isHouse, JSON.stringify(options));
  });
}

for (const name of drawing) {
  test(`${name}() says of what is no figure what it must be`, () => {
    for (const wrong of [...NONSENSE, {}, { data: 5 }])
      assert.throws(() => call(name, [wrong]), isHouse, String(wrong));
  });
}

const cases: readonly (readonly [name: string, args: Arguments, message: string])[] = [
  ["lineFigure", [{ name: "a" }], "Cannot plot: series.y must be an array, got undefined"],
  ["lineFigure", [[series, { name: "b", y: 3 }]], "Cannot plot: series[1].y must be an array, got 3"],
  ["lineFigure", [{ y: [1] }], "Cannot plot: the name of a series must be a string, got undefined"],
  ["lineFigure", [{ ...series, x: 1 }], 'Cannot plot "a": x must be an array, got 1'],
  [
    "lineFigure",
    [{ ...series, x: [new Date(Number.NaN), new Date(0)] }],
    "Cannot plot: dates must be valid, got Invalid Date",
  ],
  ["lineFigure", [series, { yUnit: 5 }], "Cannot plot: yUnit must be a string, got 5"],
  ["lineFigure", [series, { yScale: "ln" }], 'Cannot plot: yScale must be "linear" or "log", got \'ln\''],
  ["barFigure", [{ values: [1] }], "Cannot plot bars: labels must be an array, got undefined"],
  ["barFigure", [bars, { reference: 3 }], "Cannot plot bars: reference must be an object, got 3"],
  [
    "barFigure",
    [bars, { reference: { value: 3 } }],
    "Cannot plot bars: reference.name must be a string, got undefined",
  ],
  [
    "forecastFigure",
    [{ ...forecast, truth: undefined }],
    "Cannot plot forecast: truth must be an array, got undefined",
  ],
  [
    "forecastFigure",
    [{ ...forecast, predictions: series }],
    "Cannot plot forecast: predictions must be an array, got [Object]",
  ],
  ["heatmapFigure", [{}], "Cannot plot heat map: the shape of the matrix must be an array, got undefined"],
  [
    "heatmapFigure",
    [{ shape: [1, 2] }],
    "Cannot plot heat map: the values of the matrix must be an array, got undefined",
  ],
  ["heatmapFigure", [matrix, { rowLabels: 5 }], "Cannot plot heat map: rowLabels must be an array, got 5"],
  ["heatmapFigure", [matrix, { range: 5 }], "Cannot plot heat map: range must be an array, got 5"],
  ["contourFigure", [matrix, { levels: 5 }], "Cannot plot contours: levels must be an array, got 5"],
  [
    "histogramFigure",
    [{ name: "a" }],
    "Cannot plot histogram: samples.values must be an array, got undefined",
  ],
  [
    "histogramFigure",
    [sample, { measure: "sum" }],
    'Cannot plot histogram: measure must be "count" or "share", got \'sum\'',
  ],
  ["historyFigure", [{}], "Cannot plot history: histories.loss must be an array, got undefined"],
  ["historyFigure", [{ loss: [1], metrics: { acc: 5 } }], "Cannot plot history: acc must be an array, got 5"],
  ["imageGridFigure", [{}], "Cannot plot images: images must be an array, got {}"],
  ["imageGridFigure", [{ images: [1] }], "Cannot plot images: images.shape must be an array, got undefined"],
  ["smallMultiples", [figure], "Cannot build small multiples: figures must be an array, got [Object]"],
  [
    "figureSvg",
    [{ data: [] }],
    "Cannot draw figure: the layout of the figure must be an object, got undefined",
  ],
];

test("errors of wrong arguments name argument, rule and value", () => {
  for (const [name, args, message] of cases) assert.throws(() => call(name, args), { message }, message);
});
