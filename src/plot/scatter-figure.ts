import { type FigureOptions, houseFigure } from "./figure.js";
import type { Figure, Trace } from "./figure-json.js";
import { requireOptions } from "./inputs.js";
import { type Series, seriesTraces } from "./series.js";
import { templateText } from "./text.js";

/** Each point is an element of the page, which takes seconds for tens of thousands: those are drawn by the graphics card. */
const MOST_ELEMENTS = 5000;

/**
 * Builds a figure of points.
 *
 * @param series - one series or several
 * @param options - titles, labels, unit, scale, height
 * @returns a plotly figure, for `show()`
 * @throws {TypeError} when an argument is not of its type
 * @throws {RangeError} when a series is empty, or its `x` and `y` differ in length
 * @example
 * ```ts
 * import { scatterFigure, show } from "rnnlab/plot";
 * show(scatterFigure({ name: "points", x: [1, 2, 4], y: [3, 1, 2] }));
 * ```
 */
export function scatterFigure(series: Series | readonly Series[], options: FigureOptions = {}): Figure {
  requireOptions("plot", options);
  const { xLabel, xUnit, yLabel, yUnit } = options;
  const traces = seriesTraces(series, "markers").map((trace): Trace => {
    const isText = typeof trace.x?.[0] === "string";
    const x = `${templateText(xLabel ?? "x")} <b>${isText ? "%{x}" : "%{x:.6~g}"}</b> ${templateText(xUnit ?? "")}`;
    const y = `${templateText(yLabel ?? "y")} <b>%{y:.6~g}</b> ${templateText(yUnit ?? "")}`;
    return { ...trace, hovertemplate: `${x.trimEnd()}<br>${y.trimEnd()}` };
  });
  const points = traces.reduce((sum, { y = [] }) => sum + y.length, 0);
  const data = points > MOST_ELEMENTS ? traces.map((trace) => ({ ...trace, type: "scattergl" })) : traces;
  return houseFigure(data, options, { hovermode: "closest" });
}
