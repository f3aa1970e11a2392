import { type Figure, lineFigure, palette, scatterFigure, smallMultiples } from "../plot/index.js";

/** A run with one of its figures. */
export interface SweepPoint {
  readonly parameters: object;
  readonly value: number;
}

/** From which ratio of greatest to least on an axis is logarithmic. */
const WIDE = { whole: 1000, real: 10, vertical: 100 };

/**
 * Draws a figure of the runs over each parameter that varies.
 *
 * @param points - at least one
 * @param metric - the figure's name
 * @returns a plotly figure
 */
export function drawSweep(points: readonly SweepPoint[], metric: string): Figure {
  const title = `${metric} of ${points.length} ${points.length === 1 ? "run" : "runs"}`;
  const values = points.map(({ value }) => value);
  const yScale = isWide(values, WIDE.vertical) ? "log" : "linear";
  const panel = (name: string, places: readonly unknown[]): Figure => {
    const { x, xScale } = abscissas(places);
    const axes = { xLabel: name, yLabel: metric, xScale, yScale } as const;
    const runs = scatterFigure({ name: "run", x, y: values, color: palette[0] ?? "blue" }, axes);
    const line = means(x, values);
    if (line.y.length === points.length || line.y.length < 2) return runs;
    const { data } = lineFigure({ name: "mean", ...line, color: palette[1] ?? "red" }, axes);
    return { ...runs, data: [...runs.data, ...data] };
  };
  const panels = varying(points).map((name) =>
    panel(
      name,
      points.map(({ parameters }) => Reflect.get(parameters, name)),
    ),
  );
  if (panels.length === 0)
    panels.push(
      panel(
        "run",
        points.map((_, index) => index + 1),
      ),
    );
  return smallMultiples(panels, { title });
}

function varying(points: readonly SweepPoint[]): string[] {
  const names = new Set(points.flatMap(({ parameters }) => Object.keys(parameters)));
  return [...names].filter((name) => {
    const values = points.map(({ parameters }) => JSON.stringify(Reflect.get(parameters, name)));
    return new Set(values).size > 1;
  });
}

/** Numbers as they are; anything else as text. */
function abscissas(values: readonly unknown[]): { x: (number | string)[]; xScale: "log" | "linear" } {
  const numbers = values.filter((value) => typeof value === "number");
  if (numbers.length < values.length)
    return {
      x: values.map((value) => (typeof value === "string" ? value : (JSON.stringify(value) ?? "none"))),
      xScale: "linear",
    };
  const wide = numbers.every(Number.isInteger) ? WIDE.whole : WIDE.real;
  return { x: numbers, xScale: isWide(numbers, wide) ? "log" : "linear" };
}

function isWide(values: readonly number[], ratio: number): boolean {
  const [low, high] = values.reduce(
    ([least, greatest], value) => [Math.min(least, value), Math.max(greatest, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  return low > 0 && high / low >= ratio;
}

function means(x: readonly (number | string)[], y: readonly number[]) {
  const groups = new Map<number | string, number[]>();
  for (const [index, place] of x.entries())
    groups.set(place, [...(groups.get(place) ?? []), y[index] ?? Number.NaN]);
  const sorted = [...groups].sort(([a], [b]) => (typeof a === "number" && typeof b === "number" ? a - b : 0));
  return {
    x: sorted.map(([place]) => place),
    y: sorted.map(([, values]) => values.reduce((sum, value) => sum + value, 0) / values.length),
  };
}
