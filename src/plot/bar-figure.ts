import { ink, palette } from "./colors.js";
import { type FigureOptions, houseFigure } from "./figure.js";
import type { Figure, Trace } from "./figure-json.js";
import { listed, requireList, requireObject, requireOptions, requireText } from "./inputs.js";
import { categories, numberText, plainText, templateText } from "./text.js";

/** The values of some things: a bar each. */
export interface Bars {
  /** What the bars show; needed where there are several lists */
  readonly name?: string;
  /** The names of the things, one a value */
  readonly labels: ArrayLike<string | number>;
  /** null, NaN and infinite values have no bar */
  readonly values: ArrayLike<number | null>;
  /** CSS colour; the next of the palette unless given */
  readonly color?: string;
}

/** What a figure of bars can be told beside the options of every figure; `xLabel` and `xUnit` are the values'. */
export interface BarOptions extends Omit<FigureOptions, "xScale" | "yScale"> {
  /** A value to compare with, drawn as a line across all bars, for instance the error of a forecast without a network */
  readonly reference?: { readonly name: string; readonly value: number };
}

/**
 * Builds a table of bars: a row for each thing with its name, a bar and its value, from top to bottom. Several lists have
 * their bars side by side.
 *
 * @param bars - one list or several, over the same labels
 * @param options - titles, label and unit of the values, a reference, height
 * @returns a plotly figure, for `show()`
 * @throws {TypeError} when an argument is not of its type
 * @throws {RangeError} when there are no bars, labels and values differ in number, lists have different labels, or the
 * reference is not finite
 * @example
 * ```ts
 * import { barFigure, show } from "rnnlab/plot";
 * const reference = { name: "as last year", value: 4.03 };
 * show(barFigure({ labels: ["SimpleRNN", "GRU"], values: [8.7, 3.6] }, { xLabel: "RMSE", reference }));
 * ```
 */
export function barFigure(bars: Bars | readonly Bars[], options: BarOptions = {}): Figure {
  const action = "plot bars";
  const list = listed(action, "bars", bars, ["values"]);
  for (const { name = "", labels } of list) {
    requireText(action, "the name of bars", name);
    if (typeof labels !== "string") requireList(action, "labels", labels);
  }
  requireOptions(action, options);
  const { reference, xUnit = "" } = options;
  if (reference !== undefined) {
    requireObject(action, "reference", reference);
    requireText(action, "reference.name", reference.name);
  }
  const rows = categories(commonLabels(list));
  if (reference !== undefined && !Number.isFinite(reference.value)) {
    throw new RangeError(`Cannot plot bars: the reference must be finite, got ${reference.value}`);
  }
  const color = (own: string | undefined, index: number) =>
    own ?? palette[list.length > 1 ? index % palette.length : 0];
  const data = list.map((each, index) => barTrace(each, rows, color(each.color, index), templateText(xUnit)));
  const height = 110 + rows.length * Math.max(26, 18 * list.length + 8) + (list.length > 1 ? 28 : 0);
  return houseFigure(
    data,
    { height, ...options },
    {
      hovermode: "closest",
      barmode: "group",
      bargap: 0.25,
      xaxis: { rangemode: "tozero", zeroline: true, zerolinecolor: ink.line },
      yaxis: {
        type: "category",
        autorange: "reversed",
        showgrid: false,
        showline: false,
        ticks: "",
        ticklabelstandoff: 6,
      },
      ...(reference === undefined ? {} : referenceLine(reference)),
    },
  );
}

/** The labels, which all lists have. */
function commonLabels(list: readonly Bars[]): Bars["labels"] {
  const [first] = list;
  if (first === undefined || first.labels.length === 0) {
    throw new RangeError("Cannot plot bars: there must be at least one, got none");
  }
  for (const { name = "values", labels, values } of list) {
    if (labels.length !== values.length) {
      throw new RangeError(
        `Cannot plot bars "${name}": labels and values must have the same length, got ${labels.length} and ${values.length}`,
      );
    }
    if (Array.from(labels).join("\n") !== Array.from(first.labels).join("\n")) {
      throw new RangeError(
        `Cannot plot bars "${name}": all lists must have the labels of the first, got others`,
      );
    }
  }
  return first.labels;
}

function barTrace(
  { name = "", values }: Bars,
  rows: readonly string[],
  color: string | undefined,
  unit: string,
): Trace {
  return {
    type: "bar",
    orientation: "h",
    name: plainText(name),
    y: rows,
    x: Array.from(values, (value) => (Number.isFinite(value) ? value : null)),
    text: Array.from(values, (value) => numberText(value ?? Number.NaN)),
    textposition: "outside",
    cliponaxis: false,
    constraintext: "none",
    textangle: 0,
    textfont: { color: ink.text },
    marker: { color },
    hovertemplate:
      `%{y}<br>${name === "" ? "" : `${templateText(name)} `}<b>%{x:.6~g} ${unit}</b>`.trimEnd() +
      "<extra></extra>",
  };
}

function referenceLine({ name, value }: { readonly name: string; readonly value: number }) {
  return {
    shapes: [
      {
        type: "line",
        x0: value,
        x1: value,
        yref: "paper",
        y0: 0,
        y1: 1,
        line: { color: ink.text, width: 1.5, dash: "dash" },
      },
    ],
    annotations: [
      {
        ...{ x: value, yref: "paper", y: 1, yanchor: "bottom", showarrow: false, font: { color: ink.text } },
        text: `${plainText(name)}: ${numberText(value)}`,
      },
    ],
  };
}
