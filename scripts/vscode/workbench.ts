import { setTimeout as pause } from "node:timers/promises";
import type { Locator, Page } from "playwright-core";
import { screenshot } from "../../tools/browser/screenshot.js";

/** How long VS Code may take to show something, in ms. */
const PATIENCE = 120_000;
/** How often it is looked at, in ms. */
const INTERVAL = 250;
/** How long VS Code needs after its start, in ms, before it opens notebooks as such: nothing on the page tells. */
const START = 8000;

/** VS Code in a browser, as a person uses it. */
export class Workbench {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async enter(url: string): Promise<void> {
    await this.#page.goto(url);
    await this.#page.locator(".explorer-folders-view").first().waitFor();
    await pause(START);
  }

  /** Opens a file of the folder; its tab shows then. */
  async open(name: string): Promise<void> {
    await this.#page.keyboard.press("Control+P");
    await this.#page.locator(".quick-input-widget input").first().waitFor();
    await this.#page.keyboard.type(name);
    await this.#page.locator(".quick-input-list .monaco-list-row", { hasText: name }).first().waitFor();
    await this.#page.keyboard.press("Enter");
    await this.#page.locator(".tab.active", { hasText: name }).waitFor();
    // What Markdown is shown as lies above its row.
    await this.#page.locator(`${OPEN} .monaco-list-row`).first().waitFor({ state: "attached" });
  }

  /** Waits until VS Code counts a number of errors and no warnings, in all cells, also those that are out of sight. */
  async problems(errors: number): Promise<void> {
    const status = this.#page.locator('[id="status.problems"]');
    await until(`${errors} problems`, async () => {
      const text = (await status.count()) === 0 ? "" : await status.innerText();
      return text.replace(/\D+/g, " ").trim() === `${errors} 0`;
    });
  }

  /** How many names are shown as ones that nobody uses, in the cells that are in sight. */
  faded(): Promise<number> {
    return this.#page.locator(`${OPEN} .squiggly-inline-unnecessary`).count();
  }

  /** Waits until the marks of mistakes in the open notebook are on these words, in any order. */
  async underlined(words: readonly string[]): Promise<void> {
    const wanted = words.length;
    const marks = this.#page.locator(`${OPEN} .squiggly-error, ${OPEN} .squiggly-warning`);
    await until(`${wanted} marks`, async () => (await marks.count()) === wanted);
    await screenshot(this.#page, `vscode/underlined-${words.join("-") || "nothing"}`);
  }

  /** What VS Code shows for a name, at the place of this index. */
  async hover(name: string, index: number): Promise<string> {
    const shown = this.#page.locator(".monaco-hover:visible").first();
    let text = "";
    await until(`the hover of ${name}`, async () => {
      await this.#page.mouse.move(0, 0);
      await this.#word(name).nth(index).hover();
      await pause(INTERVAL * 4);
      text = (await shown.count()) === 0 ? "" : await shown.innerText();
      return text.includes(name);
    });
    return text;
  }

  /** Types at the end of a line. */
  async typeAfter(line: string, text: string): Promise<void> {
    await this.#lines.filter({ hasText: line }).first().click();
    await this.#page.keyboard.press("End");
    await this.#page.keyboard.type(text);
  }

  async completions(): Promise<string[]> {
    const rows = this.#page.locator(".suggest-widget .monaco-list-row");
    await rows.first().waitFor();
    return rows.allInnerTexts();
  }

  async undoTyping(characters: number): Promise<void> {
    await this.#page.keyboard.press("Escape");
    for (let count = 0; count < characters; count++) await this.#page.keyboard.press("Backspace");
  }

  async rename(name: string, to: string): Promise<void> {
    await this.#word(name).last().click();
    await this.#page.keyboard.press("F2");
    // The box is there before it has the name and the keyboard.
    const box = this.#page.locator(".rename-box input:focus");
    await until(
      "the name in the box",
      async () => (await box.count()) > 0 && (await box.inputValue()) === name,
    );
    await this.#page.keyboard.type(to);
    await this.#page.keyboard.press("Enter");
  }

  /** Waits until lines of the open notebook show texts. */
  async shows(...texts: readonly string[]): Promise<void> {
    for (const text of texts) await this.#lines.filter({ hasText: text }).first().waitFor();
  }

  get #lines(): Locator {
    return this.#page.locator(`${OPEN} .view-line`);
  }

  #word(name: string): Locator {
    return this.#lines.locator("span span", { hasText: new RegExp(`^\\s*${name}$`) });
  }
}

/** The notebook that is shown: others stay in the page. */
const OPEN = ".notebookOverlay:visible";

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE;
  while (!(await holds())) {
    if (Date.now() > end)
      throw new Error(`Cannot see ${what} in VS Code: it must be there, got none in ${PATIENCE} ms`);
    await pause(INTERVAL);
  }
}
