import { mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Page } from "playwright-core";

const folder = resolve(__dirname, "../../../out/screenshots");

/** The folder for the pictures of a front end. */
export const folderOf = (frontEnd: string): string => frontEnd.toLowerCase().replace(" ", "-");

/** Puts a picture of a page into `out/screenshots`, for people to look at; the name may have folders in it. */
export async function screenshot(page: Page, name: string, { fullPage = false } = {}): Promise<void> {
  const path = resolve(folder, `${name}.png`);
  mkdirSync(dirname(path), { recursive: true });
  await page.screenshot({ path, fullPage });
}
