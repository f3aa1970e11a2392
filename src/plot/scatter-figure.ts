import { type Figure, type FigureOptions, houseFigure } from "./figure.js";
import { type Series, seriesTraces } from "./series.js";

/**
 * Builds a figure of points.
 *
 * @param series - one series or several
 * @param options - titles, labels, unit, scale, height
 * @returns a plotly figure, for `show()`
 * @throws RangeError if a series is empty, or its `x` and `y` differ in length
 * @example
 * ```ts
 * import { scatterFigure, show } from "rnnlab/plot";
 * show(scatterFigure({ name: "points", x: [1, 2, 4], y: [3, 1, 2] }));
 * ```
 */
export function scatterFigure(series: Series | readonly Series[], options: FigureOptions = {}): Figure {
  return houseFigure(seriesTraces(series, "markers", options.yUnit), options, { hovermode: "closest" });
}
