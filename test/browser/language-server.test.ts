import assert from "node:assert/strict";
import { test } from "node:test";
import type { NotebookPage } from "../../tools/browser/notebook-page.js";
import { screenshot } from "../../tools/browser/screenshot.js";
import { useJupyter } from "../../tools/browser/use-jupyter.js";

const cells = [
  "const months = 12;",
  "/** Doubles a number. */\nfunction twice(x: number): number {\n  return 2 * x;\n}",
  "twice(months)",
  "const wrong: number = twice(1).toFixed(2);",
];
/** What is typed over the third cell. */
const TYPED = 'twice("months")';

const jupyter = useJupyter(1000, 800);
let notebook: NotebookPage;

/** Waits until these texts are underlined, and no others. */
const underlined = (...texts: string[]) =>
  jupyter.page.waitForFunction(
    (wanted) =>
      // biome-ignore lint/suspicious/noExplicitAny: this runs in the page, whose types are not those of Node
      [...(globalThis as any).document.querySelectorAll(".jp-Notebook .cm-lintRange")]
        .map(({ textContent }) => textContent)
        .join("\n") === wanted,
    texts.join("\n"),
  );

test("JupyterLab underlines a mistake before anything has run, and one that is typed", async () => {
  jupyter.server.write("typed.ipynb", cells);
  notebook = await jupyter.server.open(jupyter.page, "typed.ipynb");
  await underlined("wrong");
  await notebook.write(2, TYPED);
  await underlined('"months"', "wrong");
  await screenshot(jupyter.page, "language-server");
  await notebook.write(2, "twice(months)");
  await underlined("wrong");
});

test("JupyterLab shows the type and the documentation of a name from another cell where the mouse rests", async () => {
  const line = notebook.cell(2).locator(".cm-line");
  await line.hover({ position: { x: 15, y: 8 } });
  const tooltip = jupyter.page.locator(".lsp-tooltip");
  await tooltip.waitFor();
  assert.match(await tooltip.innerText(), /twice\(x: number\): number[\s\S]*Doubles a number\./);
  await screenshot(jupyter.page, "language-server-hover");
});

test("JupyterLab jumps to the cell that declares a name", async () => {
  await notebook
    .cell(2)
    .locator(".cm-line")
    .click({ position: { x: 15, y: 8 } });
  await notebook.command("lsp:jump-to-definition");
  await notebook.cell(1).and(jupyter.page.locator(".jp-mod-active")).waitFor();
});

test("JupyterLab underlines what is no JavaScript in a notebook of the JavaScript kernel", async () => {
  jupyter.server.write(
    "plain.ipynb",
    ["const months = 12;", "const years: number = months / 12;"],
    "javascript",
  );
  await jupyter.server.open(jupyter.page, "plain.ipynb");
  await underlined("number");
});
