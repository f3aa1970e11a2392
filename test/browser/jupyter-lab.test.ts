import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "./chromium";
import { JupyterLab, runCommand } from "./jupyter-lab";

const cells = [
  "const months = 12;\nmonths * 2",
  'import { lineFigure, show } from "rnnlab/plot";\nshow(lineFigure({ name: "squares", y: [1, 4, 9, 16] }, { title: "Squares" }));',
  'import { table } from "rnnlab/table";\ntable({ month: [1, 2, 3], amount: [72.5, 70.7, 62.5] });',
  'import { tf } from "rnnlab";\nimport { fit } from "rnnlab/training";\nconst model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });\nmodel.compile({ optimizer: "sgd", loss: "meanSquaredError" });\nawait fit(model, tf.tensor2d([[1], [2]]), tf.tensor2d([[2], [4]]), { epochs: 3, batchSize: 2, seed: 1 });\nundefined',
  "const wrong: number = months.toFixed(2);",
];

const training = `import { tf } from "rnnlab";
import { fit } from "rnnlab/training";
const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const rest = () => new Promise((resolve) => setTimeout(resolve, 250));
await fit(model, tf.tensor2d([[1], [2]]), tf.tensor2d([[2], [4]]), {
  epochs: 20, batchSize: 2, seed: 1, livePlot: true, onEpochEnd: rest,
});
undefined`;

const folder = mkdtempSync(join(tmpdir(), "rnnlab-lab-"));
const notebook = (sources: readonly string[]) => ({
  cells: sources.map((source, index) => ({
    cell_type: "code",
    id: `cell-${index}`,
    metadata: {},
    execution_count: null,
    outputs: [],
    source,
  })),
  metadata: {
    kernelspec: { name: "rnnlab", display_name: "TypeScript (rnnlab)", language: "typescript" },
    language_info: { name: "typescript" },
  },
  nbformat: 4,
  nbformat_minor: 5,
});
writeFileSync(join(folder, "tour.ipynb"), JSON.stringify(notebook(cells)));
writeFileSync(
  join(folder, "busy.ipynb"),
  JSON.stringify(notebook(['console.log("started");\nawait new Promise(() => {});'])),
);
writeFileSync(join(folder, "live.ipynb"), JSON.stringify(notebook([training])));

let lab: JupyterLab;
let browser: Browser;
let page: Page;

before(async () => {
  browser = await launchChromium();
  // The theme is a setting of the person: the test has settings of its own.
  lab = await JupyterLab.start(folder, { JUPYTERLAB_SETTINGS_DIR: join(folder, ".settings") });
  page = await browser.newPage({ viewport: { width: 1200, height: 2400 } });
  await lab.open(page, "tour.ipynb");
  await runCommand(page, "notebook:run-all-cells");
});

after(async () => {
  await browser?.close();
  await lab?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The text of a cell's output area. */
const outputOf = (cell: number): Promise<string> =>
  page.locator(".jp-Notebook .jp-CodeCell").nth(cell).locator(".jp-Cell-outputArea").innerText();

test("JupyterLab runs a notebook with the kernel and shows its results", async () => {
  assert.match(await outputOf(0), /24/);
  assert.match(await outputOf(2), /72\.5/);
});

test("JupyterLab draws the figures", async () => {
  const plot = page.locator(".jp-CodeCell").nth(1).locator(".js-plotly-plot");
  await plot.waitFor({ timeout: 30_000 });
  assert.equal(await plot.locator(".scatterlayer .trace").count(), 1);
});

test("the progress bar reaches its end", async () => {
  assert.match(await outputOf(3), /epoch 3\/3/i);
});

test("a type error is shown with its line", async () => {
  assert.match(await outputOf(4), /Cell In\[5\], line 1, column 7[\s\S]*TS2322/);
});

test("the saved notebook keeps the outputs", async () => {
  await runCommand(page, "docmanager:save");
  const saved = JSON.parse(readFileSync(join(folder, "tour.ipynb"), "utf8")) as {
    cells: { outputs: { data?: Record<string, unknown> }[] }[];
  };
  const types = saved.cells[1]?.outputs.flatMap(({ data = {} }) => Object.keys(data)) ?? [];
  assert.ok(types.includes("application/vnd.plotly.v1+json"), types.join());
  assert.ok(types.includes("text/html"), types.join());
  assert.ok(types.includes("image/svg+xml"), types.join());
});

/** How many points the lines of the live plot go through; 0 while there is none. */
const livePoints = `(() => {
  const source = document.querySelector(".jp-RenderedSVG img")?.src ?? "";
  const svg = new DOMParser().parseFromString(decodeURIComponent(source.replace(/^[^,]*,/, "")), "image/svg+xml");
  const lines = [...svg.querySelectorAll("svg svg path[stroke-width]")].map((path) => path.getAttribute("d"));
  return lines.join(" ").match(/-?[\\d.]+ -?[\\d.]+/g)?.length ?? 0;
})()`;

test("the live plot grows while a training runs, and is a plotly figure of all epochs at its end", async () => {
  await lab.open(page, "live.ipynb");
  const ended = runCommand(page, "notebook:run-all-cells");
  const seen: number[] = [];
  for (let least = 1; seen.length < 3; least = (seen.at(-1) ?? 0) + 1) {
    const grown = await page.waitForFunction(`(${livePoints}) >= ${least} && ${livePoints}`, undefined, {
      timeout: 30_000,
    });
    seen.push(Number(await grown.jsonValue()));
  }
  await ended;
  await page.locator(".js-plotly-plot .scatterlayer .trace").waitFor({ timeout: 30_000 });
  assert.equal(await page.evaluate("document.querySelector('.js-plotly-plot').data[0].y.length"), 20);
  assert.equal(await page.locator(".jp-RenderedSVG").count(), 0);
});

test("the figures keep their height when the theme changes, and follow the window's width", async () => {
  const size = `(() => {
    const { width, height } = document.querySelector(".js-plotly-plot .main-svg").getBoundingClientRect();
    return { width, height, shown: document.querySelector(".js-plotly-plot").clientHeight };
  })()`;
  const { width } = (await page.evaluate(size)) as { width: number };
  await page.evaluate(
    "window.jupyterapp.commands.execute('apputils:change-theme', { theme: 'JupyterLab Dark' }).then(() => undefined)",
  );
  await page.waitForSelector("body[data-jp-theme-name='JupyterLab Dark']", { state: "attached" });
  await page.waitForFunction(`(${size}).shown === 260 && (${size}).height === 260`);
  await page.setViewportSize({ width: 1000, height: 2400 });
  await page.waitForFunction(`(${size}).width < ${width}`);
});

test("a completion meanwhile does not make a kernel that runs a cell look idle", async () => {
  const kernel = "window.jupyterapp.shell.currentWidget.sessionContext.session.kernel";
  await lab.open(page, "busy.ipynb");
  const ended = runCommand(page, "notebook:run-all-cells");
  await page.locator(".jp-Cell-outputArea", { hasText: "started" }).waitFor({ timeout: 30_000 });
  await page.evaluate(`${kernel}.requestComplete({ code: "Mat", cursor_pos: 3 }).then(() => undefined)`);
  await page.waitForFunction(`${kernel}.status === "busy"`, undefined, { timeout: 10_000 });
  await page.evaluate(`${kernel}.interrupt()`);
  await page.waitForFunction(`${kernel}.status === "idle"`, undefined, { timeout: 10_000 });
  await ended;
});
