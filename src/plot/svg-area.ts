import { ink } from "./figure.js";
import type { AxisLayout, Scale } from "./scale.js";
import { characterWidth, element, fontSize, textElement } from "./svg-element.js";

/** What is read of a plotly layout; all of it may be missing or something else in a figure made elsewhere. */
export interface Layout {
  readonly title?: { readonly text?: unknown };
  readonly height?: unknown;
  readonly xaxis?: AxisLayout & { readonly title?: { readonly text?: unknown } };
  readonly yaxis?: Layout["xaxis"];
  readonly shapes?: readonly Readonly<Record<string, unknown>>[];
  readonly annotations?: readonly Readonly<Record<string, unknown>>[];
}

/** The plot area in pixels, and what stands where in it. */
export interface Area {
  readonly width: number;
  readonly height: number;
  readonly x: Scale;
  readonly y: Scale;
  readonly placeX: (coordinate: number) => number;
  readonly placeY: (coordinate: number) => number;
}

/** Where a value of a shape or annotation stands along an axis of so many pixels, from its beginning. */
function along(value: unknown, reference: unknown, scale: Scale, place: (at: number) => number): number {
  if (reference !== "paper") return place(scale.read(value));
  return place(scale.low + Number(value) * (scale.high - scale.low));
}

/**
 * Draws a layout's rectangles.
 *
 * @param layout - the figure's
 * @param area - the plot area
 * @returns the markup
 */
export function shapes(layout: Layout, area: Area): string {
  const rects = (layout.shapes ?? []).filter(({ type }) => type === "rect");
  return rects
    .map(({ x0, x1, y0, y1, xref, yref, fillcolor }) => {
      const xs = [x0, x1].map((x) => along(x, xref, area.x, area.placeX));
      const ys = [y0, y1].map((y) => along(y, yref, area.y, area.placeY));
      const [x, y] = [Math.min(...xs), Math.min(...ys)];
      const size = { width: Math.max(...xs) - x, height: Math.max(...ys) - y };
      if (![x, y, ...Object.values(size)].every(Number.isFinite)) return "";
      return element("rect", { x, y, ...size, fill: typeof fillcolor === "string" ? fillcolor : ink.grid });
    })
    .join("");
}

/**
 * Draws a layout's notes.
 *
 * @param layout - the figure's
 * @param area - the plot area
 * @returns the markup
 */
export function annotations(layout: Layout, area: Area): string {
  const anchors: Record<string, string> = { left: "start", right: "end" };
  const drops: Record<string, number> = { top: fontSize, bottom: -4 };
  return (layout.annotations ?? [])
    .map((note) => {
      const { xshift = 0, yshift = 0 } = note;
      const x = along(note.x, note.xref, area.x, area.placeX) + Number(xshift);
      const y = along(note.y, note.yref, area.y, area.placeY) - Number(yshift);
      if (!(Number.isFinite(x) && Number.isFinite(y))) return "";
      const anchor = anchors[String(note.xanchor)] ?? "middle";
      return textElement(note.text, x, y + (drops[String(note.yanchor)] ?? 4.5), { "text-anchor": anchor });
    })
    .join("");
}

/**
 * Draws grid, labels and borders.
 *
 * @param area - the plot area
 * @returns what stands behind the series and what stands around them
 */
export function axes(area: Area): { grid: string; labels: string } {
  const { width, height, x, y } = area;
  const widest = Math.max(...x.ticks(8).map(({ label }) => label.length), 4) * characterWidth + 24;
  const columns = x.ticks(Math.max(2, Math.min(10, width / widest)));
  const rows = y.ticks(Math.max(2, height / 32));
  const lines = [
    ...columns.map(({ value }) => `M${area.placeX(value).toFixed(1)} 0v${height}`),
    ...rows.map(({ value }) => `M0 ${area.placeY(value).toFixed(1)}h${width}`),
  ];
  const ticks = [
    ...columns.map(({ value }) => `M${area.placeX(value).toFixed(1)} ${height}v5`),
    ...rows.map(({ value }) => `M0 ${area.placeY(value).toFixed(1)}h-5`),
  ];
  const path = (d: string, stroke: string) => element("path", { d, stroke, fill: "none" });
  return {
    grid: path(lines.join(""), ink.grid),
    labels: [
      path(`M0 0V${height}H${width}${ticks.join("")}`, ink.line),
      ...columns.map(({ value, label }) =>
        textElement(label, area.placeX(value), height + 20, { "text-anchor": "middle" }),
      ),
      ...rows.map(({ value, label }) =>
        textElement(label, -9, area.placeY(value) + 4.5, { "text-anchor": "end" }),
      ),
    ].join(""),
  };
}
