import assert from "node:assert/strict";
import type { Locator } from "playwright-core";

/**
 * Drags a slider's handle with the mouse.
 *
 * @param slider - the widget, or what is around it
 * @param share - where to, as a share of the slider's length
 * @param handle - which one, if it has two
 */
export async function drag(slider: Locator, share: number, handle = 0): Promise<void> {
  const { mouse } = slider.page();
  const grip = slider.locator(".noUi-handle").nth(handle);
  // Waits until it stands still, and nothing covers it.
  await grip.hover();
  const from = await grip.boundingBox();
  const track = await slider.locator(".noUi-base").boundingBox();
  assert.ok(from && track);
  await mouse.down();
  await mouse.move(track.x + track.width * share, from.y + from.height / 2, { steps: 20 });
  await mouse.up();
}

/** What is seen below the controls of a cell: the figures' data and titles, pictures and texts. */
const shownIn = (cell: Locator): Promise<string> =>
  cell.evaluate<string, Node>((node) => {
    const figures = [...node.querySelectorAll(".js-plotly-plot")] as unknown as Plot[];
    const texts = [...node.querySelectorAll(".jp-OutputArea-output:not(:has(.jupyter-widgets))")];
    return JSON.stringify([
      figures.map(({ data, layout }) => [data, layout?.title, layout?.annotations]),
      texts.map(({ textContent }) => textContent),
    ]);
  });

interface Plot {
  readonly data?: unknown;
  readonly layout?: { readonly title?: unknown; readonly annotations?: unknown };
}
interface Element {
  scrollIntoView(options: { readonly block: "end" }): void;
}
interface Node {
  querySelectorAll(selector: string): Iterable<{ readonly textContent: string | null }>;
}

/** Does something to a cell's control, and waits until what is below the controls is another one. */
async function changes(cell: Locator, what: string, act: () => Promise<void>): Promise<void> {
  const before = await shownIn(cell);
  await act();
  const end = performance.now() + PATIENCE;
  while ((await shownIn(cell)) === before) {
    assert.ok(performance.now() < end, `${what} must change what is shown`);
    await cell.page().waitForTimeout(100);
  }
}

/** How long a page may take to show a change, in ms: far more than it does, on a machine that is busy, too. */
const PATIENCE = 120_000;

/** Each handle goes there, or where that is no change, to the other place. */
const PLACES = [0.7, 0.3] as const;

/**
 * Uses every control of a cell as a person does, one after the other: drags sliders, types texts, chooses, draws. Fails
 * if one of them changes nothing below the controls.
 *
 * @param cell - a notebook's cell with widgets
 * @returns how many controls were used
 */
export async function useControls(cell: Locator): Promise<number> {
  // A figure that nobody sees is drawn when it is seen.
  await cell.locator(".jp-Cell-outputWrapper").evaluate((outputs: Element) => {
    outputs.scrollIntoView({ block: "end" });
  });
  const sliders = await cell.locator(".widget-slider").all();
  for (const [index, slider] of sliders.entries()) {
    const readout = await slider.locator(".widget-readout").innerText();
    await changes(cell, `slider ${index}`, async () => {
      for (const place of PLACES) {
        if ((await slider.locator(".widget-readout").innerText()) === readout) await drag(slider, place);
      }
    });
  }
  const texts = await cell.locator(".widget-text input[type=text], .widget-textarea textarea").all();
  for (const [index, text] of texts.entries()) {
    await changes(cell, `text ${index}`, async () => {
      await text.focus();
      await text.press("End");
      await text.pressSequentially(" the end");
      await text.press("Tab");
    });
  }
  const choices = await cell.locator(".widget-dropdown select").all();
  for (const [index, choice] of choices.entries()) {
    const options = await choice.locator("option").count();
    const chosen = await choice.evaluate<number, { selectedIndex: number }>((select) => select.selectedIndex);
    await changes(cell, `choice ${index}`, async () => {
      await choice.selectOption({ index: (chosen + 1) % options });
    });
  }
  const boards = await cell.locator(".widget-output-area canvas, .jupyter-widgets canvas").all();
  for (const [index, board] of boards.entries()) {
    await changes(cell, `canvas ${index}`, () => stroke(board));
  }
  return sliders.length + texts.length + choices.length + boards.length;
}

/** Draws a line from the middle to the right. */
async function stroke(board: Locator): Promise<void> {
  await board.hover();
  const box = await board.boundingBox();
  assert.ok(box);
  const { mouse } = board.page();
  await mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await mouse.down();
  await mouse.move(box.x + box.width * 0.8, box.y + box.height / 2, { steps: 5 });
  await mouse.up();
}
