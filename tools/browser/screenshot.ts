import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Page } from "playwright-core";
import { packageRoot } from "../../src/platform/package-root.js";

const folder = join(packageRoot, "out/screenshots");

/** Whether pictures are asked for: those of the whole notebooks take more of the processor than running them. */
export const picturesWanted = process.env.RNNLAB_SCREENSHOTS === "1";

/** The folder for the pictures of a front end. */
export const folderOf = (frontEnd: string): string => frontEnd.toLowerCase().replace(" ", "-");

/**
 * Puts a picture of a page into `out/screenshots`, for people to look at, if pictures are asked for. The name may have
 * folders in it.
 */
export async function screenshot(page: Page, name: string, { fullPage = false } = {}): Promise<void> {
  if (!picturesWanted) return;
  const path = join(folder, `${name}.png`);
  mkdirSync(dirname(path), { recursive: true });
  await page.screenshot({ path, fullPage });
}
