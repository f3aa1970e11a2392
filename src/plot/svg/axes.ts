import { ink } from "../colors.js";
import type { Tick } from "../ticks.js";
import type { Area, PictureAxis } from "./area.js";
import { CHARACTER_WIDTH, element, FONT_SIZE, textElement } from "./element.js";

/** The labels of an axis as they fit. */
export interface Labels {
  readonly ticks: readonly Tick[];
  /** Whether they stand upright, because they do not fit side by side */
  readonly upright: boolean;
  /** Length of the longest in pixels */
  readonly longest: number;
}

/** Plotly's number format of an axis of shares. */
const percent = (ticks: readonly Tick[], format: unknown): readonly Tick[] =>
  format === ".0%" ? ticks.map(({ value }) => ({ value, label: `${Math.round(100 * value)} %` })) : ticks;

const longestOf = (ticks: readonly Tick[]): number =>
  CHARACTER_WIDTH * Math.max(0, ...ticks.map(({ label }) => label.replaceAll("\u200b", "").length));

/**
 * Chooses the labels below an area.
 *
 * @param area - the area
 * @param layout - its axis
 * @returns the labels
 */
export function columnLabels({ x, width }: Pick<Area, "x" | "width">, layout: PictureAxis): Labels {
  if (x.named) {
    const all = x.ticks(Math.max(1, width / (FONT_SIZE * 1.3)));
    const longest = longestOf(all);
    return { ticks: all, upright: longest + 4 > width / Math.max(1, all.length), longest };
  }
  const widest = Math.max(longestOf(x.ticks(8)), 4 * CHARACTER_WIDTH) + 24;
  const ticks = percent(x.ticks(Math.max(2, Math.min(10, width / widest))), layout.tickformat);
  return { ticks, upright: false, longest: longestOf(ticks) };
}

/**
 * Chooses the labels beside an area.
 *
 * @param area - the area
 * @param layout - its axis
 * @returns the labels
 */
export function rowLabels({ y, height }: Pick<Area, "y" | "height">, layout: PictureAxis): Labels {
  const least = y.named ? FONT_SIZE * 1.3 : 32;
  const ticks = percent(y.ticks(Math.max(2, height / least)), layout.tickformat);
  return { ticks, upright: false, longest: longestOf(ticks) };
}

/**
 * Draws grid, labels, borders and names of the axes.
 *
 * @param area - the area
 * @param xaxis - the horizontal axis in the layout
 * @param yaxis - the vertical one
 * @returns what is drawn below the series and what is drawn around them
 */
export function axes(area: Area, xaxis: PictureAxis, yaxis: PictureAxis): { grid: string; labels: string } {
  const { width, height } = area;
  const columns = xaxis.visible === false ? undefined : columnLabels(area, xaxis);
  const rows = yaxis.visible === false ? undefined : rowLabels(area, yaxis);
  const xs = columns?.ticks.map(({ value }) => area.placeX(value).toFixed(1)) ?? [];
  const ys = rows?.ticks.map(({ value }) => area.placeY(value).toFixed(1)) ?? [];
  const path = (d: string, stroke: string) => (d === "" ? "" : element("path", { d, stroke, fill: "none" }));
  const lines = [
    ...(xaxis.showgrid === false ? [] : xs.map((x) => `M${x} 0v${height}`)),
    ...(yaxis.showgrid === false ? [] : ys.map((y) => `M0 ${y}h${width}`)),
  ];
  const borders = [
    ...(xaxis.showline === true && columns !== undefined
      ? [`M0 ${height}H${width}`, ...xs.map((x) => `M${x} ${height}v5`)]
      : []),
    ...(yaxis.showline === true && rows !== undefined
      ? [`M0 0V${height}`, ...ys.map((y) => `M0 ${y}h-5`)]
      : []),
  ];
  const middle = { "text-anchor": "middle" };
  const below = columns === undefined ? 0 : columns.upright ? columns.longest + 14 : 20;
  return {
    grid: path(lines.join(""), ink.grid),
    labels: [
      path(borders.join(""), ink.line),
      ...(columns?.ticks ?? []).map(({ label }, i) =>
        columns?.upright
          ? textElement(label, 0, 4.5, {
              "text-anchor": "end",
              transform: `translate(${xs[i]} ${height + 8}) rotate(-90)`,
            })
          : textElement(label, Number(xs[i]), height + 20, middle),
      ),
      ...(rows?.ticks ?? []).map(({ label }, i) =>
        textElement(label, -9, Number(ys[i]) + 4.5, { "text-anchor": "end" }),
      ),
      columns === undefined ? "" : textElement(xaxis.title?.text, width / 2, height + below + 22, middle),
      rows === undefined
        ? ""
        : textElement(yaxis.title?.text, 0, 0, {
            ...middle,
            transform: `translate(${-rows.longest - 22} ${height / 2}) rotate(-90)`,
          }),
    ].join(""),
  };
}
