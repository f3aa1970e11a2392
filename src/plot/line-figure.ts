import { type FigureOptions, houseFigure } from "./figure.js";
import type { Figure } from "./figure-json.js";
import { requireOptions } from "./inputs.js";
import { type Series, seriesTraces } from "./series.js";

/**
 * Builds a figure of lines over a common horizontal axis.
 *
 * @param series - one series or several; gaps where a value is null or not finite
 * @param options - titles, labels, unit, scale, height
 * @returns a plotly figure, for `show()`
 * @throws {TypeError} when an argument is not of its type
 * @throws {RangeError} when a series is empty, or its `x` and `y` differ in length
 * @example
 * ```ts
 * import { lineFigure, show } from "rnnlab/plot";
 * show(lineFigure({ name: "squares", y: [0, 1, 4, 9] }, { title: "Squares", xLabel: "n", yLabel: "n²" }));
 * ```
 */
export function lineFigure(series: Series | readonly Series[], options: FigureOptions = {}): Figure {
  requireOptions("plot", options);
  return houseFigure(seriesTraces(series, "lines", options.yUnit), options);
}
