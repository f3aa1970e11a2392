import { colorReader, sequentialScale } from "./color-scale.js";
import { ink, palette } from "./colors.js";
import { type FigureOptions, houseFigure } from "./figure.js";
import type { Figure, Trace } from "./figure-json.js";
import { listed, requireLabels, requireList, requireOptions } from "./inputs.js";
import { type MatrixValues, matrixRows } from "./matrix.js";
import { extent } from "./scale.js";
import { type Series, seriesTraces } from "./series.js";
import { plainText, templateText } from "./text.js";

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

/** A side of a cell of the grid: from one place of the matrix to the next one in its row or column. */
interface Side {
  readonly row: number;
  readonly column: number;
  readonly down: boolean;
}

/** A matrix whose rows and columns stand somewhere. */
interface Grid {
  readonly rows: readonly (readonly (number | null)[])[];
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
}

const keyOf = ({ row, column, down }: Side): string => `${row},${column},${down}`;
const valueAt = ({ rows }: Grid, row: number, column: number) => rows[row]?.[column] ?? Number.NaN;

/** The values at both ends of a side. */
const ends = (grid: Grid, { row, column, down }: Side) =>
  [valueAt(grid, row, column), valueAt(grid, row + Number(down), column + Number(!down))] as const;

/** The sides of a cell that a level crosses, two and two as its line joins them; none where a corner is a gap. */
function crossed(grid: Grid, row: number, column: number, level: number): Side[] {
  const values = [
    valueAt(grid, row, column),
    valueAt(grid, row, column + 1),
    valueAt(grid, row + 1, column),
    valueAt(grid, row + 1, column + 1),
  ];
  // Most cells lie on one side.
  const below = values.filter((value) => value < level).length;
  if (below === 0 || below === values.length || !values.every(Number.isFinite)) return [];
  const sides: readonly Side[] = [
    { row, column, down: false },
    { row, column: column + 1, down: true },
    { row: row + 1, column, down: false },
    { row, column, down: true },
  ];
  const found = sides.filter((side) => {
    const [from, to] = ends(grid, side);
    return from < level !== to < level;
  });
  if (found.length < 4) return found;
  // A saddle: the corners belong together that are on the side of the middle.
  const middle = values.reduce((sum, value) => sum + value, 0) / values.length;
  const [first, ...others] = found as [Side, Side, Side, Side];
  return middle < level === (values[0] ?? 0) < level ? found : [...others, first];
}

function placeOf(grid: Grid, level: number, side: Side): readonly [x: number, y: number] {
  const { row, column, down } = side;
  const [from, to] = ends(grid, side);
  const share = (level - from) / (to - from);
  const between = (places: ArrayLike<number>, at: number, moves: boolean) => {
    const start = places[at] ?? 0;
    return moves ? start + share * ((places[at + 1] ?? 0) - start) : start;
  };
  return [between(grid.x, column, !down), between(grid.y, row, down)];
}

/** The lines of a level, one after the other with gaps between them. */
function contour(grid: Grid, level: number): { x: (number | null)[]; y: (number | null)[] } {
  const places = new Map<string, readonly [x: number, y: number]>();
  const next = new Map<string, string[]>();
  for (const row of grid.rows.keys()) {
    for (const column of grid.rows[row]?.keys() ?? []) {
      const sides = crossed(grid, row, column, level);
      for (const [index, side] of sides.entries()) {
        const other = sides[index % 2 === 0 ? index + 1 : index - 1] ?? side;
        places.set(keyOf(side), placeOf(grid, level, side));
        next.set(keyOf(side), [...(next.get(keyOf(side)) ?? []), keyOf(other)]);
      }
    }
  }
  // Lines that end at the border begin there; the others are closed.
  const starts = [...next].sort(([, one], [, other]) => one.length - other.length).map(([key]) => key);
  const lines = starts.flatMap((start) => {
    const line = followed(start, next);
    return line.length > 1
      ? [...line.map((key) => places.get(key) ?? [null, null]), [null, null] as const]
      : [];
  });
  return { x: lines.map(([x]) => x), y: lines.map(([, y]) => y) };
}

/** Walks along a line from side to side and forgets it on the way. */
function followed(start: string, next: Map<string, string[]>): string[] {
  const line = [start];
  for (let at = start, to = next.get(at)?.pop(); to !== undefined; to = next.get(at)?.pop()) {
    line.push(to);
    next.set(
      to,
      (next.get(to) ?? []).filter((key) => key !== at),
    );
    at = to;
  }
  return line;
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
  const color = colorReader(sequentialScale);
  const lines = Array.from(levels, (level, i): Trace => {
    // Neither so light nor so dark that it is not seen on one of the pages.
    const rgb = color(levels.length === 1 ? 0.6 : 0.35 + (0.4 * i) / (levels.length - 1));
    const name = plainText(`${valueLabel} ${Number(level.toPrecision(4))}`.trim());
    return {
      ...{ type: "scatter", mode: "lines", name, ...contour({ rows, x, y }, level), connectgaps: false },
      line: { color: `rgb(${rgb.join(", ")})`, width: 1.5 },
      showlegend: false,
      hovertemplate: `${templateText(name)}<extra></extra>`,
    };
  });
  const colored = listed(action, "over", over, ["y"]).map((one, i) => ({
    color: palette[(i + 1) % palette.length] ?? ink.text,
    ...one,
  }));
  const series = colored.length === 0 ? [] : seriesTraces(colored, "lines");
  const borders = (places: ArrayLike<number>) => [places[0], places[places.length - 1]];
  return houseFigure([...lines.filter((line) => line.x?.length), ...series], options, {
    hovermode: "closest",
    showlegend: series.length > 0,
    xaxis: { range: borders(x), showgrid: false },
    yaxis: { range: borders(y), showgrid: false },
  });
}
