import { divergingScale, sequentialScale } from "./color-scale.js";
import { ink } from "./colors.js";
import { type FigureOptions, houseFigure } from "./figure.js";
import type { Figure } from "./figure-json.js";
import { requireLabels, requireOptions } from "./inputs.js";
import { type MatrixValues, matrixRows } from "./matrix.js";
import { extent } from "./scale.js";
import { categories, plainText, templateText } from "./text.js";

/** What a heat map can be told beside the options of every figure. */
export interface HeatmapOptions extends FigureOptions {
  /** A name for each row, from top to bottom; 0, 1, 2 … unless given. The same name may come twice */
  readonly rowLabels?: ArrayLike<string | number>;
  /** A name for each column, for instance the words that a network reads */
  readonly columnLabels?: ArrayLike<string | number>;
  /** The values of the first and the last colour; the least and the greatest value unless given */
  readonly range?: readonly [low: number, high: number];
  /** The value of the neutral colour between two hues; 0 where there are negative values, none where there are not */
  readonly center?: number | "none";
  /** What the colours mean; it stands at their scale and in the hover text */
  readonly valueLabel?: string;
  /** Unit of the values, shown after their label and in the hover text */
  readonly valueUnit?: string;
}

/** Places the neutral colour in the middle, so that equal distances from it are equally strong. */
function colorRange(values: readonly (number | null)[], options: HeatmapOptions) {
  const [low, high] = options.range ?? extent(values.map((value) => value ?? Number.NaN));
  const isRange =
    Number.isFinite(high - low) && (low < high || (options.range === undefined && low === high));
  if (!isRange) {
    const got = options.range === undefined ? "no finite value" : `[${low}, ${high}]`;
    throw new RangeError(
      `Cannot plot heat map: its range must go from a finite number to a greater one, got ${got}`,
    );
  }
  const center = options.center ?? (low < 0 ? 0 : "none");
  if (center === "none")
    return { zmin: low, zmax: high === low ? low + 1 : high, colorscale: sequentialScale };
  const reach = Math.max(Math.abs(low - center), Math.abs(high - center)) || 1;
  return { zmin: center - reach, zmax: center + reach, colorscale: divergingScale };
}

function checkedLabels(what: string, labels: ArrayLike<string | number> | undefined, count: number) {
  if (labels === undefined || labels.length === count) return labels;
  throw new RangeError(
    `Cannot plot heat map: there must be a label for each of ${count} ${what}, got ${labels.length}`,
  );
}

/**
 * Builds a heat map of a matrix: weights, hidden states over time, activations of gates. Where there are negative values
 * the colours are centred at 0.
 *
 * @param matrix - rows of numbers `[rows][columns]`, a tensor of rank 2, or values with their shape; row 0 is at the top,
 *   null and NaN are gaps
 * @param options - titles, labels, range and meaning of the colours, height
 * @returns a plotly figure, for `show()`
 * @throws {TypeError} when an argument is not of its type
 * @throws {RangeError} when the matrix is empty or its rows differ in length, no value is finite, the range is none, or
 * there are not as many labels as rows or columns
 * @example
 * ```ts
 * import { heatmapFigure, show } from "rnnlab/plot";
 * const gates = [[0.1, 0.9, 0.8], [0.5, 0.2, 0.7]];
 * show(heatmapFigure(gates, { title: "Forget gate", columnLabels: ["not", "bad", "!"], yLabel: "unit", range: [0, 1] }));
 * ```
 */
export function heatmapFigure(matrix: MatrixValues, options: HeatmapOptions = {}): Figure {
  const action = "plot heat map";
  requireOptions(action, options);
  requireLabels(action, { rowLabels: options.rowLabels, columnLabels: options.columnLabels });
  const z = matrixRows(action, matrix);
  const columns = z[0]?.length ?? 0;
  const rowLabels = checkedLabels("rows", options.rowLabels, z.length);
  const columnLabels = checkedLabels("columns", options.columnLabels, columns);
  const { xLabel = "", yLabel = "", valueLabel = "", valueUnit } = options;
  const place = (name: string, fallback: string, axis: string) =>
    `${templateText(name === "" ? fallback : name)} %{${axis}}`;
  const unit = valueUnit === undefined ? "" : ` ${templateText(valueUnit)}`;
  const trace = {
    type: "heatmap",
    ...(columnLabels === undefined ? {} : { x: categories(columnLabels) }),
    ...(rowLabels === undefined ? {} : { y: categories(rowLabels) }),
    z,
    ...colorRange(z.flat(), options),
    hoverongaps: false,
    hovertemplate: `${place(yLabel, "row", "y")}, ${place(xLabel, "column", "x")}<br>${templateText(valueLabel)} <b>%{z:.6~g}${unit}</b><extra></extra>`,
    colorbar: {
      title: {
        text: plainText([valueLabel, valueUnit && `(${valueUnit})`].filter(Boolean).join(" ")),
        side: "top",
      },
      thickness: 12,
      outlinewidth: 0,
      tickcolor: ink.line,
      ticks: "outside",
    },
  };
  const axis = (labels: unknown, range: readonly number[]) => ({
    type: labels === undefined ? "linear" : "category",
    showgrid: false,
    showline: false,
    range,
  });
  return houseFigure([trace], options, {
    hovermode: "closest",
    xaxis: axis(columnLabels, [-0.5, columns - 0.5]),
    yaxis: axis(rowLabels, [z.length - 0.5, -0.5]),
  });
}
