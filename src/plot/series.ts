import type { Datum, Trace } from "./figure-json.js";
import { listed, requireLabels, requireText } from "./inputs.js";
import { plainText, templateText } from "./text.js";

/** Values along the horizontal axis: numbers, dates, or text (ISO dates, categories). */
export type Abscissas = ArrayLike<number | string | Date>;

/** One named line or cloud of points. */
export interface Series {
  /** Shown in the legend and on hovering */
  readonly name: string;
  /** As many as `y`; 0, 1, 2 … unless given */
  readonly x?: Abscissas;
  /** null, NaN and infinite values are gaps */
  readonly y: ArrayLike<number | null>;
  /** How a line is stroked; solid unless given */
  readonly dash?: "solid" | "dash" | "dot";
  /** Width of a line in pixels, 2 unless given */
  readonly width?: number;
  /** CSS colour; the next of the palette unless given */
  readonly color?: string;
  /** Marks every value of a line with a dot; a number is its diameter in pixels, 4 unless given */
  readonly markers?: boolean | number;
}

/** A date without a time of day is written without one: plotly then labels it as a date. */
function datum(value: number | string | Date): Datum {
  if (!(value instanceof Date)) return typeof value === "string" ? plainText(value) : value;
  if (Number.isNaN(value.getTime()))
    throw new RangeError("Cannot plot: dates must be valid, got Invalid Date");
  return value.toISOString().replace(/T00:00:00\.000Z$/, "");
}

/**
 * Writes horizontal values as JSON: dates become ISO texts.
 *
 * @param values - numbers, texts or dates
 * @returns the same as JSON values
 */
export function abscissas(values: Abscissas): Datum[] {
  return Array.from(values, datum);
}

/**
 * Builds the plotly trace of a series.
 *
 * @param series - the series
 * @param mode - lines, markers or both
 * @param unit - of the vertical values, for the hover text
 * @returns the trace
 * @throws {RangeError} when the series is empty or `x` and `y` differ in length
 */
function seriesTrace(series: Series, mode: string, unit = ""): Trace {
  const { name, x, y, dash = "solid", width = 2, color, markers = false } = series;
  requireText("plot", "the name of a series", name);
  requireLabels(`plot "${name}"`, { x });
  if (y.length === 0) {
    throw new RangeError(`Cannot plot "${name}": it must have at least one value, got none`);
  }
  if (x !== undefined && x.length !== y.length) {
    throw new RangeError(
      `Cannot plot "${name}": x and y must have the same length, got ${x.length} and ${y.length}`,
    );
  }
  // No line goes through a single value: without a dot it would not be seen.
  const isLone = y.length === 1;
  const size = typeof markers === "number" ? markers : mode === "markers" ? 7 : 4;
  return {
    type: "scatter",
    mode: markers || (isLone && mode === "lines") ? `${mode}+markers` : mode,
    name: plainText(name),
    // Without them plotly counts from 0.
    ...(x === undefined ? {} : { x: abscissas(x) }),
    y: Array.from(y, (value) => (Number.isFinite(value) ? value : null)),
    connectgaps: false,
    line: { dash, width, ...(color === undefined ? {} : { color }) },
    marker: { size, ...(color === undefined ? {} : { color }) },
    hovertemplate: `%{y:.6~g} ${templateText(unit)}`.trimEnd(),
  };
}

/**
 * Builds the traces of one or several series.
 *
 * @param series - one series or a list of them
 * @param mode - lines, markers or both
 * @param unit - of the vertical values
 * @returns a trace for each
 * @throws {RangeError} when the list is empty
 * @throws {TypeError} when a series is no object with a name and a list of values
 */
export function seriesTraces(series: Series | readonly Series[], mode: string, unit?: string): Trace[] {
  const list = listed("plot", "series", series, ["y"]);
  if (list.length === 0) {
    throw new RangeError("Cannot plot: there must be at least one series, got none");
  }
  return list.map((one) => seriesTrace(one, mode, unit));
}
