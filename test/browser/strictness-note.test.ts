import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { launchChromium, newPage } from "./chromium";
import { faintTexts } from "./contrast";
import { frontEnds, JupyterServer } from "./jupyter-server";
import { folderOf } from "./screenshot";

/** What strict checks find at the end of a long line, with a message that is longer than the page is wide. */
const cell = `const groups = {}; const kind: string = "tea"; const sizes = [1, 2, 3].map((size) => size * 2).filter((size) => size > 2); groups[kind]`;

let browser: Browser;
let server: JupyterServer;
let page: Page;
before(async () => {
  browser = await launchChromium();
  server = await JupyterServer.start();
  page = await newPage(browser, 900, 700);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Whether all of an element is within the width of the output that it stands in. */
const isInSight = (selector: string): Promise<boolean> =>
  page.evaluate(`(() => {
    const inner = document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect();
    const outer = document.querySelector(".jp-OutputArea-output details").getBoundingClientRect();
    return inner.left >= outer.left && inner.right <= outer.right + 1;
  })()`);

for (const frontEnd of frontEnds) {
  test(`${frontEnd} shows what strict checks have found in one line, which unfolds to what can be read`, async () => {
    const name = `${folderOf(frontEnd)}-strict.ipynb`;
    server.write(name, [cell]);
    const notebook = await server.open(page, name, frontEnd);
    await notebook.run(0);
    const note = notebook.output(0).locator("details");
    const summary = note.locator("summary");
    const folded = await note.boundingBox();
    assert.equal(folded?.height, (await summary.boundingBox())?.height, "one line, as long as it is folded");
    await summary.click();
    await note.locator("pre").waitFor();
    assert.match(await note.innerText(), /groups\[kind\]\n[^\n]*\^~+\nTS7053/);
    assert.equal(await isInSight("details pre span"), true, "the message is broken into lines");
    for (const theme of ["Light", "Dark"] as const) {
      await notebook.theme(theme);
      const texts = await note.innerText();
      const faint = (await faintTexts(page)).filter(({ text }) => texts.includes(text));
      assert.deepEqual(faint, [], theme);
      await notebook.screenshot(`${folderOf(frontEnd)}/strictness-note-${theme.toLowerCase()}`);
    }
    await notebook.theme("Light");
  });
}
