import { readFileSync } from "node:fs";
import type { Locator, Page } from "playwright-core";
import { picturesWanted, screenshot } from "./screenshot.js";
import { waitUntil } from "./wait-until.js";

const APP = "window.jupyterapp";
const kernel = `${APP}.shell.currentWidget?.sessionContext?.session?.kernel`;

/** The buttons of a notebook's toolbar. */
type Button = "save" | "interrupt" | "restart" | "restart-and-run";

/** An output in a saved notebook. */
export interface SavedOutput {
  readonly output_type: string;
  readonly evalue?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** A notebook that is open in JupyterLab or Notebook 7, with what a person does there. */
export class NotebookPage {
  constructor(
    readonly page: Page,
    private readonly path: string,
  ) {}

  /** Waits until the notebook is there and its kernel has this status. */
  async ready(status: "idle" | "busy" = "idle"): Promise<void> {
    await this.page.waitForSelector(".jp-Notebook .jp-Cell");
    await this.status(status);
  }

  /** Waits until the front end shows this status of the kernel. */
  async status(status: "idle" | "busy"): Promise<void> {
    await waitUntil(this.page, `${kernel}?.status === "${status}"`);
  }

  /** Runs a command of JupyterLab's own, by its id, and waits until it has done its work. */
  async command(id: string, args: object = {}): Promise<void> {
    await this.page.evaluate(
      `${APP}.commands.execute(${JSON.stringify(id)}, ${JSON.stringify(args)}).then(() => undefined)`,
    );
  }

  runAll(): Promise<void> {
    return this.command("notebook:run-all-cells");
  }

  async press(button: Button): Promise<void> {
    await this.page.locator(`.jp-NotebookPanel-toolbar [data-jp-item-name="${button}"] jp-button`).click();
  }

  /** A code cell, counted from 0. */
  cell(index: number): Locator {
    return this.page.locator(".jp-Notebook .jp-CodeCell").nth(index);
  }

  output(index: number): Locator {
    return this.cell(index).locator(".jp-Cell-outputArea");
  }

  /** Replaces a cell's text; the cursor is at its end. */
  async write(index: number, text: string): Promise<void> {
    await this.#enter(index);
    await this.page.keyboard.press("ControlOrMeta+a");
    await this.page.keyboard.insertText(text);
  }

  /** Runs a cell with the keyboard; does not wait for its end. */
  async start(index: number): Promise<void> {
    await this.#enter(index);
    await this.page.keyboard.press("Control+Enter");
  }

  /** Sets the cursor into a cell, without the mouse: the hover of one that rests on code covers the cell below. */
  async #enter(index: number): Promise<void> {
    await this.cell(index).locator(".cm-content").focus();
  }

  /** Runs a cell and waits for its end. */
  async run(index: number): Promise<void> {
    await this.start(index);
    await this.ended(index);
  }

  /** Waits until a cell has been run. */
  async ended(index: number): Promise<void> {
    await this.cell(index)
      .locator(".jp-InputPrompt", { hasText: /\[\d+\]/ })
      .waitFor({ timeout: 60_000 });
  }

  /** Saves the notebook and reads the outputs of each cell from its file. */
  async save(): Promise<SavedOutput[][]> {
    await this.command("docmanager:save");
    const { cells } = JSON.parse(readFileSync(this.path, "utf8")) as { cells: { outputs?: SavedOutput[] }[] };
    return cells.flatMap(({ outputs }) => (outputs === undefined ? [] : [outputs]));
  }

  async theme(name: "Light" | "Dark"): Promise<void> {
    await this.command("apputils:change-theme", { theme: `JupyterLab ${name}` });
    await this.page.waitForSelector(`body[data-jp-theme-name="JupyterLab ${name}"]`, { state: "attached" });
    // JupyterLab covers the page meanwhile.
    await this.page.waitForSelector("#jupyterlab-splash", { state: "detached" });
  }

  /** Ends the notebook's kernel. */
  async shutDown(): Promise<void> {
    await this.page.evaluate(`${APP}.shell.currentWidget.sessionContext.shutdown()`);
  }

  /** Waits until all cells are in the page: JupyterLab adds those that are out of sight when it has time. */
  async attached(): Promise<void> {
    const cells = `${APP}.shell.currentWidget.content.widgets`;
    await waitUntil(
      this.page,
      `document.querySelectorAll(".jp-Notebook .jp-Cell").length === ${cells}.length`,
    );
  }

  /** Scrolls until the cell with this id is at the top, or at the bottom. */
  async scrollTo(id: string, end: "start" | "end" = "start"): Promise<void> {
    await this.page.evaluate(`(async () => {
      const notebook = ${APP}.shell.currentWidget.content;
      notebook.activeCellIndex = notebook.widgets.findIndex((cell) => cell.model.id === "${id}");
      await notebook.scrollToItem(notebook.activeCellIndex, "${end}");
    })()`);
  }

  /** Takes a picture of the whole notebook, in a window as high as that takes, if pictures are asked for. */
  async screenshot(name: string): Promise<void> {
    if (!picturesWanted) return;
    const { width = 0, height = 0 } = this.page.viewportSize() ?? {};
    const measure = `(() => {
      const panel = document.querySelector(".jp-WindowedPanel-outer");
      panel.scrollTop = 0;
      const { bottom } = document.querySelector(".jp-Notebook .jp-Cell:last-child").getBoundingClientRect();
      return Math.ceil(bottom + innerHeight - panel.getBoundingClientRect().bottom + 20);
    })()`;
    // Cells that come into view are often higher than JupyterLab had thought.
    for (let whole = 0, shown = height; whole !== shown; ) {
      shown = Math.max(await this.page.evaluate<number>(measure), height);
      await this.page.setViewportSize({ width, height: shown });
      // Two frames later the figures have followed.
      await this.page.evaluate(
        "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))",
      );
      whole = Math.max(await this.page.evaluate<number>(measure), height);
    }
    await screenshot(this.page, name);
    await this.page.setViewportSize({ width, height });
  }
}
