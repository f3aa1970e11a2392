import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../../setup/run-command.js";
import { packageRoot } from "../../src/platform/package-root.js";
import { stage } from "./stage.js";

/** Where the site goes. */
export const siteFolder = join(packageRoot, "out/site");

/**
 * Builds the site of the pages and lectures. VitePress fails for a link that leads to no page.
 *
 * @param folder - where it goes, which is emptied
 * @param base - the path under which it will be served
 * @param notebooks - the lectures' notebooks, executed or not
 */
export async function buildSite(
  folder: string,
  base: string,
  notebooks: readonly string[] = lectureFiles(),
): Promise<void> {
  const staged = `${folder}-pages`;
  stage(staged, base, notebooks);
  rmSync(folder, { recursive: true, force: true });
  const vitepress = join(packageRoot, "node_modules/vitepress/bin/vitepress.js");
  try {
    await runCommand(process.execPath, [vitepress, "build", staged, "--outDir", folder], {
      cwd: packageRoot,
      timeout: 300_000,
      lines: 40,
    });
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
}

/** The lectures' notebooks: as `npm start` has left them in `out/`, or else as they are committed, without outputs. */
function lectureFiles(): string[] {
  const folder = join(packageRoot, "notebooks");
  const names = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));
  return names.sort().map((name) => {
    const executed = join(packageRoot, "out", name);
    return existsSync(executed) ? executed : join(folder, name);
  });
}
