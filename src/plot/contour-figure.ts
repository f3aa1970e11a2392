import { colorReader, sequentialScale } from "./color-scale.js";
import { type FigureOptions, houseFigure } from "./figure.js";
import type { Figure, Trace } from "./figure-json.js";
import { requireLabels, requireList, requireOptions } from "./inputs.js";
import { type MatrixValues, matrixRows } from "./matrix.js";
import { extent } from "./scale.js";
import { type Series, seriesTraces } from "./series.js";
import { templateText } from "./text.js";

/** What a contour plot can be told beside the options of every figure. */
export interface ContourOptions extends FigureOptions {
  /** Where the columns stand, rising; 0, 1, 2 … unless given */
  readonly x?: ArrayLike<number>;
  /** Where the rows stand, rising; 0, 1, 2 … unless given */
  readonly y?: ArrayLike<number>;
  /** The values of the lines; eight at equal distances unless given */
  readonly levels?: ArrayLike<number>;
  /** What the values mean, shown in the hover text */
  readonly valueLabel?: string;
  /** Lines and points over the contours, for instance the way of a descent; one value alone is a dot */
  readonly over?: Series | readonly Series[];
}

type Point = readonly [x: number, y: number];

/** A cell of the grid: its corners, one after the other. */
type Corners = readonly (readonly [x: number, y: number, value: number])[];

/** Where a level crosses the sides of a cell: pairs of points, none where a corner is a gap. */
function crossings(corners: Corners, level: number): Point[] {
  if (!corners.every(([, , value]) => Number.isFinite(value))) return [];
  const points = corners.flatMap(([x, y, value], side): Point[] => {
    const [nextX = x, nextY = y, next = value] = corners[(side + 1) % corners.length] ?? [];
    if (value < level === next < level) return [];
    const share = (level - value) / (next - value);
    return [[x + share * (nextX - x), y + share * (nextY - y)]];
  });
  if (points.length < 4) return points;
  // A saddle: the two low corners belong together where the middle is low, too.
  const middle = corners.reduce((sum, [, , value]) => sum + value, 0) / corners.length;
  const [first, ...others] = points as [Point, Point, Point, Point];
  return middle < level === (corners[0]?.[2] ?? 0) < level ? points : [...others, first];
}

/** The line of a level, in pieces with gaps between them. */
function contour(cells: readonly Corners[], level: number): { x: (number | null)[]; y: (number | null)[] } {
  const places = cells.flatMap((corners) => {
    const points = crossings(corners, level);
    return points.flatMap((point, index) => (index % 2 === 1 ? [point, [null, null] as const] : [point]));
  });
  return { x: places.map(([x]) => x), y: places.map(([, y]) => y) };
}

function cellsOf(rows: readonly (number | null)[][], x: ArrayLike<number>, y: ArrayLike<number>): Corners[] {
  const corner = (i: number, j: number) => [x[j] ?? 0, y[i] ?? 0, rows[i]?.[j] ?? Number.NaN] as const;
  return rows
    .slice(1)
    .flatMap((row, i) =>
      row.slice(1).map((_, j) => [corner(i, j), corner(i, j + 1), corner(i + 1, j + 1), corner(i + 1, j)]),
    );
}

function requirePlaces(what: string, axis: string, places: ArrayLike<number>, count: number): void {
  const list = Array.from(places);
  const isRising = list.every(
    (place, i) => Number.isFinite(place) && (i === 0 || place > (list[i - 1] ?? 0)),
  );
  if (list.length === count && isRising) return;
  throw new RangeError(
    `Cannot plot contours: ${axis} must be ${count} rising numbers, one for each ${what}, got [${list.join(", ")}]`,
  );
}

/**
 * Builds a map of values over a plane: lines along which they are equal, dark where the values are great. It shows the
 * loss of two weights, with the way of a descent over it.
 *
 * @param matrix - rows of numbers `[rows][columns]`, a tensor of rank 2, or values with their shape; row 0 is at the
 *   bottom, null and NaN are gaps
 * @param options - where rows and columns stand, the levels, what is drawn over them, titles, height
 * @returns a plotly figure, for `show()`
 * @throws {TypeError} when an argument is not of its type
 * @throws {RangeError} when there are fewer than two rows or columns, rows differ in length, no value is finite, or x or
 * y does not rise or has another length
 * @example
 * ```ts
 * import { contourFigure, show } from "rnnlab/plot";
 * const places = [-2, -1, 0, 1, 2];
 * const loss = places.map((b) => places.map((a) => a ** 2 + b ** 2));
 * const way = { name: "descent", x: [2, 1, 0], y: [2, 1, 0] };
 * show(contourFigure(loss, { x: places, y: places, xLabel: "a", yLabel: "b", valueLabel: "loss", over: way }));
 * ```
 */
export function contourFigure(matrix: MatrixValues, options: ContourOptions = {}): Figure {
  const action = "plot contours";
  requireOptions(action, options);
  const rows = matrixRows(action, matrix);
  const columns = rows[0]?.length ?? 0;
  if (rows.length < 2 || columns < 2) {
    throw new RangeError(
      `Cannot ${action}: there must be at least 2 rows and 2 columns, got ${rows.length} and ${columns}`,
    );
  }
  requireLabels(action, { x: options.x, y: options.y, levels: options.levels });
  const {
    x = rows[0]?.map((_, j) => j) ?? [],
    y = rows.map((_, i) => i),
    over = [],
    valueLabel = "",
  } = options;
  requirePlaces("column", "x", x, columns);
  requirePlaces("row", "y", y, rows.length);
  const [low, high] = extent(rows.flat().map((value) => value ?? Number.NaN));
  if (!Number.isFinite(high - low)) {
    throw new RangeError(`Cannot ${action}: a value must be finite, got none`);
  }
  const { levels = Array.from({ length: 8 }, (_, i) => low + ((i + 0.5) / 8) * (high - low)) } = options;
  requireList(action, "levels", levels);
  const cells = cellsOf(rows, x, y);
  const color = colorReader(sequentialScale);
  const lines = Array.from(levels, (level, i): Trace => {
    // Neither so light nor so dark that it is not seen on one of the pages.
    const rgb = color(levels.length === 1 ? 0.6 : 0.35 + (0.4 * i) / (levels.length - 1));
    return {
      ...{ type: "scatter", mode: "lines", ...contour(cells, level), connectgaps: false },
      line: { color: `rgb(${rgb.join(", ")})`, width: 1.5 },
      showlegend: false,
      hovertemplate: `${templateText(valueLabel)} <b>${Number(level.toPrecision(4))}</b><extra></extra>`,
    };
  });
  const series = Array.isArray(over) && over.length === 0 ? [] : seriesTraces(over, "lines");
  const ends = (places: ArrayLike<number>) => [places[0], places[places.length - 1]];
  return houseFigure([...lines.filter((line) => line.x?.length), ...series], options, {
    hovermode: "closest",
    showlegend: series.length > 0,
    xaxis: { range: ends(x), showgrid: false },
    yaxis: { range: ends(y), showgrid: false },
  });
}
