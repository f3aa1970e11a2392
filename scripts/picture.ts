// `npm run picture -- [NAME…]`: takes the pictures of the README in a real JupyterLab, and one in VS Code. The forecast needs the real series in
// RNNLAB_DATA.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import type { NotebookDocument } from "../cli/notebooks/notebook-document.js";
import { writeNotebook } from "../cli/notebooks/write-notebook.js";
import { loadElectricity } from "../src/datasets/index.js";
import { packageRoot } from "../src/platform/package-root.js";
import { launchChromium, newPage } from "../tools/browser/chromium.js";
import { drag } from "../tools/browser/controls.js";
import { drawnFigures } from "../tools/browser/figures.js";
import { JupyterServer } from "../tools/browser/jupyter-server.js";
import type { NotebookPage } from "../tools/browser/notebook-page.js";
import { waitUntil } from "../tools/browser/wait-until.js";
import { blocksOf } from "./checks/pages.js";
import { runMain } from "./run-main.js";
import { takeEditor } from "./vscode/picture.js";

/** Of every window, in pixels. */
const WIDTH = 1280;
const EXAMPLE = "example.ipynb";
const FORECAST = "000-electricity-production.ipynb";
const SLIDERS = "001-introduction-to-recurrent-networks.ipynb";
const THEMES = [
  ["Light", ""],
  ["Dark", "-dark"],
] as const;
const path = (name: string): string => join(packageRoot, "docs", `${name}.png`);

/** What the GRU's forecast needs of its lecture: everything up to it but the other networks, which take minutes. */
const UP_TO_GRU = { last: "order-text", without: /^(live-windows|simple-(?!model)|lstm|dense14|sequence)/ };

/** Where the sliders are dragged to, as shares of their lengths. */
const MOVED = [0.25, 0.45] as const;
/** What is in the texts above and below the sliders. */
const ABOVE = "Try it by hand.";
const BELOW = "the forecast repeats the noise";
/** The width of what marks a chosen cell, in pixels. */
const MARK = 16;
/** How long the notebook may take to scroll, in ms. */
const PATIENCE = 300_000;
/** Whether the figure below the sliders is that of their values. */
const DRAWN_AS_SET = `(() => {
  const set = [...document.querySelectorAll(".widget-slider .widget-readout")].map(({ textContent }) => Number(textContent));
  const drawn = [...document.querySelectorAll(".js-plotly-plot")].flatMap(({ data }) => data).find(({ name }) => name === "yours");
  return set.length === 2 && drawn?.x[0] === set[0] && drawn?.y[0] === set[1];
})()`;

type Clip = NonNullable<Awaited<ReturnType<Locator["boundingBox"]>>>;

const PICTURES: Readonly<Record<string, (browser: Browser) => Promise<void>>> = {
  example: (browser) => withSample(browser, takeExample),
  documentation: (browser) => withSample(browser, takeHelp),
  notebook: takeForecast,
  sliders: takeSliders,
  vscode: (browser) => takeEditor(browser, (theme) => path(theme === "light" ? "vscode" : "vscode-dark")),
};

async function main(): Promise<number> {
  const wanted = process.argv.slice(2);
  const unknown = wanted.find((name) => !(name in PICTURES));
  if (unknown !== undefined)
    throw new RangeError(
      `Cannot take the picture: it must be one of ${Object.keys(PICTURES).join(", ")}, got ${unknown}`,
    );
  const browser = await launchChromium();
  try {
    for (const [name, take] of Object.entries(PICTURES)) {
      if (wanted.length === 0 || wanted.includes(name)) await take(browser);
    }
  } finally {
    await browser.close();
  }
  return 0;
}

/** Takes a picture of data of our own, without the notice that says so. */
async function withSample(
  browser: Browser,
  take: (browser: Browser, server: JupyterServer) => Promise<void>,
): Promise<void> {
  const data = await ownData();
  try {
    await withServer({ RNNLAB_DATA: data }, (server) => take(browser, server));
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

async function withServer(
  env: NodeJS.ProcessEnv,
  work: (server: JupyterServer) => Promise<void>,
): Promise<void> {
  const server = await JupyterServer.start({ env, languageServer: false });
  try {
    await work(server);
  } finally {
    await server.stop();
  }
}

/** Writes a lecture up to one of its cells into a folder. */
function writePart(folder: string, lecture: string, last: string, without?: RegExp): void {
  const text = readFileSync(join(packageRoot, "notebooks", lecture), "utf8");
  const { cells, ...rest } = JSON.parse(text) as NotebookDocument;
  const end = cells.findIndex(({ id }) => id === last);
  if (end < 0) throw new Error(`Cannot take the picture: ${lecture} must have a cell ${last}`);
  const part = cells.slice(0, end + 1).filter(({ id = "" }) => without?.test(id) !== true);
  writeNotebook(join(folder, lecture), { ...rest, cells: part });
}

/** A folder with the embedded sample as a file: the pictures show data of our own, without the notice that says so. */
async function ownData(): Promise<string> {
  const { dates, values } = await loadElectricity({ source: "sample" });
  const rows = dates.map((date, row) => `${date.toISOString().slice(0, 10)},${values[row]}`);
  const folder = mkdtempSync(join(tmpdir(), "rnnlab-picture-"));
  writeFileSync(join(folder, "Electric_Production.csv"), `DATE,IPG2211A2N\n${rows.join("\n")}\n`);
  return folder;
}

/** Opens a notebook without the files beside it, and runs it. */
async function open(
  browser: Browser,
  server: JupyterServer,
  name: string,
  height: number,
  width = WIDTH,
): Promise<NotebookPage> {
  const page = await newPage(browser, width, height);
  // As long as the trainings take.
  page.setDefaultTimeout(0);
  const notebook = await server.open(page, name);
  await notebook.command("application:toggle-left-area");
  await notebook.runAll();
  return notebook;
}

/** What the README's example shows, in the light theme and in the dark one. */
async function takeExample(browser: Browser, server: JupyterServer): Promise<void> {
  const readme = readFileSync(join(packageRoot, "README.md"), "utf8");
  const example = blocksOf(readme).find(({ language }) => language === "ts");
  server.write(EXAMPLE, [example?.code ?? ""]);
  const notebook = await open(browser, server, EXAMPLE, 900);
  const { page } = notebook;
  await notebook.ended(0);
  await drawnFigures(page, 1);
  for (const [theme, suffix] of THEMES) {
    await notebook.theme(theme);
    await takeOutput(page, `example${suffix}`);
  }
}

/** The outputs of the first cell, without the empty room around them. */
async function takeOutput(page: Page, name: string): Promise<void> {
  const outputs = page.locator(".jp-CodeCell .jp-OutputArea-output");
  const [first, last] = [await outputs.first().boundingBox(), await outputs.last().boundingBox()];
  if (first === null || last === null) throw new Error("Cannot take the picture: the example shows nothing");
  const { x, y, width } = first;
  const room = 6;
  await page.screenshot({
    path: path(name),
    clip: { x: x - room, y: y - room, width: width + room, height: last.y + last.height - y },
  });
}

/** The lecture's GRU in its full size on the real series. */
async function takeForecast(browser: Browser): Promise<void> {
  await loadElectricity({ source: "real", offline: true });
  await withServer({ RNNLAB_SIZE: "full" }, async (server) => {
    writePart(server.folder, FORECAST, UP_TO_GRU.last, UP_TO_GRU.without);
    const notebook = await open(browser, server, FORECAST, 800);
    await allRan(notebook);
    for (const [theme, suffix] of THEMES) {
      await notebook.theme(theme);
      await notebook.scrollTo("gru-caption", "end");
      await take(notebook.page, `notebook${suffix}`);
    }
  });
}

/** The sliders of the smoothing, both moved, with their code folded: from the text above them to the one below. */
async function takeSliders(browser: Browser): Promise<void> {
  await withServer({}, async (server) => {
    writePart(server.folder, SLIDERS, "reviews-text");
    const notebook = await open(browser, server, SLIDERS, 1200, 1060);
    const { page } = notebook;
    await allRan(notebook);
    for (const cell of ["live-smoothing-map", "live-smoothing"]) {
      await notebook.scrollTo(cell);
      await notebook.command("notebook:hide-cell-code");
    }
    await bothInSight(notebook);
    const sliders = page.locator(".jp-CodeCell .widget-slider");
    for (const [index, share] of MOVED.entries()) await drag(sliders.nth(index), share);
    // A figure shows its buttons while the mouse is on it.
    await page.mouse.move(0, 0);
    await waitUntil(page, DRAWN_AS_SET);
    for (const [theme, suffix] of THEMES) {
      await notebook.theme(theme);
      await page.screenshot({ path: path(`sliders${suffix}`), clip: await bothInSight(notebook) });
    }
  });
}

/** Scrolls until the texts above and below the sliders are in sight, and returns what is between their edges. */
async function bothInSight(notebook: NotebookPage): Promise<Clip> {
  const { page } = notebook;
  const boxOf = (text: string) => page.locator(".jp-MarkdownCell", { hasText: text }).boundingBox();
  for (const end = Date.now() + PATIENCE; Date.now() < end; ) {
    await notebook.scrollTo("live-smoothing-text");
    const panel = await page.locator(".jp-WindowedPanel-outer").boundingBox();
    const [first, last] = [await boxOf(ABOVE), await boxOf(BELOW)];
    if (panel === null || first === null || last === null) continue;
    const height = last.y + last.height - first.y;
    if (first.y < panel.y || first.y + height > panel.y + panel.height) continue;
    return { x: first.x + MARK, y: first.y, width: first.width - MARK, height };
  }
  throw new Error(
    `Cannot take the picture: the sliders and their texts must be in sight within ${PATIENCE} ms`,
  );
}

/** Waits until all cells have run, refuses errors, and waits until their figures are drawn. */
async function allRan(notebook: NotebookPage): Promise<void> {
  const { page } = notebook;
  await notebook.attached();
  await waitUntil(
    page,
    `[...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")].every(({ textContent }) => /\\[\\d+\\]/.test(textContent))`,
  );
  const error = (await notebook.save()).flat().find(({ output_type }) => output_type === "error");
  if (error !== undefined) throw new Error(`Cannot take the picture: a cell says ${error.evalue}`);
  await waitUntil(
    page,
    `[...document.querySelectorAll(".jp-RenderedPlotly")].every((each) => each.querySelector(".main-svg") !== null)`,
  );
}

async function take(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: path(name) });
}

/** The documentation of a function, as Shift-Tab shows it below the cell. */
async function takeHelp(browser: Browser, server: JupyterServer): Promise<void> {
  writePart(server.folder, FORECAST, "shapes");
  const notebook = await open(browser, server, FORECAST, 1040);
  const { page } = notebook;
  await notebook.scrollTo("shapes");
  await notebook.command("notebook:insert-cell-above");
  await page.keyboard.press("Enter");
  await page.keyboard.insertText("slidingWindows");
  await page.keyboard.press("Shift+Tab");
  await page.locator(".jp-Tooltip").waitFor();
  await page.screenshot({ path: path("documentation"), clip: { x: 40, y: 60, width: 1200, height: 640 } });
}

runMain(main);
