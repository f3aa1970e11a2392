import { ink } from "../colors.js";
import type { Scale } from "../scale.js";
import type { Area, Box, Layout } from "./area.js";
import { dashArray, element, FONT_SIZE, textElement } from "./element.js";

type Attributes = Readonly<Record<string, unknown>>;

/** What shapes and notes are placed in. */
export interface Canvas {
  /** The areas by the names of their axes */
  readonly areas: readonly { readonly area: Area; readonly xaxis: string; readonly yaxis: string }[];
  /** Around all areas */
  readonly box: Box;
}

const record = (value: unknown): Attributes => Object(value) as Attributes;

/** A share of something from its beginning, or a value on a scale. */
function along(
  value: unknown,
  reference: string,
  scale: Scale | undefined,
  place: ((at: number) => number) | undefined,
  [begin, end]: readonly [number, number],
): number {
  if (reference === "paper" || reference.endsWith(" domain")) return begin + Number(value) * (end - begin);
  return scale === undefined || place === undefined ? Number.NaN : place(scale.read(value));
}

/** Finds where an item of the layout stands, in pixels of the picture, and between which borders. */
function placer({ areas, box }: Canvas, item: Attributes) {
  const [xref, yref] = [String(item.xref ?? "x"), String(item.yref ?? "y")];
  const [xaxis, yaxis] = [xref, yref].map((reference) => reference.replace(" domain", ""));
  const inX = areas.find((one) => one.xaxis === xaxis)?.area;
  const inY = areas.find((one) => one.yaxis === yaxis)?.area;
  const [h, v] = [xref === "paper" ? box : (inX ?? box), yref === "paper" ? box : (inY ?? box)];
  const [xs, ys] = [
    [h.left, h.left + h.width],
    [v.top, v.top + v.height],
  ] as const;
  const placeX = (at: number) => h.left + (inX?.placeX(at) ?? 0);
  const placeY = (at: number) => v.top + (inY?.placeY(at) ?? 0);
  return {
    x: (value: unknown) => along(value, xref, inX?.x, placeX, xs),
    y: (value: unknown) => along(value, yref, inY?.y, placeY, [ys[1], ys[0]]),
    xs,
    ys,
  };
}

/** A pair of ends, as far as it lies between the borders; undefined if it does not. */
function cut(
  ends: readonly number[],
  [least, greatest]: readonly [number, number],
): [number, number] | undefined {
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  if (!Number.isFinite(low + high) || low > greatest + 1 || high < least - 1) return undefined;
  return [Math.max(low, least - 1), Math.min(high, greatest + 1)];
}

/**
 * Draws a layout's rectangles and its upright and level lines.
 *
 * @param layout - the figure's
 * @param canvas - the areas
 * @param layer - which of them: those below the series or those above them
 * @returns the markup
 */
export function shapes(layout: Layout, canvas: Canvas, layer: "below" | "above"): string {
  return (layout.shapes ?? [])
    .filter((shape) => (shape.layer === "below") === (layer === "below"))
    .map((shape) => {
      const place = placer(canvas, shape);
      const [xs, ys] = [
        cut([shape.x0, shape.x1].map(place.x), place.xs),
        cut([shape.y0, shape.y1].map(place.y), place.ys),
      ];
      if (xs === undefined || ys === undefined) return "";
      const [x, y, width, height] = [xs[0], ys[0], xs[1] - xs[0], ys[1] - ys[0]];
      const { color, width: thickness = 2, dash } = record(shape.line);
      const stroke =
        Number(thickness) > 0 && (typeof color === "string" || shape.type === "line")
          ? {
              stroke: typeof color === "string" ? color : ink.text,
              "stroke-width": Number(thickness),
              ...dashArray(dash),
            }
          : {};
      if (shape.type === "line" && (width === 0 || height === 0)) {
        return element("path", { d: `M${x} ${y}h${width}v${height}`, fill: "none", ...stroke });
      }
      if (shape.type !== "rect") return "";
      const fill = typeof shape.fillcolor === "string" ? shape.fillcolor : "none";
      return element("rect", { x, y, width, height, fill, ...stroke });
    })
    .join("");
}

/**
 * Draws a layout's notes.
 *
 * @param layout - the figure's
 * @param canvas - the areas
 * @returns the markup
 */
export function annotations(layout: Layout, canvas: Canvas): string {
  const anchors: Record<string, string> = { left: "start", right: "end" };
  const drops: Record<string, number> = { top: FONT_SIZE, bottom: -4 };
  return (layout.annotations ?? [])
    .map((note) => {
      const { xshift = 0, yshift = 0 } = note;
      const place = placer(canvas, note);
      const x = place.x(note.x) + Number(xshift);
      const y = place.y(note.y) - Number(yshift);
      const isSeen =
        cut([place.x(note.x)], place.xs) !== undefined && cut([place.y(note.y)], place.ys) !== undefined;
      if (!isSeen) return "";
      const anchor = anchors[String(note.xanchor)] ?? "middle";
      const { size } = record(note.font);
      return textElement(note.text, x, y + (drops[String(note.yanchor)] ?? 4.5), {
        "text-anchor": anchor,
        ...(typeof size === "number" ? { "font-size": size } : {}),
      });
    })
    .join("");
}
