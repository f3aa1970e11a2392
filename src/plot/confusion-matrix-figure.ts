import { sequentialScale } from "./color-scale.js";
import { type FigureOptions, houseFigure } from "./figure.js";
import type { Figure, Trace } from "./figure-json.js";
import { requireLabels, requireOptions } from "./inputs.js";
import { type MatrixValues, matrixRows } from "./matrix.js";
import { categories, numberText } from "./text.js";

/** What a confusion matrix can be told beside the options of every figure. */
export interface ConfusionMatrixFigureOptions extends FigureOptions {
  /** A name for each class in the order of the rows; 0, 1, 2 … unless given */
  readonly labels?: ArrayLike<string | number>;
}

/** With more classes the cells have no room for numbers: those are shown on hovering. */
const MOST_WRITTEN = 12;

/**
 * Builds the figure of a confusion matrix: in each cell a count and its share of the samples of that true class, which is
 * also its colour. The diagonal holds what is right; its shares are the recalls of the classes.
 *
 * @param counts - `[classes][classes]`, a row for each true class, as `confusionMatrix()` of `rnnlab/preprocessing` counts
 * @param options - names of the classes, title, height
 * @returns a plotly figure, for `show()`
 * @throws {TypeError} when an argument is not of its type
 * @throws {RangeError} when the matrix is empty or not square, a count is no number from 0, or there are not as many
 * labels as classes
 * @example
 * ```ts
 * import { confusionMatrixFigure, show } from "rnnlab/plot";
 * show(confusionMatrixFigure([[90, 10], [25, 75]], { labels: ["negative", "positive"] }));
 * ```
 */
export function confusionMatrixFigure(
  counts: MatrixValues,
  options: ConfusionMatrixFigureOptions = {},
): Figure {
  requireOptions("plot confusion matrix", options);
  requireLabels("plot confusion matrix", { labels: options.labels });
  const rows = readCounts(counts);
  const classes = rows.length;
  const labels = options.labels ?? Array.from(rows, (_, index) => index);
  if (labels.length !== classes) {
    throw new RangeError(
      `Cannot plot confusion matrix: there must be a label for each of ${classes} classes, got ${labels.length}`,
    );
  }
  const labelled = {
    title: "Confusion matrix",
    xLabel: "predicted class",
    yLabel: "true class",
    height: Math.max(300, Math.min(720, 130 + classes * (classes > 6 ? 46 : 64))),
    ...options,
  };
  const axis = { type: "category", showgrid: false, showline: false, ticks: "", ticklabelstandoff: 6 };
  return houseFigure([cells(rows, categories(labels))], labelled, {
    hovermode: "closest",
    xaxis: { ...axis, range: [-0.5, classes - 0.5] },
    yaxis: { ...axis, range: [classes - 0.5, -0.5] },
  });
}

function readCounts(counts: MatrixValues): number[][] {
  const rows = matrixRows("plot confusion matrix", counts);
  if (rows[0]?.length !== rows.length) {
    throw new RangeError(
      `Cannot plot confusion matrix: it must have as many columns as rows, got ${rows[0]?.length} and ${rows.length}`,
    );
  }
  return rows.map((row) =>
    row.map((count) => {
      if (count !== null && count >= 0) return count;
      throw new RangeError(
        `Cannot plot confusion matrix: counts must be numbers from 0, got ${count ?? Number.NaN}`,
      );
    }),
  );
}

/** A cell for each true and predicted class: its share of the row is its colour. */
function cells(rows: readonly (readonly number[])[], names: readonly string[]): Trace {
  const shares = rows.map((row) => {
    const sum = row.reduce((total, count) => total + count, 0);
    return row.map((count) => (sum === 0 ? null : count / sum));
  });
  const text = rows.map((row, i) =>
    row.map((count, j) => {
      const share = shares[i]?.[j] ?? 0;
      return `${numberText(count)}${share === 0 ? "" : `<br>${(100 * share).toFixed(1)} %`}`;
    }),
  );
  const bar = { title: { text: "share", side: "top" }, thickness: 12, outlinewidth: 0, tickformat: ".0%" };
  return {
    type: "heatmap",
    x: names,
    y: names,
    z: shares,
    customdata: rows,
    text,
    ...(rows.length > MOST_WRITTEN
      ? { colorbar: bar }
      : { texttemplate: "%{text}", textfont: { size: rows.length > 6 ? 11 : 13 }, showscale: false }),
    zmin: 0,
    zmax: 1,
    colorscale: sequentialScale,
    xgap: 2,
    ygap: 2,
    hoverongaps: false,
    hovertemplate:
      "true %{y}, predicted %{x}<br><b>%{customdata:,}</b> samples, %{z:.1%} of the true class<extra></extra>",
  };
}
