import { type MimeBundle, richDisplay } from "../display/index.js";
import { ink, palette } from "./colors.js";
import { figureBundle } from "./figure-bundle.js";
import { type Datum, type Figure, privateConfig, type Trace } from "./figure-json.js";
import { listed, requireList, requireObject, requireOptions } from "./inputs.js";
import { extent } from "./scale.js";
import { CHARACTER_WIDTH } from "./svg/element.js";
import { plainText, templateText, writtenText } from "./text.js";

/** What the figures of this module have beside their JSON: one that is the last value of a cell shows itself. */
const shown: object = Object.defineProperty({}, richDisplay, {
  value(this: Figure): MimeBundle {
    return figureBundle(this);
  },
});

/** What every figure of the house can be told. */
export interface FigureOptions {
  /** What the figure shows; it stands above the plot */
  readonly title?: string;
  /** What runs along the horizontal axis */
  readonly xLabel?: string;
  /** What runs along the vertical axis */
  readonly yLabel?: string;
  /** Unit of the horizontal axis, shown after its label and in the hover text */
  readonly xUnit?: string;
  /** Unit of the vertical axis, shown after its label and in the hover text */
  readonly yUnit?: string;
  /** `"log"` for a logarithmic horizontal axis; linear unless given */
  readonly xScale?: "linear" | "log";
  /** `"log"` for a logarithmic vertical axis; linear unless given */
  readonly yScale?: "linear" | "log";
  /** Height in pixels, with one row of legend; 380 unless given. The width is the notebook's */
  readonly height?: number;
}

/**
 * Few labels: with more plotly would label every digit of a power of ten, which overlap. So it chooses the powers, or 1, 2
 * and 5 of each, or linear steps within less than one power, also after zooming. Where the values span more than two
 * powers it gets more, or it might label every second power only, and there may be only one.
 */
function logAxis(values: readonly (readonly Datum[] | undefined)[]): object {
  const positive = values.flatMap((list = []) =>
    list.filter((value) => typeof value === "number" && value > 0),
  );
  const [low, high] = extent(positive.map(Number));
  return { type: "log", nticks: high / low > 100 ? 5 : 3, tickformat: "~g" };
}

/** A label with its unit after it. */
function labelText(label: string, unit: string | undefined): string {
  return plainText(unit === undefined ? label : `${label} (${unit})`.trimStart());
}

function axis(title: string, ...more: readonly unknown[]): object {
  return Object.assign(
    {
      title: { text: title, standoff: 12 },
      gridcolor: ink.grid,
      zeroline: false,
      linecolor: ink.line,
      tickcolor: ink.line,
      ticks: "outside",
      showline: true,
      automargin: true,
    },
    ...more,
  );
}

/** The line under the pointer: black, as plotly has it, is not seen on a dark page. */
const spike = { showspikes: true, spikecolor: ink.text, spikethickness: 1, spikedash: "dot" };

/** What stands above all values at the pointer: the number with its label and unit; dates and names speak for themselves. */
function hoverTitle(data: readonly Trace[], label: string, unit = ""): object {
  if (data.some(({ x }) => typeof x?.[0] === "string") || label + unit === "") return {};
  return { unifiedhovertitle: { text: `${templateText(label)} %{x} ${templateText(unit)}`.trim() } };
}

/** What a row of the legend is high, in pixels. */
const LEGEND_ROW = 30;
/** A width in which rows of the legend must have room: JupyterLab's beside its file browser on a small screen. */
const NARROW_WIDTH = 680;

/**
 * Estimates what the legend's rows after the first one take, where the page is narrow: there is no other way to keep them
 * off the title. Once they do not fit into one row, plotly gives all entries the width of the longest.
 *
 * @param data - the traces
 * @returns pixels, 0 for a single row
 */
export function legendHeight(data: readonly Trace[]): number {
  const shown = data.filter(({ name, showlegend }) => name !== undefined && showlegend !== false);
  const widths = shown.map(({ name = "" }) => 46 + CHARACTER_WIDTH * writtenText(name).length);
  if (widths.reduce((sum, width) => sum + width, 0) <= NARROW_WIDTH) return 0;
  const inRow = Math.max(1, Math.floor(NARROW_WIDTH / Math.max(...widths)));
  return LEGEND_ROW * (Math.ceil(widths.length / inRow) - 1);
}

/**
 * Puts traces into a figure of the house style: transparent, legible on light and dark pages.
 *
 * @param data - the traces
 * @param options - titles, labels, unit, scale, height
 * @param extra - layout attributes added to those of the house; those of `xaxis` and `yaxis` are added one by one
 * @returns the figure
 * @throws {TypeError} when an argument is not of its type
 * @throws {RangeError} when the height is not a positive number
 * @example
 * ```ts
 * import { houseFigure } from "rnnlab/plot";
 * const figure = houseFigure([{ type: "bar", x: ["a", "b"], y: [1, 2] }], { title: "Two bars" });
 * console.log(figure.data.length); // 1
 * ```
 */
export function houseFigure(
  data: readonly Trace[],
  options: FigureOptions = {},
  extra: Readonly<Record<string, unknown>> = {},
): Figure {
  const action = "build figure";
  requireList(action, "data", data);
  listed(action, "data", data, []);
  requireOptions(action, options);
  requireObject(action, "extra", extra);
  const { title = "", xLabel = "", xUnit, yLabel = "", yUnit, xScale, yScale, height = 380 } = options;
  const { xaxis, yaxis, ...more } = extra;
  const unified = more.hovermode === undefined ? { ...spike, ...hoverTitle(data, xLabel, xUnit) } : {};
  if (!(height > 0 && Number.isFinite(height))) {
    throw new RangeError(`Cannot build figure: height must be a positive number of pixels, got ${height}`);
  }
  // A margin that is given has these rows in it.
  const room = more.margin === undefined ? legendHeight(data) : 0;
  const layout = {
    title: { text: plainText(title), x: 0, xref: "paper", y: 0.97, yanchor: "top", font: { size: 16 } },
    font: { family: "system-ui, sans-serif", size: 13, color: ink.text },
    colorway: palette,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    xaxis: axis(
      labelText(xLabel, xUnit),
      xScale === "log" ? logAxis(data.map(({ x }) => x)) : {},
      unified,
      xaxis,
    ),
    yaxis: axis(labelText(yLabel, yUnit), yScale === "log" ? logAxis(data.map(({ y }) => y)) : {}, yaxis),
    legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" },
    hovermode: "x unified",
    hoverlabel: { bgcolor: "rgba(32,32,32,0.92)", font: { color: "#f2f2f2" }, namelength: -1 },
    margin: { l: 60, r: 20, t: (data.length > 1 ? 84 : 56) + room, b: 52 },
    height: height + room,
    autosize: true,
    modebar: { bgcolor: "rgba(0,0,0,0)", color: ink.line, activecolor: ink.text },
    ...more,
  };
  // Not `responsive`: then plotly in JupyterLab, which resizes figures itself, loses their height when the theme changes.
  // A page may have MathJax: what stands between two dollar signs is a text all the same.
  const config = { displaylogo: false, typesetMath: false, ...privateConfig };
  return Object.assign(Object.create(shown) as object, { data, layout, config });
}
