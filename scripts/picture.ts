// `npm run picture`: runs the first lecture in a real JupyterLab and takes the README's picture of it.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launchChromium } from "../test/browser/chromium.js";
import { JupyterLab, runCommand } from "../test/browser/jupyter-lab.js";
import { runMain } from "./run-main.js";
import { packageRoot } from "./setup/index.js";

const NOTEBOOK = "000-electricity-production.ipynb";
/** The cell at the top of the picture: the GRU's training, with its forecast below. */
const FIRST_CELL = "gru-fit";

async function main(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "rnnlab-picture-"));
  copyFileSync(join(packageRoot, "notebooks", NOTEBOOK), join(folder, NOTEBOOK));
  const browser = await launchChromium();
  const lab = await JupyterLab.start(folder, { RNNLAB_SIZE: process.env.RNNLAB_SIZE ?? "quick" });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 960 } });
    page.setDefaultTimeout(0);
    await lab.open(page, NOTEBOOK);
    await runCommand(page, "application:toggle-left-area");
    await runCommand(page, "notebook:run-all-cells");
    const index = await page.evaluate(
      `window.jupyterapp.shell.currentWidget.content.widgets.findIndex((cell) => cell.model.id === "${FIRST_CELL}")`,
    );
    await page.evaluate(`(async () => {
      const notebook = window.jupyterapp.shell.currentWidget.content;
      notebook.activeCellIndex = ${index};
      await notebook.scrollToItem(${index}, "start");
    })()`);
    await page.waitForFunction("document.querySelectorAll('.js-plotly-plot .main-svg').length > 0");
    // Two frames later the page has settled around the figures.
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
    mkdirSync(join(packageRoot, "docs"), { recursive: true });
    await page.screenshot({ path: join(packageRoot, "docs", "notebook.png") });
    return 0;
  } finally {
    await browser.close();
    await lab.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

runMain(main);
