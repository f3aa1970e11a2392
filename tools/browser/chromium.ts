import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

const candidates = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Starts Chromium without a window and without any traffic of its own; fails with the command that installs it. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = candidates.find((path) => existsSync(path));
  assert.ok(executablePath, "Chromium is missing; install it with `apt-get install chromium`");
  return chromium.launch({
    executablePath,
    args: [
      ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
    ],
  });
}

/** How long a page may take for what it is to show, in ms: far more than it does, on a machine that is busy, too. */
const PATIENCE = 120_000;

/** Opens an empty page of a window of this size. */
export async function newPage(browser: Browser, width: number, height: number): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height } });
  page.setDefaultTimeout(PATIENCE);
  return page;
}
