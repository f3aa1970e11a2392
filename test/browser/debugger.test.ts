import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { frontEnds } from "../../tools/browser/jupyter-server.js";
import { folderOf, screenshot } from "../../tools/browser/screenshot.js";
import { useJupyter } from "../../tools/browser/use-jupyter.js";
import { waitUntil } from "../../tools/browser/wait-until.js";

const jupyter = useJupyter(1280, 720);

const cells = [
  "function scale(a: number): number {\n  const doubled = a * 2;\n  return doubled;\n}",
  "let total = 0;\nfor (let i = 1; i < 3; i++) {\n  total += scale(i);\n}\ntotal",
];

const inPanel = (page: Page, panel: string, text: string | RegExp) =>
  page.locator(`.jp-DebuggerSidebar .${panel}`, { hasText: text }).waitFor();

for (const frontEnd of frontEnds) {
  test(`the debugger of ${frontEnd} stops at a breakpoint of the gutter, shows frames and variables, steps and goes on`, async () => {
    const { server, page } = jupyter;
    const name = `debugged-${folderOf(frontEnd)}.ipynb`;
    server.write(name, cells);
    const notebook = await server.open(page, name, frontEnd);
    await notebook.run(0);
    await page.locator(".jp-DebuggerBugButton").click();
    // There the panel opens from the menu: View, Right Sidebar, Show Debugger.
    if (frontEnd === "Notebook 7")
      await notebook.command("application:toggle-panel", { side: "right", id: "jp-debugger-sidebar" });
    // The panel of variables lists the notebook's names, with nothing stopped.
    await page.locator(".jp-DebuggerSidebar").waitFor();
    await inPanel(page, "jp-DebuggerVariables", /scale/);
    const gutter = notebook.cell(1).locator(".cm-breakpoint-gutter .cm-gutterElement").nth(3);
    await gutter.click();
    await inPanel(page, "jp-DebuggerBreakpoints", /3/);
    await notebook.start(1);
    await inPanel(page, "jp-DebuggerCallstack", /Cell In\[2\]/);
    // As with every kernel, the panel goes on with the scope that it has shown until another is chosen.
    await page.locator(".jp-DebuggerSidebar select").first().selectOption("Locals");
    await inPanel(page, "jp-DebuggerVariables", /number = 1/);
    await screenshot(page, `${folderOf(frontEnd)}/debugger-breakpoint`);
    await notebook.command("debugger:stepIn");
    await inPanel(page, "jp-DebuggerCallstack", /scale in Cell In\[1\]/);
    await inPanel(page, "jp-DebuggerVariables", /doubled/);
    await screenshot(page, `${folderOf(frontEnd)}/debugger-step-in`);
    await notebook.command("debugger:continue");
    await waitUntil(
      page,
      `document.querySelector(".jp-DebuggerCallstack").innerText.includes("Cell In[2]") && !document.querySelector(".jp-DebuggerCallstack").innerText.includes("scale in")`,
    );
    await notebook.command("debugger:continue");
    await notebook.ended(1);
    assert.match(await notebook.output(1).innerText(), /6/);
    await inPanel(page, "jp-DebuggerVariables", /number = 6/);
    await screenshot(page, `${folderOf(frontEnd)}/debugger-variables`);
  });
}
