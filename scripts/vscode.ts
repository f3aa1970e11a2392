// `npm run vscode`: drives the extension of VS Code in Chromium, with code-server from npm, which stays in the cache.
// The first time it compiles code-server, which takes ten minutes; on Debian that needs libkrb5-dev.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launchChromium, newPage } from "../tools/browser/chromium.js";
import { runMain } from "./run-main.js";
import { type CodeServer, startCodeServer } from "./vscode/code-server.js";
import { writeNotebooks } from "./vscode/notebooks.js";
import { Workbench } from "./vscode/workbench.js";

const LECTURE = "000-electricity-production.ipynb";

async function main(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "rnnlab-vscode-"));
  let server: CodeServer | undefined;
  try {
    writeNotebooks(folder, LECTURE);
    server = await startCodeServer(folder);
    const browser = await launchChromium();
    try {
      await drive(new Workbench(await newPage(browser, 1300, 1000)), server.url);
    } finally {
      await browser.close();
    }
  } finally {
    server?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  console.log("Everything is as it should be");
  return 0;
}

async function drive(workbench: Workbench, url: string): Promise<void> {
  await workbench.enter(url);
  await workbench.open(LECTURE);
  // The last cell has a mistake, so that it is known when all cells have been looked at.
  await workbench.problems(1);
  assert.equal(await workbench.faded(), 0);
  console.log("  nothing is wrong in the lecture");
  await workbench.open("planted.ipynb");
  await workbench.underlined(["wrong", "length"]);
  console.log("  planted mistakes are underlined, and nothing in Markdown");
  assert.match(await workbench.hover("half", 1), /half\(x: number\): number/);
  console.log("  hover knows earlier cells");
  await workbench.typeAfter("count.length;", "\nhal");
  const offered = await workbench.completions();
  assert.deepEqual(
    offered.filter((each) => each.startsWith("half")).length,
    1,
    `half is offered once: ${offered}`,
  );
  await workbench.undoTyping(4);
  console.log("  completion offers a name once");
  await workbench.rename("half", "third");
  await workbench.shows("function third(x: number)", "third(count).toFixed();", "third(wrong);");
  console.log("  rename reaches all cells");
  await workbench.typeAfter("const count = 3;", "\nconst late: string = count;");
  await workbench.underlined(["late", "wrong", "length"]);
  console.log("  an edit is underlined");
  await workbench.open("other.ipynb");
  await workbench.underlined(["count"]);
  console.log("  notebooks do not see each other");
}

runMain(main);
