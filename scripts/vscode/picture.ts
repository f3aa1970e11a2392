import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { newPage } from "../../tools/browser/chromium.js";
import { screenshot } from "../../tools/browser/screenshot.js";
import { KernelClient } from "../../tools/kernel-client/index.js";
import { startCodeServer } from "./code-server.js";
import { writeKernels, writePictured, writeSettings } from "./notebooks.js";
import { PATIENCE } from "./waiting.js";
import { Workbench } from "./workbench.js";

const NOTEBOOK = "wave.ipynb";
const TITLE = "### A wave that forecasts itself";
const FIGURE = `import { lineFigure } from "rnnlab/plot";

const wave = Array.from({ length: 200 }, (_, i) => Math.sin(i / 8) + 0.3 * Math.sin(i / 3));
lineFigure([{ name: "wave", y: wave }], { xLabel: "step", yLabel: "value", height: 220 })`;
const MISTAKE = "wave.lenght";
const WINDOWS = `import { slidingWindows } from "rnnlab/preprocessing";

const { inputs, targets } = slidingWindows(wave, { windowLength: 24 });
const trainSteps = Math.floor(0.8 * ${MISTAKE});`;
/** What VS Code says of the mistake: the type is that of the first cell. */
const SAID = [/'lenght' does not exist on type 'number\[\]'\. Did you mean 'length'\?/, /Quick Fix/];

const SETTINGS = {
  // Light and dark as the browser is: VS Code's own themes.
  "window.autoDetectColorScheme": true,
  // The message leaves what is above it in sight.
  "editor.hover.above": false,
  // Nothing is seen half faded in.
  "workbench.reduceMotion": "on",
};
const PICTURE_TYPE = "image/svg+xml";
const WIDTH = 1000;
const HEIGHT = 800;

/**
 * Takes the pictures of a notebook in VS Code: a mistake, and what VS Code says of it.
 *
 * @param pathOf - where the picture of this theme goes
 */
export async function takeEditor(
  browser: Browser,
  pathOf: (theme: "light" | "dark") => string,
): Promise<void> {
  const place = mkdtempSync(join(tmpdir(), "rnnlab-vscode-"));
  const folder = join(place, "notebooks");
  mkdirSync(folder);
  try {
    writeKernels(folder);
    writeSettings(folder, SETTINGS);
    writePictured(join(folder, NOTEBOOK), [TITLE, FIGURE, WINDOWS], await pictureOf(FIGURE));
    const server = await startCodeServer(place);
    try {
      const page = await newPage(browser, WIDTH, HEIGHT);
      page.setDefaultTimeout(PATIENCE);
      await page.emulateMedia({ colorScheme: "light" });
      const workbench = new Workbench(page);
      await workbench.enter(server.urlOf(folder));
      await workbench.open(NOTEBOOK);
      for (const bar of ["Primary", "Secondary"])
        await workbench.command(`View: Toggle ${bar} Side Bar Visibility`);
      await screenshot(page, "vscode/opened");
      await workbench.underlined([MISTAKE]);
      await workbench.chooseCell(MISTAKE);
      await page
        .frameLocator("iframe.webview.ready")
        .frameLocator("#active-frame")
        .locator("svg.output-image")
        .waitFor();
      const bar = await page.locator(".part.titlebar").boundingBox();
      const y = bar?.height ?? 0;
      for (const theme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme: theme });
        await workbench.theme(theme);
        await workbench.mistake(...SAID);
        await page.screenshot({ path: pathOf(theme), clip: { x: 0, y, width: WIDTH, height: HEIGHT - y } });
      }
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(place, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The picture that a cell shows, by the cell. */
async function pictureOf(cell: string): Promise<Map<string, string>> {
  const kernel = await KernelClient.start();
  try {
    const { messages, traceback } = await kernel.execute(cell);
    const data = messages.map(({ content }) => content.data as Record<string, unknown> | undefined);
    const svg = data.find((each) => each?.[PICTURE_TYPE] !== undefined)?.[PICTURE_TYPE];
    assert.ok(typeof svg === "string", `the cell must show a picture, got ${traceback}`);
    return new Map([[cell, svg]]);
  } finally {
    await kernel.dispose();
  }
}
