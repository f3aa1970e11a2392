import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { buildSite } from "../../../scripts/site/build.js";
import { packageRoot } from "../../../src/platform/package-root.js";
import { launchChromium, newPage } from "../../../tools/browser/chromium.js";
import { drawnFigures } from "../../../tools/browser/figures.js";
import { screenshot } from "../../../tools/browser/screenshot.js";
import { waitUntil } from "../../../tools/browser/wait-until.js";

// Inside the project, where VitePress finds its packages.
const folder = join(packageRoot, "out", `site-test-${process.pid}`);
const site = join(folder, "site");
const BASE = "/rnnlab/";
const LECTURE = "000-electricity-production";
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
};

const figure = {
  data: [{ type: "scatter", x: [1, 2, 3], y: [2, 1, 3] }],
  layout: { title: { text: "Three points" }, height: 300 },
  config: {},
};
const cells = [
  {
    cell_type: "markdown",
    source: "# Lecture 000 · A short one\n\nThe state is $h_t$. [On](#1-Figures)\n\n$$h_t = W h_{t-1}$$",
  },
  { cell_type: "markdown", source: "## 1 Figures" },
  {
    cell_type: "code",
    source: "figure",
    outputs: [
      { output_type: "stream", name: "stdout", text: "1 < 2 & {{ 3 }}" },
      { output_type: "execute_result", data: { "text/html": "<table><tr><td>cell</td></tr></table>" } },
      {
        output_type: "display_data",
        data: {
          "application/vnd.plotly.v1+json": figure,
          "image/svg+xml": "<svg></svg>",
          "text/html": "<b>not this</b>",
        },
      },
    ],
  },
];

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? "", "http://127.0.0.1");
  const name = pathname.replace(BASE, "").replace(/\/$|^$/, "/index.html");
  const path = join(site, name);
  if (!pathname.startsWith(BASE) || !existsSync(path)) return void response.writeHead(404).end();
  response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" });
  response.end(readFileSync(path));
});
let browser: Browser;
let address = "";

before(async () => {
  mkdirSync(folder, { recursive: true });
  const short = join(folder, `${LECTURE}.ipynb`);
  writeFileSync(short, JSON.stringify({ cells }));
  // The pages link to all lectures; the others are there without outputs.
  const committed = readdirSync(join(packageRoot, "notebooks")).filter((name) => /^\d.*\.ipynb$/.test(name));
  const others = committed.filter((name) => name !== `${LECTURE}.ipynb`);
  await buildSite(site, BASE, [short, ...others.map((name) => join(packageRoot, "notebooks", name))]);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}${BASE}`;
  browser = await launchChromium();
});

after(async () => {
  await browser?.close();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens a page of the site and collects what it complains of. */
async function open(
  path: string,
  colorScheme: "light" | "dark" = "light",
): Promise<{ page: Page; errors: string[] }> {
  const page = await newPage(browser, 1280, 900);
  await page.emulateMedia({ colorScheme });
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("response", (response) => {
    if (!response.ok()) errors.push(`${response.status()} ${response.url()}`);
  });
  await page.goto(address + path);
  // Until then the page takes no keys.
  await waitUntil(page, "document.querySelector('#app')?.__vue_app__ !== undefined");
  return { page, errors };
}

test("every page of the documentation is on the site, with its links", () => {
  for (const name of ["index", "guide/training", "api/training", "contributing", "code/kernel-session"]) {
    assert.ok(existsSync(join(site, `${name}.html`)), name);
  }
  const text = readFileSync(join(site, "guide/models.html"), "utf8");
  assert.match(text, /href="\/rnnlab\/keras-files\.html"/);
});

for (const scheme of ["light", "dark"] as const) {
  test(`a lecture has its formulas, outputs and live figures on a ${scheme} page`, async () => {
    const { page, errors } = await open(`lectures/${LECTURE}.html`, scheme);
    assert.equal(await page.locator(".katex-display").count(), 1);
    assert.equal(await page.locator("pre.stdout").textContent(), "1 < 2 & {{ 3 }}");
    assert.equal(await page.locator(".cell-output td").textContent(), "cell");
    await page.locator(".cell-output.figure").scrollIntoViewIfNeeded();
    const [drawn] = await drawnFigures(page, 1);
    assert.equal(drawn?.title, "Three points");
    await page.getByRole("link", { name: "On", exact: true }).click();
    assert.match(page.url(), /#1-figures$/);
    assert.equal(await page.locator("h2[id='1-figures']").count(), 1);
    await screenshot(page, `site-lecture-${scheme}`);
    assert.deepEqual(errors, []);
    await page.close();
  });

  test(`the first page shows the pictures for a ${scheme} page`, async () => {
    const { page, errors } = await open("", scheme);
    const visible = page.locator("img[src*='pictures/']:visible, .vp-doc img:visible");
    const sources = await visible.evaluateAll((images: { src: string }[]) => images.map(({ src }) => src));
    const written = readFileSync(join(packageRoot, "README.md"), "utf8").match(/<picture>/g) ?? [];
    assert.ok(written.length > 0, "README.md shows pictures");
    assert.equal(sources.length, written.length, sources.join());
    for (const source of sources) assert.equal(source.includes("dark"), scheme === "dark", source);
    await screenshot(page, `site-${scheme}`);
    assert.deepEqual(errors, []);
    await page.close();
  });
}

test("the search finds words of the pages without a network", async () => {
  const { page, errors } = await open("");
  await page.keyboard.press("Control+k");
  await page.locator(".VPLocalSearchBox input").fill("truncated backpropagation");
  await page.locator(".VPLocalSearchBox .result", { hasText: "Training" }).first().waitFor();
  assert.deepEqual(errors, []);
  await page.close();
});
