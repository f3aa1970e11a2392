import { requireInteger } from "../arguments.js";
import { ink, palette } from "./colors.js";
import { type FigureOptions, houseFigure } from "./figure.js";
import type { Figure } from "./figure-json.js";
import { listed, requireList, requireObject, requireOptions } from "./inputs.js";
import { extent } from "./scale.js";
import { type Abscissas, abscissas, type Series, seriesTraces } from "./series.js";

/** A forecast over the truth: what {@link forecastFigure} draws. */
export interface Forecast {
  /** Times of all rows, for instance dates */
  readonly x: Abscissas;
  /** The real values, one for each time */
  readonly truth: ArrayLike<number | null>;
  /** How many of the first rows were trained on */
  readonly trainRows: number;
  /** The predictions; without an `x` of its own a series ends with the last row */
  readonly predictions: readonly Series[];
  /** Where the view begins, as a row; readers can zoom out to the whole. 0 unless given */
  readonly firstRow?: number;
  /** Name of the real values in the legend; "real" unless given */
  readonly truthName?: string;
}

/**
 * Builds the figure of a forecast: predictions over the real values, the training rows shaded.
 *
 * @param forecast - times, real values `[rows]`, number of training rows, and the predictions
 * @param options - titles, labels, unit, scale, height
 * @returns a plotly figure, for `show()`
 * @throws {TypeError} when an argument is not of its type
 * @throws {RangeError} when `trainRows` is not a number of rows, a prediction is longer than the truth, a series is
 * empty, or its `x` and `y` differ in length
 * @example
 * ```ts
 * import { forecastFigure, show } from "rnnlab/plot";
 * const predictions = [{ name: "naive", y: [2, 4] }];
 * show(forecastFigure({ x: [1, 2, 3, 4], truth: [1, 2, 4, 3], trainRows: 2, predictions }));
 * ```
 */
export function forecastFigure(forecast: Forecast, options: FigureOptions = {}): Figure {
  const action = "plot forecast";
  requireObject(action, "forecast", forecast);
  requireOptions(action, options);
  const { truth, trainRows, firstRow = 0, truthName = "real" } = forecast;
  requireList(action, "x", forecast.x);
  requireList(action, "truth", truth);
  requireList(action, "predictions", forecast.predictions);
  const predictions = listed(action, "predictions", forecast.predictions, ["y"]);
  const x = Array.from(forecast.x);
  requireInteger(action, "trainRows", trainRows, 1, x.length - 1);
  requireInteger(action, "firstRow", firstRow, 0, trainRows);
  const placed = predictions.map((series, index): Series => {
    if (series.x === undefined && series.y.length > x.length) {
      throw new RangeError(
        `Cannot plot forecast: "${series.name}" must have at most ${x.length} values, got ${series.y.length}`,
      );
    }
    const color = palette[(index + 1) % palette.length] ?? "";
    return { x: x.slice(x.length - series.y.length), color, width: 1.5, ...series };
  });
  const real: Series = { name: truthName, x, y: truth, color: palette[0] ?? "", width: 1.5 };
  const data = seriesTraces([real, ...placed], "lines", options.yUnit);
  const [first, border, left, right] = abscissas(
    [0, trainRows, firstRow, x.length - 1].map((row) => x[row] ?? Number.NaN),
  );
  const label = { yref: "paper", y: 0.99, yanchor: "top", showarrow: false, font: { color: ink.text } };
  return houseFigure(data, options, {
    ...(firstRow === 0
      ? {}
      : { xaxis: { range: [left, right] }, yaxis: { range: valueRange(forecast, placed, options) } }),
    shapes: [
      {
        type: "rect",
        x0: first,
        x1: border,
        yref: "paper",
        y0: 0,
        y1: 1,
        layer: "below",
        fillcolor: "rgba(128,128,128,0.12)",
        line: { width: 0 },
      },
    ],
    annotations: [
      // Where none of them is seen, it would stand on the axis.
      ...(firstRow === trainRows
        ? []
        : [{ ...label, x: border, xanchor: "right", xshift: -6, text: "training rows" }]),
      { ...label, x: border, xanchor: "left", xshift: 6, text: "test rows" },
    ],
  });
}

/** The vertical range of what is seen from the first row on. */
function valueRange(
  { truth, firstRow = 0 }: Forecast,
  predictions: readonly Series[],
  { yScale }: FigureOptions,
): [low: number, high: number] {
  // Plotly counts the range of a logarithmic axis in powers of ten.
  const place = yScale === "log" ? Math.log10 : Number;
  const visible = [Array.from(truth).slice(firstRow), ...predictions.map(({ y }) => Array.from(y))].flat();
  const [low, high] = extent(visible.map((value) => (value === null ? Number.NaN : place(value))));
  const margin = 0.08 * (high - low);
  return [low - margin, high + margin];
}
