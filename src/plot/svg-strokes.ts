import { type Datum, ink, palette, type Trace } from "./figure.js";
import { characterWidth, element, textElement } from "./svg-element.js";
import { dotPath, linePath, lonePoints, type Point } from "./svg-path.js";
import { writtenText } from "./text.js";

const dashes: Readonly<Record<string, string>> = { dash: "7 6", dot: "0.1 5" };

/** One series, as it is stroked. */
export interface Stroke {
  /** With plotly's entities */
  readonly name: string;
  readonly color: string;
  readonly lines: boolean;
  readonly markers: boolean;
  readonly width: number;
  readonly dash: string;
  readonly size: number;
  readonly x: readonly Datum[];
  readonly y: readonly Datum[];
}

/**
 * Reads how plotly would stroke a trace.
 *
 * @param trace - lines, points or both
 * @param index - its place in the figure, which says its colour if it has none
 * @returns its values and its style
 */
export function traceStroke(trace: Trace, index: number): Stroke {
  const { name = `trace ${index}`, y = [], x = Array.from(y, (_, i) => i), mode } = trace;
  const line = Object(trace.line) as Record<string, unknown>;
  const marker = Object(trace.marker) as Record<string, unknown>;
  const color = [line.color, marker.color].find((value) => typeof value === "string");
  const modes = typeof mode === "string" ? mode : y.length < 20 ? "lines+markers" : "lines";
  return {
    ...{ name, x, y },
    color: typeof color === "string" ? color : (palette[index % palette.length] ?? ink.text),
    lines: modes.includes("lines"),
    markers: modes.includes("markers"),
    width: typeof line.width === "number" ? line.width : 2,
    dash: dashes[String(line.dash)] ?? "",
    size: typeof marker.size === "number" ? marker.size : 6,
  };
}

/**
 * Draws a series.
 *
 * @param stroke - its style
 * @param points - its values in pixels
 * @returns the markup
 */
export function strokeElements(
  { color, lines, markers, width, dash, size }: Stroke,
  points: readonly Point[],
): string {
  const common = { fill: "none", stroke: color, "stroke-linecap": "round", "stroke-linejoin": "round" };
  const dashed = dash === "" ? {} : { "stroke-dasharray": dash };
  const path = (d: string, more: object) => (d === "" ? "" : element("path", { ...common, ...more, d }));
  const dots = markers ? points : lonePoints(points);
  return [
    lines ? path(linePath(points), { ...dashed, "stroke-width": width }) : "",
    path(dotPath(dots), { "stroke-width": markers ? size : 2.5 * width }),
  ].join("");
}

/**
 * Draws samples of the series beside their names, as many in a row as fit.
 *
 * @param strokes - the series
 * @param left - where each row begins, in pixels
 * @param right - where it has to end
 * @param top - the middle of the first row
 * @returns the markup, and where the last row ends
 */
export function legend(
  strokes: readonly Stroke[],
  left: number,
  right: number,
  top: number,
): { markup: string; bottom: number } {
  let [x, y] = [left, top];
  const markup = strokes.map((one) => {
    const wide = 38 + writtenText(one.name).length * characterWidth + 16;
    if (x > left && x + wide > right) [x, y] = [left, y + 20];
    const ends = (one.lines ? [x, x + 28] : [x + 14]).map((end): Point => [end, y]);
    const label = textElement(one.name, x + 36, y + 4.5);
    x += wide;
    return strokeElements({ ...one, markers: one.markers && !one.lines }, ends) + label;
  });
  return { markup: markup.join(""), bottom: y + 16 };
}
