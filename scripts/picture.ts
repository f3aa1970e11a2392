// `npm run picture`: runs the README's example and the first lecture in a real JupyterLab, and takes the pictures there.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { loadElectricity } from "../src/datasets/index.js";
import { packageRoot } from "../src/platform/package-root.js";
import { launchChromium, newPage } from "../tools/browser/chromium.js";
import { drawnFigures } from "../tools/browser/figures.js";
import { JupyterServer } from "../tools/browser/jupyter-server.js";
import type { NotebookPage } from "../tools/browser/notebook-page.js";
import { blocksOf } from "./checks/pages.js";
import { runMain } from "./run-main.js";

const LECTURE = "000-electricity-production.ipynb";
const EXAMPLE = "example.ipynb";
const THEMES = [
  ["Light", ""],
  ["Dark", "-dark"],
] as const;
const path = (name: string): string => join(packageRoot, "docs", `${name}.png`);

async function main(): Promise<number> {
  const browser = await launchChromium();
  const data = await ownData();
  const server = await JupyterServer.start({ env: { RNNLAB_DATA: data } });
  try {
    const readme = readFileSync(join(packageRoot, "README.md"), "utf8");
    const example = blocksOf(readme).find(({ language }) => language === "ts");
    server.write(EXAMPLE, [example?.code ?? ""]);
    await takeExample(await open(browser, server, EXAMPLE, 900));
    copyFileSync(join(packageRoot, "notebooks", LECTURE), join(server.folder, LECTURE));
    const lecture = await open(browser, server, LECTURE, 1040);
    await takeForecast(lecture);
    await takeHelp(lecture);
    return 0;
  } finally {
    await browser.close();
    await server.stop();
    rmSync(data, { recursive: true, force: true });
  }
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
): Promise<NotebookPage> {
  const page = await newPage(browser, 1280, height);
  // As long as the trainings take.
  page.setDefaultTimeout(0);
  const notebook = await server.open(page, name);
  await notebook.command("application:toggle-left-area");
  await notebook.runAll();
  return notebook;
}

/** What the README's example shows, in the light theme and in the dark one. */
async function takeExample(notebook: NotebookPage): Promise<void> {
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

/** The lecture's forecast with the season taken out, and the table of errors below it. */
async function takeForecast(notebook: NotebookPage): Promise<void> {
  const { page } = notebook;
  await notebook.attached();
  await drawnFigures(page, await page.locator(".jp-RenderedPlotly").count());
  for (const [theme, suffix] of THEMES) {
    await notebook.theme(theme);
    await notebook.scrollTo("seasonal-caption", "end");
    await page.screenshot({ path: path(`notebook${suffix}`) });
  }
  await notebook.theme("Light");
}

/** The documentation of a function, as Shift-Tab shows it below the cell. */
async function takeHelp(notebook: NotebookPage): Promise<void> {
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
