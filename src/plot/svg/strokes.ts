import { ink, palette } from "../colors.js";
import type { Datum, Trace } from "../figure-json.js";
import { type Area, type Mark, noRoom } from "./area.js";
import { dashArray, element, FONT_SIZE, textElement } from "./element.js";
import { dotPath, linePath, lonePoints, type Point } from "./path.js";

/** How a series is stroked. */
interface Style {
  readonly color: string;
  readonly lines: boolean;
  readonly markers: boolean;
  readonly width: number;
  readonly dash: unknown;
  readonly size: number;
  /** Markers are rings */
  readonly open: boolean;
}

type Attributes = Readonly<Record<string, unknown>>;

const record = (value: unknown): Attributes => Object(value) as Attributes;

function styleOf({ mode, line, marker, y = [] }: Trace, index: number): Style {
  const [stroke, dot] = [record(line), record(marker)];
  const modes = typeof mode === "string" ? mode : y.length < 20 ? "lines+markers" : "lines";
  const colors = modes.includes("lines") ? [stroke.color, dot.color] : [dot.color, stroke.color];
  const color = colors.find((value) => typeof value === "string");
  return {
    color: typeof color === "string" ? color : (palette[index % palette.length] ?? ink.text),
    lines: modes.includes("lines"),
    markers: modes.includes("markers") && dot.opacity !== 0,
    width: typeof stroke.width === "number" ? stroke.width : 2,
    dash: stroke.dash,
    size: typeof dot.size === "number" ? dot.size : 6,
    open: String(dot.symbol).endsWith("-open"),
  };
}

function strokes(style: Style, points: readonly Point[]): string {
  const { color, lines, markers, width, dash, size, open } = style;
  const common = { fill: "none", stroke: color, "stroke-linecap": "round", "stroke-linejoin": "round" };
  const path = (d: string, more: object) => (d === "" ? "" : element("path", { ...common, ...more, d }));
  if (open) {
    return points
      .slice(0, 1000)
      .filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y))
      .map(([cx, cy]) =>
        element("circle", { cx, cy, r: size / 2, fill: "none", stroke: color, "stroke-width": 2 }),
      )
      .join("");
  }
  const dots = markers ? points : lines ? lonePoints(points) : [];
  return [
    lines ? path(linePath(points), { ...dashArray(dash), "stroke-width": width }) : "",
    path(dotPath(dots), { "stroke-width": markers ? size : 2.5 * width }),
  ].join("");
}

/** The texts of a trace that shows some beside its points. */
function texts({ mode, text, textposition, textfont }: Trace, points: readonly Point[]): string {
  if (typeof mode !== "string" || !mode.includes("text") || !Array.isArray(text)) return "";
  const { color, size = FONT_SIZE } = record(textfont);
  const drop = String(textposition).startsWith("bottom")
    ? 15
    : String(textposition).startsWith("top")
      ? -6
      : 4.5;
  return points
    .map(([x, y], i) => {
      const fill: unknown = Array.isArray(color) ? color[i] : color;
      if (!(Number.isFinite(x) && Number.isFinite(y))) return "";
      return textElement(text[i], x, y + drop, {
        "text-anchor": "middle",
        "font-size": Number(size),
        ...(typeof fill === "string" ? { fill } : {}),
      });
    })
    .join("");
}

/**
 * Reads a trace of lines, points or texts.
 *
 * @param trace - of type "scatter" or "scattergl"
 * @param index - its place in the figure, which says its colour if it has none
 * @returns how it is drawn
 */
export function scatterMark(trace: Trace, index: number): Mark {
  const { y = [], x = Array.from(y, (_, i) => i) } = trace;
  const style = styleOf(trace, index);
  const place = (area: Area) =>
    Array.from(
      y,
      (value, i): Point => [area.placeX(area.x.read(x[i] as Datum)), area.placeY(area.y.read(value))],
    );
  return {
    ...{ x, y },
    roomX: style.lines ? noRoom : { share: 0.03, pad: 0 },
    roomY: { share: 0.06, pad: 0 },
    draw: (area) => {
      const points = place(area);
      return { inside: strokes(style, points), outside: texts(trace, points) };
    },
    sample: (left, middle) => {
      const at = (x: number): Point => [left + x, middle];
      const line = style.lines ? strokes({ ...style, markers: false }, [at(0), at(28)]) : "";
      const dot = style.markers ? strokes({ ...style, lines: false }, [at(14)]) : "";
      return line + dot;
    },
  };
}
