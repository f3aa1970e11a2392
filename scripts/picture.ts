// `npm run picture`: runs the first lecture in a real JupyterLab and takes the README's pictures there.
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { launchChromium, newPage } from "../test/browser/chromium.js";
import { drawnFigures } from "../test/browser/figures.js";
import { JupyterServer } from "../test/browser/jupyter-server.js";
import type { NotebookPage } from "../test/browser/notebook-page.js";
import { runMain } from "./run-main.js";
import { packageRoot } from "./setup/index.js";

const NOTEBOOK = "000-electricity-production.ipynb";
const path = (name: string): string => join(packageRoot, "docs", `${name}.png`);

async function main(): Promise<number> {
  const browser = await launchChromium();
  const server = await JupyterServer.start();
  try {
    copyFileSync(join(packageRoot, "notebooks", NOTEBOOK), join(server.folder, NOTEBOOK));
    const page = await newPage(browser, 1280, 1180);
    // As long as the trainings take.
    page.setDefaultTimeout(0);
    const notebook = await server.open(page, NOTEBOOK);
    await notebook.command("application:toggle-left-area");
    await notebook.runAll();
    await takeTraining(notebook);
    await takeHelp(notebook);
    return 0;
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** The GRU's training with its forecast below, in the light theme and in the dark one. */
async function takeTraining(notebook: NotebookPage): Promise<void> {
  const { page } = notebook;
  await notebook.attached();
  await drawnFigures(page, await page.locator(".jp-RenderedPlotly").count());
  for (const [theme, name] of [
    ["Light", "notebook"],
    ["Dark", "notebook-dark"],
  ] as const) {
    await notebook.theme(theme);
    await notebook.scrollTo("gru-fit");
    await page.screenshot({ path: path(name) });
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
