// `npm run vscode`: drives the extension of VS Code in Chromium, with code-server from npm, which stays in the cache.
// With names of scenes it plays these alone. The first time it compiles code-server, which takes ten minutes; on Debian that needs libkrb5-dev.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launchChromium, newPage } from "../tools/browser/chromium.js";
import { screenshot } from "../tools/browser/screenshot.js";
import { runMain } from "./run-main.js";
import { type CodeServer, startCodeServer } from "./vscode/code-server.js";
import { SCENES } from "./vscode/scenes.js";
import { Workbench } from "./vscode/workbench.js";

async function main(): Promise<number> {
  const place = mkdtempSync(join(tmpdir(), "rnnlab-vscode-"));
  const wanted = process.argv.slice(2);
  let server: CodeServer | undefined;
  try {
    server = await startCodeServer(place);
    const browser = await launchChromium();
    try {
      for (const [name, { prepare, play }] of Object.entries(SCENES)) {
        if (wanted.length > 0 && !wanted.includes(name)) continue;
        const folder = join(place, name);
        prepare(folder);
        const page = await newPage(browser, 1300, 1400);
        const workbench = new Workbench(page);
        await workbench.enter(server.urlOf(folder));
        try {
          await play(workbench, folder);
        } catch (error) {
          await screenshot(page, "vscode/failed");
          throw error;
        }
        await page.close();
      }
    } finally {
      await browser.close();
    }
  } finally {
    await server?.stop();
    rmSync(place, { recursive: true, force: true, maxRetries: 5 });
  }
  console.log("Everything is as it should be");
  return 0;
}

runMain(main);
