import assert from "node:assert/strict";
import { test } from "node:test";
import { frontEnds } from "../../tools/browser/jupyter-server.js";
import { folderOf } from "../../tools/browser/screenshot.js";
import { useJupyter } from "../../tools/browser/use-jupyter.js";
import { faintTexts } from "./contrast.js";

/** What strict checks find at the end of a long line, with a message that is longer than the page is wide. */
const CELL = `const groups = {}; const kind: string = "tea"; const sizes = [1, 2, 3].map((size) => size * 2).filter((size) => size > 2); groups[kind]`;

const jupyter = useJupyter(900, 700, { languageServer: false });

/** Whether all of an element is within the width of the output that it stands in. */
const isInSight = (selector: string): Promise<boolean> =>
  jupyter.page.evaluate(`(() => {
    const inner = document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect();
    const outer = document.querySelector(".jp-OutputArea-output details").getBoundingClientRect();
    return inner.left >= outer.left && inner.right <= outer.right + 1;
  })()`);

for (const frontEnd of frontEnds) {
  test(`${frontEnd} shows what strict checks have found in one line, which unfolds to what can be read`, async () => {
    const name = `${folderOf(frontEnd)}-strict.ipynb`;
    jupyter.server.write(name, [CELL]);
    const notebook = await jupyter.server.open(jupyter.page, name, frontEnd);
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
      const faint = (await faintTexts(jupyter.page)).filter(({ text }) => texts.includes(text));
      assert.deepEqual(faint, [], theme);
      await notebook.screenshot(`${folderOf(frontEnd)}/strictness-note-${theme.toLowerCase()}`);
    }
    await notebook.theme("Light");
  });
}

for (const frontEnd of frontEnds) {
  test(`${frontEnd} says below a cell that it uses a name of a cell that was edited and saved, and not run again`, async () => {
    const name = `${folderOf(frontEnd)}-edited.ipynb`;
    jupyter.server.write(name, ["const epochs = 3;", "epochs * 2"]);
    const notebook = await jupyter.server.open(jupyter.page, name, frontEnd);
    await notebook.run(0);
    await notebook.run(1);
    await notebook.write(0, "const epochs = 4;");
    await notebook.save();
    await notebook.start(1);
    const line =
      "Cell In[3] uses epochs from In[1], which has been edited and saved since, but not run again";
    await notebook.output(1).getByText(line).waitFor();
    await notebook.screenshot(`${folderOf(frontEnd)}/edited-cell`);
    await notebook.run(0);
    await notebook.start(1);
    await notebook.output(1).getByText("8").waitFor();
    assert.match(await notebook.output(1).innerText(), /^\[5\]:\s+8\s*$/);
  });
}
