import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser, Locator, Page } from "playwright-core";
import { launchChromium, newPage } from "../../tools/browser/chromium.js";
import { drag } from "../../tools/browser/controls.js";
import { frontEnds, JupyterServer } from "../../tools/browser/jupyter-server.js";
import type { NotebookPage } from "../../tools/browser/notebook-page.js";
import { folderOf, screenshot } from "../../tools/browser/screenshot.js";

const CONTROLS = `import * as w from "rnnlab/widgets";
const alpha = w.slider({ min: 0, max: 1, step: 0.05, description: "alpha" });
const years = w.rangeSlider({ min: 1990, max: 2020, description: "years" });
const epochs = w.number({ min: 1, max: 500, step: 1, description: "epochs" });
const shuffle = w.checkbox({ description: "shuffle" });
const cell = w.dropdown({ options: ["SimpleRNN", "GRU", "LSTM"], description: "cell" });
const rate = w.radio({ options: { slow: 0.001, fast: 0.1 }, description: "rate" });
const run = w.text({ placeholder: "name", description: "run" });
const review = w.textarea({ rows: 2, description: "review" });
const go = w.button({ description: "Train", buttonStyle: "primary", icon: "play" });
const pause = w.toggle({ description: "Pause" });
const day = w.datePicker({ description: "from" });
const bar = w.progress({ max: 10, value: 4, description: "done" });
const note = w.html({ value: "<b>waiting</b>" });
const log = w.output();
go.onClick(() => {
  bar.value = 10;
  note.value = "<b>trained</b>";
  log.capture(() => console.log("clicked"));
});
const values = () => [
  alpha.value, years.value.join("-"), epochs.value, shuffle.value, cell.value, rate.value, run.value,
  review.value, go.value, pause.value, day.value?.toDateString(),
].join("|");
w.tabs({
  numbers: w.column([alpha, years, epochs, w.row([go, pause]), bar, note, log]),
  choices: w.column([shuffle, cell, rate, day]),
  texts: w.accordion({ name: run, review }, { selectedIndex: 0 }),
})`;

const FIGURE = `import { lineFigure } from "rnnlab/plot";
import { interact } from "rnnlab/widgets";
const xs = Array.from({ length: 50 }, (_, i) => i / 5);
interact(
  ({ frequency, wave }) => {
    if (frequency === 5) throw new RangeError("too fast");
    console.log("frequency", frequency);
    return lineFigure({ name: wave, x: xs, y: xs.map((x) => Math[wave](frequency * x)) }, { title: wave + " " + frequency });
  },
  { frequency: [1, 5], wave: ["sin", "cos"] },
)`;

const COUNTER = `const counter = w.anywidget({
  esm: "export default { render({ model, el }) {" +
    "const button = document.createElement('button');" +
    "const write = () => { button.textContent = 'count ' + model.get('count') + ' of ' + model.get('bytes').byteLength; };" +
    "button.onclick = () => { model.set('count', model.get('count') + 1); model.save_changes(); };" +
    "model.on('change:count', write); write(); el.append(button); } };",
  state: { count: 0, bytes: new Uint8Array(3) },
});
counter.onChange(({ count }) => { if (count === 1) counter.change({ count: 10 }); });
counter`;

const TRAINING = `import { tf } from "rnnlab";
import { fit } from "rnnlab/training";
const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const [x, y] = [tf.tensor2d([[1], [2]]), tf.tensor2d([[2], [4]])];
const history = await fit(model, x, y, { epochs: 1e6, batchSize: 1, controls: true });
"has its history: " + (history.loss.length > 0)`;

let browser: Browser;
let server: JupyterServer;
before(async () => {
  browser = await launchChromium();
  server = await JupyterServer.start();
  // Off unless somebody says so.
  const settings = join(server.folder, ".settings/@jupyter-widgets/jupyterlab-manager");
  mkdirSync(settings, { recursive: true });
  writeFileSync(join(settings, "plugin.jupyterlab-settings"), '{ "saveState": true }');
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** The control with a description, within an element. */
const control = (within: Locator, description: string): Locator =>
  within.locator(".widget-inline-hbox", { has: within.page().getByText(description, { exact: true }) });

for (const frontEnd of frontEnds) {
  describe(frontEnd, () => {
    const folder = folderOf(frontEnd);
    const name = `widgets-${folder}.ipynb`;
    let page: Page;
    let notebook: NotebookPage;
    before(async () => {
      server.write(name, [CONTROLS, "values()", FIGURE, COUNTER, TRAINING]);
      page = await newPage(browser, 1100, 1000);
      notebook = await server.open(page, name, frontEnd);
    });

    test("each control is drawn, and what a person does with it arrives", async () => {
      await notebook.run(0);
      const shown = notebook.output(0);
      const tab = (title: string) => shown.locator(".lm-TabBar-tab", { hasText: title }).click();
      await shown.locator(".widget-slider").first().waitFor();
      await drag(control(shown, "alpha"), 0.5);
      await drag(control(shown, "years"), 0.5, 1);
      await control(shown, "epochs").locator("input").fill("25");
      await page.keyboard.press("Enter");
      await shown.locator("button", { hasText: "Train" }).click();
      await shown.getByText("trained").waitFor();
      await shown.getByText("clicked").waitFor();
      await shown.locator("button", { hasText: "Pause" }).click();
      await screenshot(page, `${folder}/widgets-numbers`);
      await tab("choices");
      await shown.locator("label", { hasText: "shuffle" }).click();
      await control(shown, "cell").locator("select").selectOption("LSTM");
      await shown.locator(".widget-radio label", { hasText: "fast" }).click();
      await control(shown, "from").locator("input").fill("2026-11-29");
      await page.keyboard.press("Tab");
      await screenshot(page, `${folder}/widgets-choices`);
      await tab("texts");
      await control(shown, "run").locator("input").fill("first");
      await shown.locator(".jupyter-widget-Collapse-header", { hasText: "review" }).click();
      await control(shown, "review").locator("textarea").fill("A film");
      await screenshot(page, `${folder}/widgets-texts`);
      await notebook.run(1);
      assert.match(
        await notebook.output(1).innerText(),
        /'0\.5\|1990-2005\|25\|true\|LSTM\|0\.1\|first\|A film\|1\|true\|Sun Nov 29 2026'/,
      );
    });

    test("the figure of interact changes in place while its slider is dragged, and errors stand there, too", async () => {
      await notebook.start(2);
      const shown = notebook.output(2);
      const plot = shown.locator(".js-plotly-plot");
      await plot.getByText("sin 1").waitFor();
      await page.evaluate("window.rnnlabPlot = document.querySelector('.js-plotly-plot')");
      await shown.locator("select").selectOption("cos");
      await plot.getByText("cos 1").waitFor();
      await drag(control(shown, "frequency"), 0.5);
      await plot.getByText("cos 3").waitFor();
      await shown.getByText("frequency 3").waitFor();
      assert.ok(await page.evaluate("document.querySelector('.js-plotly-plot') === window.rnnlabPlot"));
      await screenshot(page, `${folder}/widgets-figure`);
      await drag(control(shown, "frequency"), 1);
      await shown.getByText("RangeError: too fast").first().waitFor();
      await screenshot(page, `${folder}/widgets-error`);
    });

    test("a widget of one's own is drawn by its module, and both sides change its state", async () => {
      await notebook.start(3);
      await notebook.output(3).getByText("count 0 of 3").click();
      await notebook.output(3).getByText("count 10 of 3").waitFor();
      await screenshot(page, `${folder}/widgets-own`);
    });

    test("a page that is opened again has the widgets of the kernel, and two pages see each other's changes", async () => {
      await notebook.save();
      const { metadata } = JSON.parse(readFileSync(join(server.folder, name), "utf8")) as {
        metadata: { widgets?: Record<string, { state: Record<string, { state: Record<string, unknown> }> }> };
      };
      const saved = Object.values(
        metadata.widgets?.["application/vnd.jupyter.widget-state+json"]?.state ?? {},
      );
      assert.ok(saved.some(({ state }) => state.description === "alpha" && state.value === 0.5));
      const second = await newPage(browser, 1100, 1000);
      const again = await server.open(second, name, frontEnd);
      const [here, there] = [notebook.output(0), again.output(0)];
      for (const shown of [here, there])
        await shown.locator(".lm-TabBar-tab", { hasText: "numbers" }).click();
      const readout = (shown: Locator) => control(shown, "alpha").locator(".widget-readout");
      await readout(there).getByText("0.50").waitFor();
      await drag(control(there, "alpha"), 0.8);
      await readout(here).getByText("0.80").waitFor();
      await drag(control(here, "alpha"), 0.2);
      await readout(there).getByText("0.20").waitFor();
      await again.output(2).locator("img, .js-plotly-plot, .jp-RenderedText").first().waitFor();
      await screenshot(second, `${folder}/widgets-again`);
      await notebook.run(1);
      assert.match(await notebook.output(1).innerText(), /'0\.2\|/);
      await second.close();
    });

    test("the controls of a training are whole, and pause and stop it", async () => {
      await notebook.start(4);
      const shown = notebook.output(4);
      await shown.getByText("epoch").first().waitFor();
      const label = control(shown, "learning rate").locator(".widget-label");
      assert.ok(await label.evaluate((element) => element.scrollWidth <= element.clientWidth));
      await shown.locator("button", { hasText: "Pause" }).click();
      await shown.locator("button.mod-active", { hasText: "Pause" }).waitFor();
      await screenshot(page, `${folder}/widgets-training`);
      await shown.locator("button", { hasText: "Stop" }).click();
      await shown.getByText("has its history: true").waitFor();
    });

    test("after a restart of the kernel the widgets are marked as cut off, and live when their cell is run again", async () => {
      const shown = notebook.output(0);
      await notebook.press("restart");
      await page.locator(".jp-Dialog .jp-mod-accept").click();
      await shown.locator(".jupyter-widgets-disconnected").first().waitFor();
      await screenshot(page, `${folder}/widgets-restarted`);
      await notebook.start(0);
      await shown.locator(".jupyter-widgets-disconnected").first().waitFor({ state: "detached" });
      await drag(control(shown, "alpha"), 0.3);
      await control(shown, "alpha").locator(".widget-readout").getByText("0.30").waitFor();
      await notebook.start(1);
      await notebook.output(1).getByText("0.3|").waitFor();
    });
  });
}
