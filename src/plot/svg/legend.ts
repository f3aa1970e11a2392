import { writtenText } from "../text.js";
import { CHARACTER_WIDTH, textElement } from "./element.js";

/** A name in the legend and its sample. */
export interface LegendEntry {
  /** With plotly's entities */
  readonly name: string;
  readonly sample: (x: number, y: number) => string;
}

/**
 * Draws samples of the series beside their names, as many in a row as fit.
 *
 * @param entries - the series
 * @param left - where each row begins, in pixels
 * @param right - where it has to end
 * @param top - the middle of the first row
 * @returns the markup, and where the last row ends
 */
export function legend(
  entries: readonly LegendEntry[],
  left: number,
  right: number,
  top: number,
): { markup: string; bottom: number } {
  let [x, y] = [left, top];
  const markup = entries.map(({ name, sample }) => {
    const wide = 38 + writtenText(name).length * CHARACTER_WIDTH + 16;
    if (x > left && x + wide > right) [x, y] = [left, y + 20];
    const entry = sample(x, y) + textElement(name, x + 36, y + 4.5);
    x += wide;
    return entry;
  });
  return { markup: markup.join(""), bottom: y + 16 };
}
