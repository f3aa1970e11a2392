import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../../setup/run-command.js";
import { packageRoot } from "../../src/platform/package-root.js";
import { finishedPage } from "./finished-page.js";

const SCRIPT = join(packageRoot, "cli/page/page.py");

/**
 * Writes a notebook as a page that needs no network.
 *
 * @param python - has nbconvert
 * @param notebook - the notebook's path
 * @param page - where the HTML goes
 * @throws {Error} when nbconvert cannot read the notebook
 */
export async function writePage(python: string, notebook: string, page: string): Promise<void> {
  await runCommand(python, [SCRIPT, notebook, page]);
  writeFileSync(page, finishedPage(readFileSync(page, "utf8")));
}
