import { type ColorScale, colorReader, isLight } from "../color-scale.js";
import { ink } from "../colors.js";
import type { Datum, Trace } from "../figure-json.js";
import { pngDataUri } from "../png.js";
import { extent } from "../scale.js";
import { linearTicks } from "../ticks.js";
import type { Area, Box, Mark } from "./area.js";
import { element, textElement } from "./element.js";

/** A heat map as it is drawn. */
export interface HeatmapMark extends Mark {
  /** Draws the scale of its colours beside a box; none if it is hidden */
  readonly colorBar?: (box: Box) => string;
  /** Whether the scale stands beside its own panel, not beside all */
  readonly hasOwnPlace: boolean;
}

type Rows = readonly (readonly (number | null)[])[];

const isScale = (scale: unknown): scale is ColorScale =>
  Array.isArray(scale) &&
  scale.length > 1 &&
  scale.every(
    (stop: unknown) => Array.isArray(stop) && typeof stop[0] === "number" && /^#[\da-f]{6}$/i.test(stop[1]),
  );

const hex = (rgb: readonly number[]) =>
  `#${rgb.map((value) => value.toString(16).padStart(2, "0")).join("")}`;

/** Cells are drawn one by one where there is a gap or a text, else as the pixels of a picture. */
const MOST_CELLS = 900;

/**
 * Reads a heat map.
 *
 * @param trace - of type "heatmap", with a colour scale of its own
 * @returns how it is drawn; undefined if its cells are not named or numbered evenly from 0, or its colours have a name only
 */
export function heatmapMark(trace: Trace): HeatmapMark | undefined {
  const { z, colorscale, zmin, zmax } = trace;
  if (!Array.isArray(z) || !z.every(Array.isArray) || !isScale(colorscale)) return undefined;
  const rows = z as Rows;
  const columns = rows[0]?.length ?? 0;
  const { x = Array.from({ length: columns }, (_, i) => i), y = Array.from(rows, (_, i) => i) } = trace;
  const isEven = (places: readonly Datum[]) =>
    places.every((place, i) => typeof place === "string" || place === i);
  if (!isEven(x) || !isEven(y)) return undefined;
  const found = extent(rows.flat().map((value) => value ?? Number.NaN));
  const [low, high] = [zmin, zmax].map((value, i) =>
    typeof value === "number" ? value : (found[i] ?? i),
  ) as [number, number];
  const read = colorReader(colorscale);
  const colorOf = (value: number) => read((value - low) / (high - low || 1));
  const gap = Number(trace.xgap ?? 0);
  const asCells = rows.length * columns <= MOST_CELLS && (gap > 0 || Array.isArray(trace.text));
  const half = { share: 0, pad: 0.5 };
  return {
    ...{ x, y, roomX: half, roomY: half },
    draw: (area) => ({
      inside: asCells ? cells(area, rows, trace, gap, colorOf) : pixels(area, rows, colorOf),
    }),
    hasOwnPlace: (Object(trace.colorbar) as { readonly x?: unknown }).x !== undefined,
    ...(trace.showscale === false ? {} : { colorBar: (box: Box) => colorBar(box, trace, [low, high], read) }),
  };
}

function cells(
  area: Area,
  rows: Rows,
  { text, texttemplate }: Trace,
  gap: number,
  colorOf: (value: number) => readonly [number, number, number],
): string {
  const written =
    Array.isArray(text) && texttemplate !== undefined ? (text as readonly (readonly unknown[])[]) : [];
  return rows
    .flatMap((row, i) =>
      row.map((value, j) => {
        const [left, right] = [area.placeX(j - 0.5), area.placeX(j + 0.5)].sort((a, b) => a - b) as [
          number,
          number,
        ];
        const [top, bottom] = [area.placeY(i - 0.5), area.placeY(i + 0.5)].sort((a, b) => a - b) as [
          number,
          number,
        ];
        if (value === null) return "";
        const rgb = colorOf(value);
        const size = { width: Math.max(0, right - left - gap), height: Math.max(0, bottom - top - gap) };
        const rect = element("rect", { x: left + gap / 2, y: top + gap / 2, ...size, fill: hex(rgb) });
        const label = written[i]?.[j];
        const lines = String(label).split("<br>").length;
        const small = {
          "text-anchor": "middle",
          "font-size": size.width < 60 ? 11 : 13,
          fill: isLight(rgb) ? "#222222" : "#ffffff",
        };
        return (
          rect + textElement(label, (left + right) / 2, (top + bottom) / 2 + 4.5 - (lines - 1) * 8, small)
        );
      }),
    )
    .join("");
}

function pixels(
  area: Area,
  rows: Rows,
  colorOf: (value: number) => readonly [number, number, number],
): string {
  const [height, width] = [rows.length, rows[0]?.length ?? 0];
  const rgba = new Uint8Array(width * height * 4);
  for (const [i, row] of rows.entries()) {
    for (const [j, value] of row.entries())
      if (value !== null) rgba.set([...colorOf(value), 255], (i * width + j) * 4);
  }
  const [left, right] = [area.placeX(-0.5), area.placeX(width - 0.5)];
  const [top, bottom] = [area.placeY(-0.5), area.placeY(height - 0.5)];
  // An axis may run the other way: the picture is then mirrored.
  const flip = `translate(${left} ${top}) scale(${Math.sign(right - left)} ${Math.sign(bottom - top)})`;
  return element("image", {
    ...{ width: Math.abs(right - left), height: Math.abs(bottom - top), transform: flip },
    ...{
      href: pngDataUri(width, height, rgba),
      preserveAspectRatio: "none",
      style: "image-rendering:pixelated",
    },
  });
}

function colorBar(
  box: Box,
  { colorbar }: Trace,
  [low, high]: readonly [number, number],
  read: (place: number) => readonly [number, number, number],
): string {
  const { title, tickformat } = Object(colorbar) as {
    readonly title?: { readonly text?: unknown };
    readonly tickformat?: unknown;
  };
  const [left, steps] = [box.left + box.width + 10, 64];
  const rgba = Uint8Array.from({ length: steps }, (_, i) => i).reduce<number[]>(
    (all, i) => all.concat([...read(1 - i / (steps - 1)), 255]),
    [],
  );
  const bar = element("image", {
    ...{ x: left, y: box.top, width: 12, height: box.height, preserveAspectRatio: "none" },
    href: pngDataUri(1, steps, Uint8Array.from(rgba)),
  });
  const labels = linearTicks(low, high, Math.max(2, box.height / 40)).map(({ value, label }) => {
    const y = box.top + ((high - value) / (high - low)) * box.height;
    const text = tickformat === ".0%" ? `${Math.round(100 * value)} %` : label;
    return (
      element("path", { d: `M${left + 12} ${y.toFixed(1)}h4`, stroke: ink.line }) +
      textElement(text, left + 19, y + 4.5)
    );
  });
  return (
    bar + labels.join("") + textElement(title?.text, left + 6, box.top - 10, { "text-anchor": "middle" })
  );
}
