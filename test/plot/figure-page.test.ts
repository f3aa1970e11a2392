import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import {
  barFigure,
  confusionMatrixFigure,
  type Figure,
  figureBundle,
  forecastFigure,
  heatmapFigure,
  histogramFigure,
  historyFigure,
  imageGridFigure,
  lineFigure,
  scatterFigure,
  smallMultiples,
} from "rnnlab/plot";
import { launchChromium } from "../../tools/browser/chromium.js";

/** What a review may contain: each part would run, or become markup, where text is taken for HTML or for plotly's tags. */
const HOSTILE =
  `<script>window.ran=1</script><img src=x onerror="window.ran=1"><a href="javascript:window.ran=1">a</a>` +
  `<b>b</b> <br> &lt;i&gt; %{x} $x^2$ "'`;
const text = { title: HOSTILE, xLabel: HOSTILE, xUnit: HOSTILE, yLabel: HOSTILE, yUnit: HOSTILE };
const labels = [HOSTILE, "other"];
const square = [
  [1, 2],
  [3, 4],
];

/** A figure of each kind, with what it hovers: the share of the plot's width and height where the pointer goes. */
const figures: Record<string, { readonly figure: Figure; readonly hover: readonly [number, number] }> = {
  line: { figure: lineFigure({ name: HOSTILE, x: labels, y: [1, 1] }, text), hover: [0.02, 0.5] },
  scatter: { figure: scatterFigure({ name: HOSTILE, x: labels, y: [1, 1] }, text), hover: [0.07, 0.5] },
  forecast: {
    figure: forecastFigure(
      {
        x: labels,
        truth: [1, 2],
        truthName: HOSTILE,
        trainRows: 1,
        predictions: [{ name: HOSTILE, y: [2] }],
      },
      text,
    ),
    hover: [0.02, 0.5],
  },
  history: {
    figure: historyFigure(
      [
        { name: HOSTILE, loss: [2, 1], valLoss: [3, 2], metrics: { [HOSTILE]: [1, 2] } },
        { name: "other", loss: [2, 1] },
      ],
      { title: HOSTILE },
    ),
    hover: [0.02, 0.5],
  },
  confusion: { figure: confusionMatrixFigure(square, { ...text, labels }), hover: [0.25, 0.25] },
  heatmap: {
    figure: heatmapFigure(square, {
      ...text,
      rowLabels: labels,
      columnLabels: labels,
      valueLabel: HOSTILE,
      valueUnit: HOSTILE,
    }),
    hover: [0.25, 0.25],
  },
  histogram: { figure: histogramFigure({ name: HOSTILE, values: [1, 1] }, text), hover: [0.5, 0.5] },
  images: {
    figure: imageGridFigure([square, square], { title: HOSTILE, labels, predictions: ["<i>i</i>", HOSTILE] }),
    hover: [0.25, 0.3],
  },
  bars: {
    figure: barFigure(
      { name: HOSTILE, labels, values: [1, 2] },
      { ...text, reference: { name: HOSTILE, value: 1 } },
    ),
    hover: [0.1, 0.25],
  },
  multiples: {
    figure: smallMultiples([lineFigure({ name: HOSTILE, y: [1, 1] }, text), heatmapFigure(square, text)], {
      title: HOSTILE,
    }),
    hover: [0.01, 0.5],
  },
};

let browser: Browser;
let page: Page;
before(async () => {
  browser = await launchChromium();
  page = await browser.newPage({ offline: true, viewport: { width: 1400, height: 900 } });
  const carrier = figureBundle(lineFigure({ name: "first", y: [1, 2] }))["text/html"];
  // A page that would typeset mathematics, as nbconvert's does.
  await page.setContent(
    `<script>window.MathJax = { version: "3.0", tex2svg() { window.ran = 1; } };</script>${carrier}`,
  );
  await page.waitForSelector(".js-plotly-plot .scatterlayer .trace");
});
after(() => browser?.close());

/** Draws the plotly JSON of a figure as JupyterLab does, in place of the one before. */
async function draw(figure: Figure): Promise<void> {
  const json = JSON.stringify(figureBundle(figure)["application/vnd.plotly.v1+json"]);
  await page.evaluate(`(async () => {
    const plotly = await window.rnnlabPlotly;
    document.body.replaceChildren(Object.assign(document.createElement("div"), { id: "plot" }));
    const { data, layout, config } = ${json};
    await plotly.newPlot("plot", data, { ...layout, width: 1300, height: 700 }, config);
  })()`);
}

for (const [name, { figure, hover }] of Object.entries(figures)) {
  test(`${name}: texts are shown as written, and nothing in them runs`, async () => {
    await draw(figure);
    const area = page.locator(".nsewdrag").first();
    const { x, y, width, height } = (await area.boundingBox()) ?? assert.fail("there is no plot area");
    await page.mouse.move(x + 5, y + 5);
    await page.mouse.move(x + hover[0] * width, y + hover[1] * height);
    await page.waitForSelector(".hoverlayer text");
    const seen = (await page.evaluate(`({
      ran: window.ran,
      foreign: document.querySelectorAll("#plot a[*|href], #plot img, #plot script").length,
      title: document.querySelector(".gtitle").textContent,
      hover: document.querySelector(".hoverlayer").textContent,
      all: document.querySelector("#plot").textContent,
    })`)) as { ran?: number; foreign: number; title: string; hover: string; all: string };
    assert.equal(seen.ran, undefined);
    assert.equal(seen.foreign, 0);
    assert.equal(seen.title, HOSTILE);
    assert.ok(seen.hover.includes(HOSTILE), seen.hover);
    // Nothing else looks like markup: no entity is left, and none of our own tags is shown.
    assert.doesNotMatch(seen.all.replaceAll(HOSTILE, "").replaceAll("<i>i</i>", ""), /[&<>]/);
  });
}

test("a long line has all its values and its gap", async () => {
  const y = Array.from({ length: 500 }, (_, i) => (i === 250 ? null : Math.sin(i / 7)));
  await draw(lineFigure({ name: "wave", y }));
  const seen = (await page.evaluate(`({
    lines: document.querySelectorAll(".scatterlayer .js-line").length,
    values: [...document.querySelector("#plot").calcdata[0]].map(({ y }) => y ?? null),
  })`)) as { lines: number; values: (number | null)[] };
  assert.equal(seen.lines, 2);
  assert.deepEqual(seen.values, y);
});

test("a large matrix is drawn value by value", async () => {
  const rows = Array.from({ length: 20 }, (_, i) =>
    Array.from({ length: 30 }, (_, j) => (i === j ? null : Math.sin(i * j))),
  );
  await draw(heatmapFigure(rows));
  const z = (await page.evaluate(
    `document.querySelector("#plot").calcdata[0][0].z.map((row) => [...row].map((v) => v ?? null))`,
  )) as unknown;
  assert.deepEqual(z, rows);
});
