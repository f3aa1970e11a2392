import { requireInteger } from "../arguments.js";
import { palette } from "./colors.js";
import { type FigureOptions, houseFigure } from "./figure.js";
import type { Figure } from "./figure-json.js";
import { listed, requireOptions, requireText } from "./inputs.js";
import { extent } from "./scale.js";
import type { Series } from "./series.js";
import { plainText, templateText } from "./text.js";
import { binWidth } from "./ticks.js";

/** Values whose distribution is drawn. */
export type Sample = Pick<Series, "name" | "color"> & {
  /** null, NaN and infinite values are left out */
  readonly values: ArrayLike<number | null>;
};

/** What a histogram can be told beside the options of every figure. */
export interface HistogramOptions extends FigureOptions {
  /** How many bins, about: their edges are round numbers. 30 unless given */
  readonly bins?: number;
  /** Where the first bin begins and the last one ends; all values unless given */
  readonly range?: readonly [low: number, high: number];
  /** Whether bars show how many values fall into a bin, or which share of their sample; "count" unless given */
  readonly measure?: "count" | "share";
}

function binsOf(samples: readonly (readonly number[])[], { bins = 30, range }: HistogramOptions) {
  requireInteger("plot histogram", "bins", bins, 1);
  if (range !== undefined && !(range[0] < range[1] && Number.isFinite(range[1] - range[0]))) {
    throw new RangeError(
      `Cannot plot histogram: its range must go from a finite number to a greater one, got [${range[0]}, ${range[1]}]`,
    );
  }
  const [low, high] = range ?? extent(samples.flat());
  const whole = samples.every((values) => values.every(Number.isInteger));
  const width = binWidth(low, high, bins, whole);
  // Whole numbers stand in the middle of their bin.
  const shift = whole && width === 1 ? 0.5 : 0;
  const first = Math.floor(low / width + shift + 1e-9);
  const count = Math.max(1, Math.floor(high / width + shift - (shift === 0 ? 1e-9 : 0)) - first + 1);
  return { width, start: (first - shift) * width, count };
}

/**
 * Builds a histogram: how often values occur. Several samples are drawn over each other with the same bins.
 *
 * @param samples - one sample or several, each with at least one finite value
 * @param options - bins, range, counts or shares, titles, labels, units, height
 * @returns a plotly figure, for `show()`
 * @throws {TypeError} when an argument is not of its type
 * @throws {RangeError} when there is no sample, a sample has no finite value, `bins` is not a positive integer, or the
 * range is none
 * @example
 * ```ts
 * import { histogramFigure, show } from "rnnlab/plot";
 * const values = [3, 5, 5, 6, 9, 12];
 * show(histogramFigure({ name: "reviews", values }, { title: "Length of reviews", xLabel: "length", xUnit: "words" }));
 * ```
 */
export function histogramFigure(samples: Sample | readonly Sample[], options: HistogramOptions = {}): Figure {
  const list = listed("plot histogram", "samples", samples, ["values"]);
  for (const { name } of list) requireText("plot histogram", "the name of a sample", name);
  requireOptions("plot histogram", options);
  if (list.length === 0)
    throw new RangeError("Cannot plot histogram: there must be at least one sample, got none");
  const finite = list.map(({ name, values }) => {
    const kept = Array.from(values).filter((value): value is number => Number.isFinite(value));
    if (kept.length > 0) return kept;
    throw new RangeError(
      `Cannot plot histogram of "${name}": it must have at least one finite value, got ${values.length === 0 ? "none" : "only others"}`,
    );
  });
  const { width, start, count } = binsOf(finite, options);
  const { measure = "count", xUnit = "" } = options;
  const edges = Array.from({ length: count + 1 }, (_, bin) => Number((start + bin * width).toPrecision(12)));
  const centers = edges.slice(1).map((edge) => Number((edge - width / 2).toPrecision(12)));
  const decimals = Math.max(0, -Math.floor(Math.log10(width) + 1e-9));
  const edgeText = (edge = 0) =>
    edge.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  const isWhole = width === 1 && centers.every(Number.isInteger);
  const labels = centers.map((center, bin) =>
    `${isWhole ? edgeText(center) : `${edgeText(edges[bin])} to ${edgeText(edges[bin + 1])}`} ${plainText(xUnit)}`.trimEnd(),
  );
  const data = list.map(({ name, color = "" }, index) => {
    const heights = new Array<number>(count).fill(0);
    const values = finite[index] ?? [];
    for (const value of values) {
      // The last bin has its upper edge in it.
      const bin = Math.min(
        Math.floor((value - start) / width + 1e-9),
        value > (edges.at(-1) ?? 0) ? count : count - 1,
      );
      if (bin in heights) heights[bin] = (heights[bin] ?? 0) + 1;
    }
    return {
      type: "bar",
      name: plainText(name),
      x: centers,
      y: measure === "share" ? heights.map((height) => height / values.length) : heights,
      width,
      customdata: labels,
      marker: { color: color === "" ? palette[index % palette.length] : color, line: { width: 0 } },
      opacity: list.length > 1 ? 0.6 : 0.9,
      hovertemplate: `%{customdata}<br><b>${measure === "share" ? "%{y:.2%}" : "%{y:,}"}</b> of ${templateText(name)}<extra></extra>`,
    };
  });
  const yLabel = measure === "share" ? "share of values" : "values";
  return houseFigure(
    data,
    { yLabel, ...options },
    {
      hovermode: "closest",
      barmode: "overlay",
      bargap: 0,
      xaxis: { range: [edges[0], edges.at(-1)] },
      yaxis: { rangemode: "tozero", ...(measure === "share" ? { tickformat: ".0%" } : {}) },
    },
  );
}
