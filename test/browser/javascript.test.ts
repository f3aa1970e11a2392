import assert from "node:assert/strict";
import { test } from "node:test";
import { screenshot } from "../../tools/browser/screenshot.js";
import { useJupyter } from "../../tools/browser/use-jupyter.js";
import { waitUntil } from "../../tools/browser/wait-until.js";

const cells = [
  "// Undeclared names, as in any script\nvalues = [3, 7, 5];\nfor (i of values) console.log(i)",
  `function bars(heights) {
  var rects = heights.map((h, k) =>
    '<rect x="' + 30 * k + '" y="' + (80 - 10 * h) + '" width="24" height="' + 10 * h + '" fill="#2f5d8a"/>');
  return '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="80">' + rects.join("") + "</svg>";
}
$$.svg(bars(values))`,
  '$$.async();\nsetTimeout(() => $$.html("<b>done</b> after a while"), 50);',
  "values",
];

const jupyter = useJupyter(1200, 900);

test("JupyterLab's launcher offers both kernels, each with its logo", async () => {
  await jupyter.server.openLauncher(jupyter.page);
  for (const title of ["TypeScript (rnnlab)", "JavaScript (rnnlab)"]) {
    const logo = `.jp-LauncherCard[data-category="Notebook"][title^="${title}"] img`;
    await waitUntil(jupyter.page, `document.querySelector(${JSON.stringify(logo)})?.naturalWidth > 0`);
  }
  await screenshot(jupyter.page, "jupyterlab/launcher");
});

test("a JavaScript notebook runs in JupyterLab: highlighted, with pictures, asynchronous results and completion", async () => {
  jupyter.server.write("javascript.ipynb", cells, "javascript");
  const notebook = await jupyter.server.open(jupyter.page, "javascript.ipynb");
  for (const index of [0, 1, 2]) await notebook.run(index);
  await notebook.output(1).locator("img, svg").first().waitFor();
  await notebook.output(2).getByText("done").waitFor();
  assert.equal(await notebook.cell(0).locator(".cm-content").getAttribute("data-language"), "javascript");
  await notebook.screenshot("jupyterlab/javascript");
  await notebook.write(3, "$$.se");
  await jupyter.page.keyboard.press("Tab");
  const items = jupyter.page.locator(".jp-Completer-item");
  await items.first().waitFor();
  const texts = await items.allInnerTexts();
  assert.deepEqual(
    texts.map((text) => text.split("\n").find((line) => line.startsWith("send"))),
    ["sendError", "sendResult"],
  );
  const [printed, drawn, later] = await notebook.save();
  assert.deepEqual(
    [printed, drawn, later].map((outputs) => outputs?.map(({ output_type }) => output_type)),
    [["stream"], ["execute_result"], ["execute_result"]],
  );
});
