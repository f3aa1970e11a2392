/** A point in pixels. A coordinate that is NaN makes it a gap. */
export type Point = readonly [x: number, y: number];

/** No series is drawn with many more points than this. */
const MOST_POINTS = 4000;

const round = (value: number): number => Math.round(value * 10) / 10;
const isGap = ([x, y]: Point): boolean => Number.isNaN(x) || Number.isNaN(y);

/** Keeps every n-th and the last. */
function spread<T>(items: readonly T[], stride: number): readonly T[] {
  return stride <= 1 ? items : items.filter((_, i) => i % stride === 0 || i === items.length - 1);
}

/** A line through the points; a single one becomes a line of no length. */
function draw([first = [0, 0], ...rest]: readonly Point[]): string {
  const line = rest.map(([x, y]) => `${round(x)} ${round(y)}`);
  return `M${round(first[0])} ${round(first[1])}${line.length === 0 ? "h0" : `L${line.join(" ")}`}`;
}

/** The parts of a line between its gaps. */
function runs(points: readonly Point[]): (readonly Point[])[] {
  const parts: Point[][] = [[]];
  for (const point of points) {
    if (isGap(point)) parts.push([]);
    else parts.at(-1)?.push(point);
  }
  return parts.filter(({ length }) => length > 0);
}

/**
 * Thins a line to its pixels: of the neighbours that stand in one column of pixels only the first, the lowest, the
 * highest and the last are kept, in their order, which cover the same pixels as all of them.
 */
function thinned(line: readonly Point[]): readonly Point[] {
  const kept: Point[] = [];
  const isBelow = (a: number, b: number) => (line[a]?.[1] ?? 0) < (line[b]?.[1] ?? 0);
  const column = (index: number) => Math.floor(line[index]?.[0] ?? Number.NaN);
  for (let begin = 0, end = 0; begin < line.length; begin = end) {
    let [low, high] = [begin, begin];
    for (end = begin; column(end) === column(begin); end++) {
      if (isBelow(end, low)) low = end;
      if (isBelow(high, end)) high = end;
    }
    for (const index of new Set([begin, Math.min(low, high), Math.max(low, high), end - 1])) {
      const point = line[index];
      if (point !== undefined) kept.push(point);
    }
  }
  return kept;
}

/**
 * Writes a line as the data of an SVG path; values between two gaps are no line (see {@link lonePoints}).
 * Of more than 4,000 points only those are drawn that change the picture by a pixel or more, and of what is still too
 * much (a scribble to and fro) every n-th.
 *
 * @param points - the line in pixels
 * @returns path data, empty if all are gaps
 */
export function linePath(points: readonly Point[]): string {
  const dense = points.length > MOST_POINTS;
  const lines = runs(points).flatMap((line) => (line.length === 1 ? [] : [dense ? thinned(line) : line]));
  const stride = Math.ceil(lines.reduce((sum, { length }) => sum + length, 0) / MOST_POINTS);
  return spread(lines, Math.ceil(lines.length / MOST_POINTS))
    .map((line) => draw(spread(line, stride)))
    .join("");
}

/**
 * Finds the values between two gaps, through which no line goes.
 *
 * @param points - the line in pixels
 * @returns those of its points
 */
export function lonePoints(points: readonly Point[]): readonly Point[] {
  return runs(points).flatMap((line) => (line.length === 1 ? line : []));
}

/**
 * Writes points as the data of an SVG path whose round stroke ends are the dots. Points that share a pixel are drawn
 * once, and of more than 4,000 pixels every n-th.
 *
 * @param points - the points in pixels
 * @returns path data, empty if all are gaps
 */
export function dotPath(points: readonly Point[]): string {
  const pixels = new Map<number, Point>();
  // A number for each pixel: columns are less than 100,000 pixels high.
  for (const point of points) {
    if (!isGap(point)) pixels.set(Math.round(point[0]) * 1e5 + Math.round(point[1]), point);
  }
  const dots = [...pixels.values()];
  return spread(dots, Math.ceil(dots.length / MOST_POINTS))
    .map((dot) => draw([dot]))
    .join("");
}
