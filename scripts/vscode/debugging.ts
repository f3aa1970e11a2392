import type { Page } from "playwright-core";
import { screenshot } from "../../tools/browser/screenshot.js";

/** VS Code's debugger in a browser, as a person uses it. */
export class Debugging {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Sets a breakpoint in the open file, at the line with a text. */
  async breakpoint(text: string): Promise<void> {
    await this.#page.locator(".editor-instance .view-line", { hasText: text }).click();
    await this.#page.keyboard.press("F9");
    await this.#page.locator(".editor-instance .codicon-debug-breakpoint").first().waitFor();
  }

  /** Starts what the folder's launch.json says, and waits until VS Code debugs and has placed the breakpoint. */
  async start(): Promise<void> {
    await this.#page.keyboard.press("F5");
    await this.#page.locator(".debug-toolbar").waitFor();
    // Within the line stand the places that can be stopped at, which the debugger knows by the script.
    await this.#page.locator(".inline-breakpoint-widget").first().waitFor();
    await screenshot(this.#page, "vscode/attached");
  }

  /** Waits until the debugger has stopped at a line of a file. */
  async stopped(file: string, line: number, name: string): Promise<void> {
    const frames = this.#page.locator(".debug-call-stack .stack-frame");
    const top = frames
      .filter({ hasText: name })
      .filter({ hasText: file })
      .filter({ hasText: `${line}:` });
    await top.first().waitFor();
    await this.#page.locator(".debug-top-stack-frame-column, .debug-top-stack-frame").first().waitFor();
  }

  /** Waits until the variables of the frame have a value. */
  async variable(name: string, value: string): Promise<void> {
    const rows = this.#page.locator(".debug-variables .monaco-list-row");
    const local = rows.filter({ hasText: /^(?:Local|Block)/ }).first();
    await local.waitFor();
    if ((await local.getAttribute("aria-expanded")) === "false") await local.click();
    await rows
      .filter({ hasText: new RegExp(`^${name}\\s*[:=]?\\s*${value}$`) })
      .first()
      .waitFor();
    await screenshot(this.#page, `vscode/stopped-${name}`);
  }

  /** Lets go on what the debugger has stopped. */
  async goOn(): Promise<void> {
    await this.#page.keyboard.press("F5");
  }
}
