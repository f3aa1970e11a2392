import type { Locator, Page } from "playwright-core";
import { screenshot } from "../../tools/browser/screenshot.js";
import { Debugging } from "./debugging.js";
import { until, within } from "./waiting.js";

/** How far the wheel goes at a time, in pixels: less than what is in sight. */
const SCREEN = 1000;

/** VS Code in a browser, as a person uses it. */
export class Workbench {
  readonly #page: Page;
  readonly debugging: Debugging;

  constructor(page: Page) {
    this.#page = page;
    this.debugging = new Debugging(page);
  }

  /** Opens VS Code, and waits until it knows a command of our extension: then it knows what all extensions open. */
  async enter(url: string): Promise<void> {
    await this.#page.goto(url);
    await this.#page.locator(".explorer-folders-view").first().waitFor();
    const command = "Create: New rnnlab Notebook";
    const found = this.#page.locator(".quick-input-list .monaco-list-row", { hasText: command });
    await until(command, async () => {
      await this.#type("F1", command);
      const isThere = await within(async () => (await found.count()) > 0);
      await this.#page.keyboard.press("Escape");
      return isThere;
    });
  }

  /** Opens a notebook of the folder; its cells show then. */
  async open(name: string): Promise<void> {
    await this.openFile(name);
    // What Markdown is shown as lies above its row.
    await this.#page.locator(`${OPEN} .monaco-list-row`).first().waitFor({ state: "attached" });
  }

  /** Opens a file of the folder; its tab shows then. */
  async openFile(name: string): Promise<void> {
    await this.#type("Control+P", name);
    await this.choose(name);
    await this.tab(name);
  }

  /** Waits until a file is the one that is shown. */
  async tab(name: string): Promise<void> {
    await this.#page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
  }

  async close(): Promise<void> {
    await this.command("View: Close Editor");
  }

  /** Waits until VS Code counts a number of errors and no warnings, in all cells, also those that are out of sight. */
  async problems(errors: number): Promise<void> {
    const status = this.#page.locator('[id="status.problems"]');
    await until(`${errors} problems`, async () => {
      const text = (await status.count()) === 0 ? "" : await status.innerText();
      return text.replace(/\D+/g, " ").trim() === `${errors} 0`;
    });
  }

  /** Waits until a name of the open file is shown as one that nobody uses. */
  async fades(name: string): Promise<void> {
    const faded = this.#page.locator(".editor-instance .squiggly-inline-unnecessary", { hasText: name });
    await faded.first().waitFor();
  }

  /** Waits until a mistake is marked in the file that is open, on this word. */
  async fileUnderlined(word: string): Promise<void> {
    await this.#page.locator(".editor-instance .view-line", { hasText: word }).first().waitFor();
    await this.#page.locator(".editor-instance .squiggly-error").first().waitFor();
    await screenshot(this.#page, `vscode/file-${word}`);
  }

  /**
   * The names that are shown as ones that nobody uses, from the first cell of the open notebook to the last.
   *
   * @param last - a line of the last cell
   */
  async faded(last: string): Promise<string[]> {
    const found = new Set<string>();
    const list = this.#page.locator(`${OPEN} .cell-list-container`);
    const rows = list.locator(".monaco-list-rows").first();
    const place = async () => `${await rows.getAttribute("style")} ${await rows.innerText()}`;
    const end = this.#lines.filter({ hasText: last });
    await list.hover();
    for (;;) {
      for (const name of await this.#page.locator(`${OPEN} .squiggly-inline-unnecessary`).allInnerTexts())
        found.add(name);
      if ((await end.count()) > 0) break;
      const before = await place();
      await this.#page.mouse.wheel(0, SCREEN);
      await until(`more on the way to ${last}`, async () => before !== (await place()));
    }
    await screenshot(this.#page, "vscode/faded");
    return [...found];
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
      return within(async () => {
        text = (await shown.count()) === 0 ? "" : await shown.innerText();
        return text.includes(name);
      });
    });
    return text;
  }

  /** Rests the mouse on the first mark of a mistake until what VS Code shows there has all of these parts. */
  async mistake(...parts: readonly RegExp[]): Promise<void> {
    const shown = this.#page.locator(".monaco-hover:visible").first();
    const mark = this.#page.locator(`${OPEN} .squiggly-error`).first();
    await until(`what is said of the mistake: ${parts.join(", ")}`, async () => {
      const box = await mark.boundingBox();
      if (box === null) return false;
      await this.#page.mouse.move(0, 0);
      await this.#page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      return within(async () => {
        const text = (await shown.count()) === 0 ? "" : await shown.innerText();
        return parts.every((part) => part.test(text.replaceAll("\u00a0", " ")));
      });
    });
  }

  /** Waits until VS Code has its light or its dark theme. */
  async theme(kind: "light" | "dark"): Promise<void> {
    const name = kind === "light" ? "vs" : "vs-dark";
    await this.#page.locator(`.monaco-workbench.${name}`).waitFor();
  }

  /** Types at the end of a line. */
  async typeAfter(line: string, text: string): Promise<void> {
    await this.#lines.filter({ hasText: line }).first().click();
    await this.#page.keyboard.press("End");
    await this.#page.keyboard.type(text);
  }

  /** Types into the first cell. */
  async typeFirst(text: string): Promise<void> {
    await this.#lines.first().click();
    await this.#page.keyboard.type(text);
  }

  async completions(): Promise<string[]> {
    const rows = this.#page.locator(".suggest-widget .monaco-list-row");
    await rows.first().waitFor();
    return rows.allInnerTexts();
  }

  async undoTyping(characters: number): Promise<void> {
    for (let count = 0; count < characters; count++) await this.#page.keyboard.press("Backspace");
  }

  /** Chooses a command by the name that the palette shows. */
  async command(name: string): Promise<void> {
    await this.#type("F1", name);
    await this.choose(name);
  }

  /** Opens the box of commands or of files by its key, and types into it. */
  async #type(key: string, text: string): Promise<void> {
    await this.#page.keyboard.press(key);
    await this.#page.locator(".quick-input-widget:visible input").first().waitFor();
    await this.#page.keyboard.type(text);
  }

  /** Chooses what has a text from the list that is shown. */
  async choose(text: string): Promise<void> {
    await this.#page.locator(".quick-input-list .monaco-list-row", { hasText: text }).first().click();
  }

  /** What the list that is shown offers, as soon as it has a text. */
  async choices(text: string): Promise<string[]> {
    const rows = this.#page.locator(".quick-input-widget:visible .monaco-list-row");
    await rows.filter({ hasText: text }).first().waitFor();
    return rows.allInnerTexts();
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

  /** Goes to where the last use of a name in the open notebook is declared. */
  async goToDefinition(name: string): Promise<void> {
    await this.#word(name).last().click();
    await this.#page.keyboard.press("F12");
  }

  /** Waits until a cell has the keyboard, by its number from 1, in a notebook of `count` cells. */
  async inCell(number: number, count: number): Promise<void> {
    const text = new RegExp(`^Cell ${number} of ${count}\\b`);
    await this.#page.locator(".statusbar-item", { hasText: text }).waitFor();
  }

  /** Waits until the view of references lists lines of code. */
  async references(name: string, ...lines: readonly string[]): Promise<void> {
    await this.#word(name).last().click();
    await this.#page.keyboard.press("Shift+Alt+F12");
    const rows = this.#page.locator(".sidebar .monaco-list-row");
    await until("references", async () => {
      const shown = await rows.allInnerTexts();
      return shown.slice(1).join("\n") === lines.join("\n");
    });
    await screenshot(this.#page, "vscode/references");
  }

  /** The names that the list of symbols has for the open notebook, as soon as it has one of them. */
  async symbols(wanted: string): Promise<string[]> {
    const rows = this.#page.locator(".quick-input-widget:visible .monaco-list-row");
    let shown: string[] = [];
    // The list shows what is known when it is opened.
    await until(`the symbol ${wanted}`, async () => {
      await this.#page.keyboard.press("Control+Shift+O");
      const isThere = await within(async () => {
        shown = (await rows.allInnerTexts()).map((each) => each.trim());
        return shown.includes(wanted);
      });
      await screenshot(this.#page, "vscode/symbols");
      await this.#page.keyboard.press("Escape");
      return isThere;
    });
    return shown;
  }

  /** What the box above the call shows that is being written. */
  async signature(): Promise<string> {
    const box = this.#page.locator(".parameter-hints-widget.visible .signature").first();
    await box.waitFor();
    await screenshot(this.#page, "vscode/signature");
    return box.innerText();
  }

  /** Takes the fix with this title of the mistake at the last use of a name. */
  async fix(name: string, title: string): Promise<void> {
    await this.#word(name).last().click();
    const fix = this.#page.locator(".action-widget .monaco-list-row", { hasText: title });
    // The list closes again where the place of the keyboard is still being shown.
    await until(title, async () => {
      if ((await fix.count()) === 0) await this.#page.keyboard.press("Control+.");
      return within(async () => (await fix.count()) > 0);
    });
    await screenshot(this.#page, "vscode/fix");
    await this.#page.keyboard.press("Enter");
  }

  /** Waits until the terminal shows a text. */
  async terminal(text: string): Promise<void> {
    await this.#page.locator(".xterm-rows", { hasText: text }).waitFor();
    await screenshot(this.#page, "vscode/terminal");
  }

  /** Waits until the walkthrough that is open shows these steps. */
  async steps(...titles: readonly string[]): Promise<void> {
    for (const title of titles)
      await this.#page.locator(".getting-started-step", { hasText: title }).waitFor();
    await screenshot(this.#page, "vscode/walkthrough");
  }

  /** Waits until the editor tells of something, and the whole of it can be read. */
  async told(text: string): Promise<void> {
    const message = this.#page.locator(".notification-list-item-message", { hasText: text });
    await message.waitFor();
    await until(`the whole of "${text}"`, () =>
      message.evaluate(
        (shown) => shown.scrollWidth <= shown.clientWidth && shown.scrollHeight <= shown.clientHeight,
      ),
    );
    await screenshot(this.#page, `vscode/told-${text.replace(/\W+/g, "-")}`);
  }

  /** Chooses a cell itself, not its text, by one of its lines; keys then mean cells. */
  async chooseCell(line: string): Promise<void> {
    await this.#lines.filter({ hasText: line }).first().click();
    await this.#page.keyboard.press("Escape");
  }

  /** Puts the keyboard at the begin of a line. */
  async goBefore(line: string): Promise<void> {
    await this.#lines.filter({ hasText: line }).first().click();
    await this.#page.keyboard.press("Home");
  }

  async press(key: string): Promise<void> {
    await this.#page.keyboard.press(key);
  }

  /** Waits until the cells of the open notebook that are in view have these texts but for empty lines, in this order. */
  async cells(...texts: readonly string[]): Promise<void> {
    const cells = this.#page.locator(`${OPEN} .code-cell-row .view-lines`);
    const wanted = texts.join("\n\n");
    await until(`the cells ${JSON.stringify(wanted)}`, async () => {
      const shown = await cells.evaluateAll((all) =>
        all
          .map((cell) => ({
            top: cell.getBoundingClientRect().top,
            text: [...cell.querySelectorAll(".view-line")]
              .map((line) => ({ top: line.getBoundingClientRect().top, text: line.textContent ?? "" }))
              .toSorted((one, other) => one.top - other.top)
              .map(({ text }) => text.replaceAll("\u00a0", " "))
              // Cells that are parted keep the line break between them.
              .filter((text) => text.trim() !== "")
              .join("\n"),
          }))
          .toSorted((one, other) => one.top - other.top)
          .map(({ text }) => text),
      );
      return shown.join("\n\n") === wanted;
    });
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
