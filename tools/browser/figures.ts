import assert from "node:assert/strict";
import { errors, type Page } from "playwright-core";
import { waitUntil } from "./wait-until.js";

/** What a page has of one plotly figure. */
export interface DrawnFigure {
  readonly title: string;
  readonly traces: number;
  /** Lines, points, bars and images in the plot's area that are not empty; not texts, which plotly adds later. */
  readonly marks: number;
  readonly width: number;
  readonly height: number;
}

/** Waits until there are that many plotly figures, all drawn, and describes them. */
export async function drawnFigures(page: Page, count: number): Promise<DrawnFigure[]> {
  const describe = `[...document.querySelectorAll(".js-plotly-plot")].map((figure) => {
    const marks = [...figure.querySelectorAll(".mlayer :is(path, image, rect)")];
    const { width, height } = figure.querySelector(".main-svg")?.getBoundingClientRect() ?? { width: 0, height: 0 };
    return {
      title: figure.layout?.title?.text ?? "",
      traces: figure.data?.length ?? 0,
      marks: marks.filter((mark) => { const { width, height } = mark.getBBox(); return width > 0 || height > 0; }).length,
      width,
      height,
    };
  })`;
  const drawn = `(() => { const all = ${describe}; return all.length === ${count} && all.every(({ marks }) => marks > 0); })()`;
  try {
    await waitUntil(page, drawn);
  } catch (error) {
    if (!(error instanceof errors.TimeoutError)) throw error;
    assert.fail(`${count} figures with marks, got ${JSON.stringify(await page.evaluate(describe))}`);
  }
  return page.evaluate<DrawnFigure[]>(describe);
}

/**
 * Waits until there are that many figures of a notebook that was opened again, and makes them live ones: JupyterLab
 * shows each as the picture it has saved with it, until the pointer enters it.
 */
export async function wakeFigures(page: Page, count: number): Promise<void> {
  await waitUntil(
    page,
    `(() => {
    const figures = [...document.querySelectorAll(".jp-RenderedPlotly")];
    const shown = figures.filter((figure) => figure.querySelector(".main-svg, .plot-img[src]") !== null);
    return shown.length === ${count};
  })()`,
  );
  const pictures = page.locator(".jp-RenderedPlotly:not(.js-plotly-plot) .plot-img");
  for (const picture of await pictures.all()) {
    assert.ok(await picture.evaluate<boolean, { naturalWidth: number }>((image) => image.naturalWidth > 0));
  }
  await pictures.evaluateAll((images: { dispatchEvent(event: Event): void }[]) => {
    for (const image of images) image.dispatchEvent(new Event("mouseenter"));
  });
}
