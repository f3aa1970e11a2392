import assert from "node:assert/strict";
import { test } from "node:test";
import {
  barFigure,
  confusionMatrixFigure,
  figureSvg,
  forecastFigure,
  heatmapFigure,
  histogramFigure,
  historyFigure,
  houseFigure,
  imageGridFigure,
  lineFigure,
  scatterFigure,
  smallMultiples,
} from "rnnlab/plot";
import { launchChromium } from "../../tools/browser/chromium.js";

const HOSTILE = `<b>"x"</b> & 'y' ]]> \u0000\u001b\ud800 %`;
const days = ["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04"];
const figures = {
  line: lineFigure(
    { name: HOSTILE, x: days, y: [1, 2, 3, 4] },
    { title: HOSTILE, yLabel: HOSTILE, yUnit: HOSTILE },
  ),
  categories: lineFigure({ name: "c", x: ["<i>", HOSTILE], y: [1, 2], color: `red" onload="x` }),
  points: scatterFigure([
    { name: HOSTILE, y: [1, null, 3] },
    { name: "two", y: [1] },
  ]),
  confusion: confusionMatrixFigure(
    [
      [3, 1],
      [0, 2],
    ],
    { labels: [HOSTILE, "b"] },
  ),
  heatmap: heatmapFigure([[-1, 2]], {
    columnLabels: [HOSTILE, HOSTILE],
    title: HOSTILE,
    valueLabel: HOSTILE,
  }),
  histogram: histogramFigure(
    { name: "h", values: [1, 2, 3] },
    { title: HOSTILE, xLabel: HOSTILE, xUnit: HOSTILE },
  ),
  bars: barFigure({ labels: [HOSTILE], values: [1] }, { reference: { name: HOSTILE, value: 2 } }),
  images: imageGridFigure([[[0, 1]]], { labels: [HOSTILE], predictions: ["<b>"], title: HOSTILE }),
  multiples: smallMultiples([
    lineFigure({ name: HOSTILE, y: [1, 2] }, { title: HOSTILE }),
    lineFigure({ name: "other", y: [1, 2] }),
  ]),
  histories: historyFigure([{ name: HOSTILE, loss: [0.3, 0.1], valLoss: [0.4, 0.2] }], { yScale: "log" }),
  forecast: forecastFigure({
    x: days,
    truth: [1, 2, 3, 4],
    trainRows: 2,
    predictions: [{ name: HOSTILE, y: [3, 4] }],
  }),
};

/** The data of the paths that are the series: those with a width. */
const paths = (svg: string | undefined): string[] =>
  [...(svg ?? "").matchAll(/<path [^>]*stroke-width="[^"]*"[^>]* d="([^"]*)"/g)].map(([, d = ""]) => d);
const pointCount = (path: string | undefined): number => path?.match(/-?[\d.]+ -?[\d.]+/g)?.length ?? 0;

test("every builder's figure is well-formed XML, whatever its texts are", async () => {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ offline: true });
    for (const [name, figure] of Object.entries(figures)) {
      const parse = `((source) => {
        const svg = new DOMParser().parseFromString(source, "image/svg+xml");
        const names = new Set([...svg.querySelectorAll("*")].map((element) => element.localName));
        return { names: [...names].sort().join(), text: svg.documentElement.textContent };
      })(${JSON.stringify(figureSvg(figure))})`;
      const parsed = (await page.evaluate(parse)) as { names: string; text: string };
      assert.match(parsed.names, /^(\b(circle|g|image|path|rect|svg|text|tspan)\b,?)+$/, name);
      assert.ok(parsed.text.includes(`<b>"x"</b> & 'y' ]]> \ufffd\ufffd\ufffd %`), `${name}: ${parsed.text}`);
    }
  } finally {
    await browser.close();
  }
});

test("a gap splits a line, and a value between two gaps is a dot", () => {
  const [line, dot] = paths(figureSvg(lineFigure({ name: "a", y: [1, 2, null, 3, Number.NaN, 4, 5] })));
  assert.match(line ?? "", /^M[\d. ]+L[\d. ]+M[\d. ]+L[\d. ]+$/);
  assert.match(dot ?? "", /^M[\d. ]+h0$/);
});

test("a value without a place on the horizontal axis is a gap", () => {
  const x = [1, 2, Number.NaN, 4, 5];
  const y = [1, 2, 3, 4, 5];
  for (const mode of ["lines", "markers"]) {
    const svg = figureSvg({ data: [{ type: "scatter", mode, x, y }], layout: {}, config: {} });
    assert.doesNotMatch(svg ?? "", /NaN/);
    const points = paths(svg).map(pointCount);
    assert.deepEqual(points, [4], `${mode}: ${paths(svg)}`);
  }
});

test("an axis of bars ends at 0 where all bars are on one side of it, and nowhere else", () => {
  /** How far the bars' ends are from the lower and the upper edge of the panel, at the least. */
  const room = (x: number[]) => {
    const svg = figureSvg({
      data: [{ type: "bar", orientation: "h", y: ["a", "b"], x }],
      layout: {},
      config: {},
    });
    const width = Number(/<svg width="([\d.]+)" height="[\d.]+" overflow="hidden">/.exec(svg ?? "")?.[1]);
    const bars = [...(svg ?? "").matchAll(/<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g)];
    const ends = bars.flatMap(([, start, size]) => [Number(start), Number(start) + Number(size)]);
    assert.equal(ends.length, 4, svg);
    return [Math.min(...ends), width - Math.max(...ends)].map((pixels) => Math.round(pixels) > 0);
  };
  assert.deepEqual(room([1, 2]), [false, true]);
  assert.deepEqual(room([-1, -2]), [true, false]);
  assert.deepEqual(room([-1, 2]), [true, true]);
});

test("values stand where the axes say", () => {
  // A range from 0 to 4 puts 1 a quarter from the bottom; x runs from 0 to 2 over the whole width.
  const figure = lineFigure({ name: "a", y: [0, 1, 4] });
  const { yaxis } = figure.layout;
  const svg = figureSvg({
    ...figure,
    layout: { ...figure.layout, yaxis: { ...Object(yaxis), range: [0, 4] } },
  });
  const [, width = "", height = ""] =
    /<svg width="([\d.]+)" height="([\d.]+)" overflow="hidden">/.exec(svg ?? "") ?? [];
  const [w, h] = [Number(width), Number(height)];
  assert.deepEqual(paths(svg), [`M0 ${h}L${w / 2} ${h * 0.75} ${w} 0`]);
});

test("on a logarithmic axis equal ratios are equal heights, and what is not positive is a gap", () => {
  const [line = ""] = paths(figureSvg(lineFigure({ name: "a", y: [1, 10, 100, 0, -1] }, { yScale: "log" })));
  const [first = 0, second = 0, third = 0, ...more] = [...line.matchAll(/[\d.]+ ([\d.]+)/g)].map(([, y]) =>
    Number(y),
  );
  assert.ok(Math.abs(first - second - (second - third)) < 0.3, line);
  assert.deepEqual(more, []);
});

test("on a horizontal logarithmic axis equal ratios are equally far apart", () => {
  const figure = lineFigure({ name: "a", x: [1, 10, 100], y: [1, 2, 1] }, { xScale: "log" });
  const [line = ""] = paths(figureSvg(figure));
  const [first = 0, second = 0, third = 0] = [...line.matchAll(/([\d.]+) [\d.]+/g)].map(([, x]) => Number(x));
  assert.ok(third > second && Math.abs(second - first - (third - second)) < 0.3, line);
});

test("colours and dashes are those of the plotly figure", () => {
  const svg = figureSvg(figures.histories) ?? "";
  assert.equal(svg.match(/stroke="#326F9E"/g)?.length, 6); // two lines and a ring, and their samples in the legend
  assert.equal(svg.match(/stroke-dasharray/g)?.length, 2);
});

test("a forecast has its training rows shaded and named", () => {
  const svg = figureSvg(figures.forecast) ?? "";
  assert.match(svg, /<rect x="[\d.]+" y="[\d.]+" [^>]*fill="rgba\(128,128,128,0.12\)"/);
  assert.match(svg, />training rows<.*>test rows</);
});

test("100,000 points become a small picture that keeps the extremes", () => {
  const y = Array.from({ length: 100_000 }, (_, i) => Math.sin(i * i));
  y[50_000] = 100;
  const svg = figureSvg(lineFigure({ name: "noise", y })) ?? "";
  assert.ok(svg.length < 60_000, `${svg.length} characters`);
  const heights = [...(paths(svg)[0] ?? "").matchAll(/[\d.]+ ([\d.]+)/g)].map(([, at]) => Number(at));
  assert.equal(heights.filter((at) => at < 100).length, 1);
  const cloud = figureSvg(scatterFigure({ name: "cloud", x: y.map((_, i) => Math.cos(i)), y })) ?? "";
  assert.ok(cloud.length < 100_000, `${cloud.length} characters`);
  const scribble = figureSvg(lineFigure({ name: "scribble", x: y.map((_, i) => Math.cos(i)), y })) ?? "";
  assert.ok(scribble.length < 100_000, `${scribble.length} characters`);
});

test("4,000 points and fewer are all drawn", () => {
  const y = Array.from({ length: 4000 }, (_, i) => Math.sin(i));
  assert.equal(pointCount(paths(figureSvg(lineFigure({ name: "all", y })))[0]), 4000);
});

test("a figure with other traces, axes over each other or nothing at all has no picture", () => {
  const line = { type: "scatter", y: [1, 2] };
  const uneven = {
    type: "heatmap",
    x: [0, 1, 10],
    z: [[1, 2, 3]],
    colorscale: [
      [0, "#000000"],
      [1, "#ffffff"],
    ],
  };
  for (const data of [[{ type: "pie", values: [1] }], [line, { ...line, yaxis: "y2" }], [uneven], []]) {
    assert.equal(figureSvg(houseFigure(data)), undefined);
  }
});

test("what lies beyond the axes is cut off", () => {
  const zoomed = forecastFigure({
    x: [1, 2, 3, 4, 5],
    truth: [1, 2, 3, 4, 5],
    trainRows: 3,
    firstRow: 2,
    predictions: [],
  });
  const svg = figureSvg(zoomed) ?? "";
  const [, left = ""] = /<g transform="translate\(([\d.]+) /.exec(svg) ?? [];
  const [, x = "", width = ""] = /<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/.exec(svg) ?? [];
  assert.equal(Number(x), Number(left) - 1); // a pixel more, for lines on the border
  const [, whole = ""] = /<svg width="([\d.]+)"/.exec(svg.slice(1)) ?? [];
  // Of the view from 3 to 5 the half up to 4 is shaded.
  assert.ok(Math.abs(Number(width) - 1 - Number(whole) / 2) < 0.2);
});

test("a fluid picture keeps its proportions at any width, others are 800 pixels wide", () => {
  const figure = houseFigure([{ type: "scatter", y: [1, 2] }], { height: 300 });
  const root = (svg: string | undefined) => /^<svg [^>]*>/.exec(svg ?? "")?.[0] ?? "";
  assert.match(root(figureSvg(figure)), / width="800" height="300" viewBox="0 0 800 300"/);
  assert.match(root(figureSvg(figure, { fluid: true })), / width="100%" viewBox="0 0 800 300"/);
  assert.doesNotMatch(root(figureSvg(figure, { fluid: true })), / height=/);
});
