import type { Page } from "playwright-core";

/** How often a page is asked, in ms. By default it would be asked, and drawn, with each frame: that takes most of a processor. */
const INTERVAL = 100;

/**
 * Waits until an expression has a value that is true.
 *
 * @param page - where it is evaluated
 * @param expression - in JavaScript
 * @throws {TimeoutError} when that takes longer than the page is given
 */
export async function waitUntil(page: Page, expression: string): Promise<void> {
  await page.waitForFunction(expression, undefined, { polling: INTERVAL });
}
