import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { launchChromium, newPage } from "../../tools/browser/chromium.js";
import { drawnFigures } from "../../tools/browser/figures.js";
import { JupyterServer } from "../../tools/browser/jupyter-server.js";
import type { NotebookPage } from "../../tools/browser/notebook-page.js";
import { screenshot } from "../../tools/browser/screenshot.js";
import { waitUntil } from "../../tools/browser/wait-until.js";
import { faintTexts } from "./contrast.js";

const HOSTILE = `<img src=x onerror="window.ran=1"><script>window.ran=1</script>`;
const tour = [
  "const months = 12;\nmonths * 2",
  `import { lineFigure, show } from "rnnlab/plot";
const hostile = ${JSON.stringify(HOSTILE)};
const texts = { title: hostile, xLabel: hostile, yLabel: hostile, yUnit: hostile };
show(lineFigure({ name: hostile, x: [hostile, "b", "c", "d"], y: [1, 4, 9, 16] }, texts));`,
  'import { table } from "rnnlab/table";\ntable({ [hostile]: [hostile, hostile], amount: [72.5, 70.7] }, { caption: hostile });',
  'import { tf } from "rnnlab";\nimport { fit } from "rnnlab/training";\nconst model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });\nmodel.compile({ optimizer: "sgd", loss: "meanSquaredError" });\nawait fit(model, tf.tensor2d([[1], [2]]), tf.tensor2d([[2], [4]]), { epochs: 3, batchSize: 2, seed: 1 });\nundefined',
  "const wrong: number = months.toFixed(2);",
];

/** Trains until there is a file of that name. */
const trainingUntil = (file: string) => `import { existsSync } from "node:fs";
import { tf } from "rnnlab";
import { fit } from "rnnlab/training";
const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const rest = async () => {
  model.stopTraining = existsSync("${file}");
  await new Promise((resolve) => setTimeout(resolve, 100));
};
const history = await fit(model, tf.tensor2d([[1], [2]]), tf.tensor2d([[2], [4]]), {
  epochs: 1000, batchSize: 2, seed: 1, livePlot: true, onEpochEnd: rest,
});
\`ended after \${history.loss.length} epochs\``;

let server: JupyterServer;
let browser: Browser;
let page: Page;
let notebook: NotebookPage;

before(async () => {
  browser = await launchChromium();
  server = await JupyterServer.start();
  server.write("tour.ipynb", tour);
  server.write("live.ipynb", [trainingUntil("seen")]);
  server.write("left.ipynb", [trainingUntil("back"), "%replay"]);
  server.write("busy.ipynb", ['console.log("started");\nawait new Promise(() => {});']);
  page = await newPage(browser, 1200, 2400);
  notebook = await server.open(page, "tour.ipynb");
  await notebook.runAll();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test("JupyterLab runs a notebook with the kernel and shows its results", async () => {
  assert.match(await notebook.output(0).innerText(), /24/);
  assert.match(await notebook.output(2).innerText(), /72\.5/);
});

test("JupyterLab draws the figures", async () => {
  const [figure] = await drawnFigures(page, 1);
  assert.deepEqual([figure?.traces, figure?.marks], [1, 1]);
});

test("the progress bar reaches its end", async () => {
  assert.match(await notebook.output(3).innerText(), /epoch 3\/3/i);
});

test("a type error is shown with its line", async () => {
  assert.match(await notebook.output(4).innerText(), /Cell In\[5\], line 1\n +column 7[\s\S]*TS2322/);
});

test("markup in data is shown as text in tables, titles, labels and hover text, and nothing of it runs", async () => {
  assert.ok((await notebook.output(2).innerText()).includes(HOSTILE));
  await page.locator(".js-plotly-plot .nsewdrag").hover({ position: { x: 3, y: 3 } });
  await page.locator(".hoverlayer text").first().waitFor();
  assert.equal(await page.locator(".jp-OutputArea :is(img:not(.plot-img), script)").count(), 0);
  assert.equal(await page.evaluate("window.ran"), undefined);
});

test("the saved notebook keeps the outputs", async () => {
  const saved = await notebook.save();
  const types = saved[1]?.flatMap(({ data = {} }) => Object.keys(data)) ?? [];
  assert.ok(types.includes("application/vnd.plotly.v1+json"), types.join());
  assert.ok(types.includes("text/html"), types.join());
  assert.ok(types.includes("image/svg+xml"), types.join());
});

/** How many points the lines of the live plot go through; 0 while there is none. */
const LIVE_POINTS = `(() => {
  const source = document.querySelector(".jp-RenderedSVG img")?.src ?? "";
  const svg = new DOMParser().parseFromString(decodeURIComponent(source.replace(/^[^,]*,/, "")), "image/svg+xml");
  const lines = [...svg.querySelectorAll("svg svg path[stroke-width]")].map((path) => path.getAttribute("d"));
  return lines.join(" ").match(/-?[\\d.]+ -?[\\d.]+/g)?.length ?? 0;
})()`;

test("the live plot grows while a training runs, and is a plotly figure of all epochs at its end", async () => {
  notebook = await server.open(page, "live.ipynb");
  await notebook.theme("Dark");
  const ended = notebook.runAll();
  const seen: number[] = [];
  for (let least = 1; seen.length < 3; least = (seen.at(-1) ?? 0) + 1) {
    const grown = await page.waitForFunction(`(${LIVE_POINTS}) >= ${least} && ${LIVE_POINTS}`);
    seen.push(Number(await grown.jsonValue()));
  }
  // An image loads anew with each state; it is as wide as its place, as the figure will be that follows it.
  await waitUntil(
    page,
    `(() => {
    const image = document.querySelector(".jp-RenderedSVG img");
    return image?.complete && Math.abs(image.width - image.parentElement.clientWidth) <= 1;
  })()`,
  );
  await screenshot(page, "live-plot");
  assert.deepEqual(await faintTexts(page), []);
  writeFileSync(join(server.folder, "seen"), "");
  await ended;
  await drawnFigures(page, 1);
  const drawn = await page.evaluate("document.querySelector('.js-plotly-plot').data[0].y.length");
  assert.match(await notebook.output(0).innerText(), new RegExp(`ended after ${drawn} epochs`));
  assert.equal(await page.locator(".jp-RenderedSVG").count(), 0);
  await notebook.theme("Light");
});

test("the figures keep their height when the theme changes, and follow the window's width", async () => {
  const size = `(() => {
    const { width, height } = document.querySelector(".js-plotly-plot .main-svg").getBoundingClientRect();
    return { width, height, shown: document.querySelector(".js-plotly-plot").clientHeight };
  })()`;
  const { width, height } = await page.evaluate<{ width: number; height: number }>(size);
  await notebook.theme("Dark");
  await waitUntil(page, `(${size}).shown === ${height} && (${size}).height === ${height}`);
  await page.setViewportSize({ width: 1000, height: 2400 });
  await waitUntil(page, `(${size}).width < ${width}`);
});

test("a completion meanwhile does not make a kernel that runs a cell look idle", async () => {
  const kernel = "window.jupyterapp.shell.currentWidget.sessionContext.session.kernel";
  notebook = await server.open(page, "busy.ipynb");
  const ended = notebook.runAll();
  await notebook.output(0).getByText("started").waitFor();
  await page.evaluate(`${kernel}.requestComplete({ code: "Mat", cursor_pos: 3 }).then(() => undefined)`);
  await notebook.status("busy");
  await page.evaluate(`${kernel}.interrupt()`);
  await notebook.status("idle");
  await ended;
});

test("%replay shows a training to whoever has closed its page and opens it again, until its end", async () => {
  const first = await newPage(browser, 1200, 1600);
  const left = await server.open(first, "left.ipynb");
  await left.start(0);
  await left.output(0).getByText("epoch").waitFor();
  await first.close();
  const second = await newPage(browser, 1200, 1600);
  const back = await server.open(second, "left.ipynb", "JupyterLab", "busy");
  await back.start(1);
  await back.output(1).getByText("epoch").waitFor();
  writeFileSync(join(server.folder, "back"), "");
  await back.ended(1);
  await back
    .output(1)
    .getByText(/ended after \d+ epochs/)
    .waitFor();
  await drawnFigures(second, 1);
  await back.screenshot("replay");
  const outputs = (await back.save())[1] ?? [];
  assert.deepEqual(
    outputs.map(({ output_type, data }) => [output_type, "application/vnd.plotly.v1+json" in (data ?? {})]),
    [
      ["display_data", false],
      ["display_data", true],
      ["display_data", false],
    ],
  );
  await second.close();
});
