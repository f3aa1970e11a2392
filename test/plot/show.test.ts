import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import type { BrowserContextOptions, Page } from "playwright-core";
import type { DisplayHost, DisplayMessage } from "rnnlab/display";
import { figureSvg, lineFigure, scatterFigure } from "rnnlab/plot";
import { launchChromium } from "../../tools/browser/chromium.js";
import { waitUntil } from "../../tools/browser/wait-until.js";

const hostSymbol = Symbol.for("rnnlab.displayHost");
const globals = globalThis as { [hostSymbol]?: DisplayHost };
const published: DisplayMessage[] = [];
const cell = { id: "first", executionCount: 1 };
const LIBRARY = /Uint8Array\.from\(atob\("/;
const html = (message: DisplayMessage | undefined): string => String(message?.data["text/html"]);

/** A session's plotly.js is carried once: each test starts a session of its own by loading the module anew. */
function freshSession(): Pick<typeof import("rnnlab/plot"), "lineFigure" | "show" | "showLive"> {
  for (const path of Object.keys(require.cache)) {
    if (/[\\/]dist[\\/]src[\\/]plot[\\/]/.test(path)) delete require.cache[path];
  }
  return require("rnnlab/plot");
}

beforeEach(() => {
  published.length = 0;
  Object.assign(cell, { id: "first", executionCount: 1 });
  globals[hostSymbol] = { publish: (message) => published.push(message), clear: () => undefined, cell };
});
afterEach(() => {
  delete globals[hostSymbol];
});

const figure = lineFigure({ name: "loss", y: [3, 2, 1] }, { title: "Loss" });

test("show() publishes plotly's JSON, HTML, a picture and text", () => {
  freshSession().show(figure);
  const [message] = published;
  assert.deepEqual(message?.data["application/vnd.plotly.v1+json"], { ...figure });
  assert.match(html(message), LIBRARY);
  assert.equal(message?.data["image/svg+xml"], figureSvg(figure));
  assert.equal(message?.data["text/plain"], 'Figure "Loss": loss (3 values)');
});

test("escapes in the texts of a figure neither colour nor clear a terminal", () => {
  const name = "a\u001b[2J\u009b1m\u0007";
  freshSession().show(lineFigure({ name, y: [1] }, { title: "two\nlines\u001b[0m" }));
  const text = published[0]?.data["text/plain"];
  assert.equal(text, 'Figure "two lines\\x1b[0m": a\\x1b[2J\\x9b1m\\x07 (1 values)');
});

test("a long series is told by its number of values, in the page too", () => {
  freshSession().show(lineFigure({ name: "wave", y: Array.from({ length: 400 }, (_, i) => Math.sin(i)) }));
  assert.equal(published[0]?.data["text/plain"], "Figure: wave (400 values)");
  assert.match(html(published[0]), /<img alt="Figure: wave \(400 values\)"/);
});

test("a figure displays itself as show() does, and show() takes a figure without configuration", () => {
  const { show, lineFigure: fresh } = freshSession();
  const own = fresh({ name: "loss", y: [3, 2, 1] }, { title: "Loss" });
  const hook: unknown = Reflect.get(own, Symbol.for("Jupyter.display"));
  assert.ok(typeof hook === "function");
  const bundle = Reflect.apply(hook, own, []) as Record<string, unknown>;
  show({ data: own.data });
  assert.deepEqual(Object.keys(bundle), Object.keys(published[0]?.data ?? {}));
  assert.deepEqual(Object.keys(own), ["data", "layout", "config"]);
});

test("no figure has the button that sends its data to a server, unless it asks for it", () => {
  const { show, lineFigure: fresh } = freshSession();
  show(fresh({ name: "a", y: [1] }));
  show({ data: [] });
  show({ data: [], config: { showSendToCloud: true } });
  const configs = published.map(
    ({ data }) => (data["application/vnd.plotly.v1+json"] as { config: Record<string, unknown> }).config,
  );
  assert.deepEqual(
    configs.map(({ showSendToCloud }) => showSendToCloud),
    [false, false, true],
  );
});

test("plotly.js comes once a notebook, and again when its cell is run again", () => {
  const session = freshSession();
  session.show(figure);
  session.show(figure);
  Object.assign(cell, { id: "second", executionCount: 2 });
  session.show(figure);
  Object.assign(cell, { id: "first", executionCount: 3 });
  session.show(figure);
  session.show(figure);
  assert.deepEqual(
    published.map((message) => LIBRARY.test(html(message))),
    [true, false, false, true, false],
  );
});

test("a live figure is a picture that changes in place, and is drawn by plotly at the end", () => {
  const live = freshSession().showLive(figure);
  live.update(scatterFigure({ name: "more", y: [1] }));
  live.finish();
  const picture = ["image/svg+xml", "text/plain"];
  assert.equal(published[0]?.data["image/svg+xml"], figureSvg(figure, { fluid: true }));
  const ids = new Set(published.map(({ displayId }) => displayId));
  assert.equal(ids.size, 1);
  assert.deepEqual(
    published.map(({ update = false, data }) => [update, Object.keys(data).sort(), data["text/plain"]]),
    [
      [false, picture, 'Figure "Loss": loss (3 values)'],
      [true, picture, "Figure: more (1 values)"],
      [
        true,
        ["application/vnd.plotly.v1+json", ...picture.slice(0, 1), "text/html", "text/plain"],
        "Figure: more (1 values)",
      ],
    ],
  );
});

test("a live figure goes on after its end, and one without a picture is sent whole, with words between", () => {
  const session = freshSession();
  const live = session.showLive(figure);
  live.finish();
  live.update(figure);
  live.finish();
  const other = session.showLive({ data: [{ type: "pie", values: [1, 2] }] });
  other.update({ data: [{ type: "pie", values: [3, 4] }] });
  const kinds = published.map(({ data }) => {
    if ("application/vnd.plotly.v1+json" in data) return "plotly";
    return "image/svg+xml" in data ? "picture" : "words";
  });
  assert.deepEqual(kinds, [
    ...["picture", "plotly", "picture", "plotly"],
    ...["words", "plotly", "words", "plotly"],
  ]);
});

async function withPage(
  body: string,
  look: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ offline: true, ...options });
    await page.setContent(`<!doctype html><body>${body}`);
    await look(page);
  } finally {
    await browser.close();
  }
}

test("two figures of a page are drawn offline, in whichever order and beside a module loader", async () => {
  const session = freshSession();
  session.show(figure);
  session.show(scatterFigure({ name: "<img src=x onerror=alert(1)></script>\u2028", y: [1, 2] }));
  const loader =
    "<script>window.define = () => { throw new Error('caught'); }; window.define.amd = {};</script>";
  await withPage(loader + html(published[1]) + html(published[0]), async (page) => {
    await waitUntil(page, "document.querySelectorAll('.js-plotly-plot .scatterlayer .trace').length === 2");
    const drawn = await page.evaluate(
      "[...document.querySelectorAll('.js-plotly-plot')].map((node) => node.data[0].y.length)",
    );
    assert.deepEqual(drawn, [2, 3]);
    assert.equal(await page.evaluate("document.images.length"), 0);
  });
});

test("where no script runs a figure is a picture", async () => {
  const session = freshSession();
  session.show(figure);
  const look = async (page: Page) => {
    const picture = page.getByRole("img", { name: 'Figure "Loss": loss (3 values)' });
    const { width, height } = (await picture.boundingBox()) ?? assert.fail("there is no picture");
    assert.deepEqual([width, height], [800, 380]);
  };
  await withPage(html(published[0]), look, { javaScriptEnabled: false });
});

test("a figure says so when the one that carries plotly.js is not on its page", async () => {
  const session = freshSession();
  session.show(figure);
  session.show(figure);
  const impatient =
    "<script>const later = window.setTimeout; window.setTimeout = (f) => later(f, 0);</script>";
  await withPage(impatient + html(published[1]), async (page) => {
    await page
      .getByText("Cannot draw this figure: plotly.js comes with the notebook's first figure")
      .waitFor();
  });
});
