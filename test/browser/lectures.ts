import assert from "node:assert/strict";
import { copyFileSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { writePage } from "../../cli/page/write-page.js";
import { readReport } from "../../scripts/notebooks/result.js";
import { packageRoot } from "../../src/platform/package-root.js";
import { useControls } from "../../tools/browser/controls.js";
import { type DrawnFigure, drawnFigures, wakeFigures } from "../../tools/browser/figures.js";
import type { NotebookPage, SavedOutput } from "../../tools/browser/notebook-page.js";
import { screenshot } from "../../tools/browser/screenshot.js";
import { useJupyter } from "../../tools/browser/use-jupyter.js";
import { python, run } from "../../tools/kernel-client/index.js";
import { realDataDirectory } from "../datasets/real-data.js";
import { faintTexts } from "./contrast.js";

/** All lectures, in their order. */
export const names: readonly string[] = readdirSync(join(packageRoot, "notebooks"))
  .filter((name) => name.endsWith(".ipynb"))
  .map((name) => basename(name, ".ipynb"));

/** How many cells with controls each lecture has. */
const INTERACTIVE: Readonly<Record<string, number>> = {
  "000-electricity-production": 2,
  "001-introduction-to-recurrent-networks": 1,
  "002-notes-on-recurrent-networks": 5,
  "003-recurrent-network-from-scratch": 2,
  "004-recurrent-networks-for-sentiment": 1,
};

/** Whether RNNLAB_DATA has all real files. */
const real = (["electricity", "imdb", "imdbWordIndex", "mnist"] as const).every(realDataDirectory);

/** nbconvert's Markdown has HTML where there is any, unless it is told what to prefer. */
const PICTURES = `--NbConvertBase.display_data_priority=["image/svg+xml", "image/png", "text/markdown", "text/html", "text/plain"]`;

/** How long nbconvert may take for a lecture, in ms. */
const LECTURE_TIME = 120_000;

/** The greatest size of a lecture's page, in bytes. */
const GREATEST_PAGE = 8e6;

const PLOTLY_TYPE = "application/vnd.plotly.v1+json";
const VIEW_TYPE = "application/vnd.jupyter.widget-view+json";

/** What is compared between two drawings of a notebook. */
const content = (figures: readonly DrawnFigure[]) =>
  figures.map(({ title, traces, marks }) => ({ title, traces, marks }));

const isLive = ({ data = {} }: SavedOutput): boolean =>
  VIEW_TYPE in data && String(data["text/html"]).includes("rnnlab-figure-");

/** Some of the lectures, with one Jupyter server and one page for them. */
class Lectures {
  // What the language server says of the lectures is tested in test/cli, and its underlines in language-server.test.ts.
  readonly jupyter = useJupyter(1200, 900, { languageServer: false });
  /** The figures that JupyterLab has drawn when a lecture has run, and how many of them stand below controls. */
  readonly drawn = new Map<string, { readonly figures: readonly DrawnFigure[]; readonly live: number }>();

  constructor(readonly names: readonly string[]) {}

  inFolder(file: string): string {
    return join(this.jupyter.server.folder, file);
  }

  /** Runs a lecture in JupyterLab. */
  async run(name: string): Promise<NotebookPage> {
    const lecture = `${name}.ipynb`;
    const { server, page } = this.jupyter;
    copyFileSync(join(packageRoot, "notebooks", lecture), this.inFolder(lecture));
    const notebook = await server.open(page, lecture);
    await notebook.command("application:toggle-left-area");
    await notebook.runAll();
    const outputs = (await notebook.save()).flat();
    const errors = outputs.filter(({ output_type }) => output_type === "error");
    assert.deepEqual(errors, []);
    await notebook.attached();
    const live = outputs.filter(isLive).length;
    const still = outputs.filter(({ data = {} }) => PLOTLY_TYPE in data).length;
    this.drawn.set(name, { figures: await drawnFigures(page, still + live), live });
    await notebook.screenshot(`jupyterlab/${name}`);
    return notebook;
  }

  drawnOf(name: string): { readonly figures: readonly DrawnFigure[]; readonly live: number } {
    const found = this.drawn.get(name);
    assert.ok(found, `${name} must have drawn its figures, got none`);
    return found;
  }

  figuresOf(name: string): readonly DrawnFigure[] {
    return this.drawnOf(name).figures;
  }

  /** Converts all of them at once: the start of nbconvert takes longer than a lecture does. */
  async convert(args: readonly string[]): Promise<void> {
    const notebooks = this.names.map((name) => this.inFolder(`${name}.ipynb`));
    const { status, stderr } = await run(python(), ["-m", "nbconvert", ...args, ...notebooks], {
      milliseconds: LECTURE_TIME * notebooks.length,
    });
    assert.equal(status, 0, stderr);
  }
}

/** Tests lectures in JupyterLab, Notebook 7, and what nbconvert and rnnlab make of them. */
export function testLectures(names: readonly string[]): void {
  const lectures = new Lectures(names);
  for (const name of names) testLecture(lectures, name);
  testHtml(lectures);
  testPage(lectures);
  testMarkdown(lectures);
}

function testLecture(lectures: Lectures, name: string): void {
  const lecture = `${name}.ipynb`;
  const { jupyter } = lectures;

  describe(name, () => {
    let notebook: NotebookPage;

    test("runs in JupyterLab without an error and draws its figures", async () => {
      notebook = await lectures.run(name);
      const { figures } = lectures.drawnOf(name);
      assert.ok(figures.length > 0);
      for (const { title, traces, width, height } of figures) {
        assert.ok(traces > 0 && width > 400 && height > 100, `${title}: ${traces} in ${width} x ${height}`);
      }
    });

    test("reports its figures, and they are as they must be", () => {
      const report = readReport(lectures.inFolder(lecture));
      assert.ok(report);
      assert.deepEqual(
        report.checks.filter(({ passed }) => !passed),
        [],
      );
      assert.ok(Object.keys(report.figures).length > 20);
      if (real) assert.equal(report.data, "real");
    });

    test("its progress bars have reached their end", async () => {
      const bars = await jupyter.page.evaluate<{ value: number; max: number; text: string }[]>(`
        [...document.querySelectorAll(".jp-OutputArea progress")].map(({ value, max, parentElement }) =>
          ({ value, max, text: parentElement.innerText }))`);
      for (const { value, max, text } of bars) assert.ok(value === max || /stopped after/.test(text), text);
    });

    test("reopens with all outputs, legible in the dark theme, too", async () => {
      const { figures, live } = lectures.drawnOf(name);
      notebook = await jupyter.server.open(jupyter.page, lecture);
      await notebook.attached();
      await wakeFigures(jupyter.page, figures.length - live);
      assert.deepEqual(content(await drawnFigures(jupyter.page, figures.length)), content(figures));
      assert.deepEqual(await faintTexts(jupyter.page), []);
      await notebook.theme("Dark");
      await notebook.screenshot(`jupyterlab/${name}-dark`);
      const faint = await faintTexts(jupyter.page);
      await notebook.theme("Light");
      assert.deepEqual(faint, []);
    });

    let changed: readonly DrawnFigure[];
    test("each of its controls changes what stands below it", async () => {
      const { figures } = lectures.drawnOf(name);
      const cells = await jupyter.page.locator(".jp-CodeCell:has(.jupyter-widgets .widget-output)").all();
      assert.equal(cells.length, INTERACTIVE[name] ?? 0);
      for (const [index, cell] of cells.entries()) {
        assert.ok((await useControls(cell)) > 0);
        await cell.scrollIntoViewIfNeeded();
        await screenshot(jupyter.page, `jupyterlab/${name}-controls-${index + 1}`);
      }
      changed = await drawnFigures(jupyter.page, figures.length);
    });

    test("Notebook 7 draws the same, as the controls are set", async () => {
      const { live } = lectures.drawnOf(name);
      notebook = await jupyter.server.open(jupyter.page, lecture, "Notebook 7");
      await notebook.attached();
      await wakeFigures(jupyter.page, changed.length - live);
      assert.deepEqual(content(await drawnFigures(jupyter.page, changed.length)), content(changed));
      await screenshot(jupyter.page, `notebook-7/${name}`);
      await notebook.shutDown();
    });
  });
}

function testHtml(lectures: Lectures): void {
  describe("converted to HTML", () => {
    before(() => lectures.convert(["--to", "html"]));

    for (const name of lectures.names) {
      test(`${name}, opened without a network, draws its figures and asks nobody for anything`, async () => {
        const figures = lectures.figuresOf(name);
        const context = await lectures.jupyter.browser.newContext({
          viewport: { width: 1200, height: 900 },
          offline: true,
        });
        const asked: string[] = [];
        context.on("request", (request) => asked.push(request.url()));
        const html = await context.newPage();
        const address = String(pathToFileURL(lectures.inFolder(`${name}.html`)));
        await html.goto(address);
        assert.deepEqual(content(await drawnFigures(html, figures.length)), content(figures));
        await screenshot(html, `html/${name}`, { fullPage: true });
        const foreign = asked.filter((url) => url !== address && !/^(data|blob):/.test(url));
        // nbconvert's own page asks for these two: formulas need the second, figures neither.
        assert.deepEqual(
          foreign.filter((url) => !/\/(require\.js|mathjax)\//.test(url)),
          [],
        );
        await context.close();
      });
    }
  });
}

function testPage(lectures: Lectures): void {
  describe("written as a page of rnnlab run --html", () => {
    const [name = ""] = lectures.names;

    test(`${name} has live figures on the screen, and their pictures on paper`, async () => {
      const figures = lectures.figuresOf(name);
      const file = lectures.inFolder("page.html");
      await writePage(python(), lectures.inFolder(`${name}.ipynb`), file);
      assert.ok(statSync(file).size < GREATEST_PAGE);
      const context = await lectures.jupyter.browser.newContext({
        viewport: { width: 1200, height: 900 },
        offline: true,
      });
      const page = await context.newPage();
      await page.goto(String(pathToFileURL(file)));
      assert.deepEqual(content(await drawnFigures(page, figures.length)), content(figures));
      const seen = () =>
        page.evaluate<{ figures: number; pictures: string[] }>(`(() => {
        const seen = (selector) => [...document.querySelectorAll(selector)].filter((each) => each.getClientRects().length > 0);
        return {
          figures: seen(".js-plotly-plot").length,
          pictures: seen("img.on-paper").map(({ src, naturalWidth }) => src.slice(0, 18) + " " + (naturalWidth > 0)),
        };
      })()`);
      assert.deepEqual(await seen(), { figures: figures.length, pictures: [] });
      await page.emulateMedia({ media: "print" });
      const pictures = figures.map(() => "data:image/svg+xml true");
      assert.deepEqual(await seen(), { figures: 0, pictures });
      assert.equal((await page.pdf()).subarray(0, 5).toString(), "%PDF-");
      await screenshot(page, `html/${name}-printed`, { fullPage: true });
      await context.close();
    });
  });
}

function testMarkdown(lectures: Lectures): void {
  describe("converted to Markdown", () => {
    before(() => lectures.convert(["--to", "markdown", PICTURES]));

    for (const name of lectures.names) {
      test(`${name} has a picture of each figure`, () => {
        const markdown = readFileSync(lectures.inFolder(`${name}.md`), "utf8");
        const paths = [...markdown.matchAll(/!\[\w+\]\(([^)]+\.(?:svg|png))\)/g)].map(
          ([, path = ""]) => path,
        );
        assert.equal(paths.length, lectures.figuresOf(name).length);
        for (const path of paths)
          assert.ok(readFileSync(lectures.inFolder(decodeURI(path))).length > 500, path);
      });
    }
  });
}
