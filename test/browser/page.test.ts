import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { finishedPage } from "../../cli/page/finished-page.js";
import { launchChromium, newPage } from "../../tools/browser/chromium.js";

const CELL = "<td>recurrent kernels of a bidirectional layer</td>";
const row = `<tr>${CELL.repeat(6)}<td><code>recurrent_kernel, bias</code></td></tr>`;
const html = finishedPage(`<html><head></head><body class="jp-Notebook"><main><h1>Signs</h1>
<div class="jp-RenderedHTMLCommon"><table>${row.repeat(60)}</table>
<details><summary>Answer</summary><p>Forty-two.</p></details></div></main></body></html>`);

/** Of a telephone, in pixels. */
const WIDTH = 400;

let browser: Browser;
let page: Page;
before(async () => {
  browser = await launchChromium();
  page = await newPage(browser, WIDTH, 800);
  await page.setContent(html);
});
after(() => browser?.close());

/** Words of the table that stand on two lines, and how far the table reaches beyond its place. */
const LAYOUT = `(() => {
  const broken = [];
  const table = document.querySelector("table");
  const texts = document.createTreeWalker(table, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text !== null; text = texts.nextNode())
    for (const { 0: word, index } of text.textContent.matchAll(/\\S+/g)) {
      const range = document.createRange();
      range.setStart(text, index);
      range.setEnd(text, index + word.length);
      if (range.getClientRects().length !== 1) broken.push(word);
    }
  const screen = document.documentElement.scrollWidth;
  return { broken, beyond: table.scrollWidth - table.clientWidth, screen };
})()`;

test("on a narrow screen a wide table is moved sideways, and its words stay whole", async () => {
  const { broken, beyond, screen } = (await page.evaluate(LAYOUT)) as {
    broken: string[];
    beyond: number;
    screen: number;
  };
  assert.deepEqual(broken, []);
  assert.ok(beyond > 0, "the table is wider than its place");
  assert.ok(screen <= WIDTH, `the page is ${screen} pixels wide`);
});

test("on paper a long table begins where it stands, and answers are open", async () => {
  const isOpen = `String(document.querySelector("main details").open)`;
  await page.evaluate(`addEventListener("beforeprint", () => { document.title = ${isOpen}; })`);
  await page.pdf({ format: "A4" });
  assert.equal(await page.title(), "true");
  assert.equal(await page.evaluate(isOpen), "false");
  await page.emulateMedia({ media: "print" });
  const breaks = (name: string) =>
    page.evaluate(`getComputedStyle(document.querySelector("${name}")).breakInside`);
  assert.deepEqual([await breaks("table"), await breaks("tr")], ["auto", "avoid"]);
});
