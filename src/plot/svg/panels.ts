import type { Trace } from "../figure-json.js";
import { axisScale, type Room, type Scale } from "../scale.js";
import type { Area, Box, Layout, Mark, PictureAxis } from "./area.js";
import { columnLabels, rowLabels } from "./axes.js";
import { barMark } from "./bars.js";
import { type HeatmapMark, heatmapMark } from "./heatmap.js";
import { imageMark } from "./image.js";
import { scatterMark } from "./strokes.js";

/** A pair of axes with what is drawn on them. */
export interface Panel {
  /** Names of the axes in traces, notes and shapes: x, x2 … */
  readonly xaxis: string;
  readonly yaxis: string;
  readonly xLayout: PictureAxis;
  readonly yLayout: PictureAxis;
  readonly x: Scale;
  readonly y: Scale;
  readonly drawn: readonly { readonly trace: Trace; readonly mark: Mark | HeatmapMark }[];
}

function markOf(trace: Trace, index: number, figure: readonly Trace[], layout: Layout): Mark | undefined {
  if (trace.type === "scatter" || trace.type === "scattergl") return scatterMark(trace, index);
  if (trace.type === "heatmap") return heatmapMark(trace);
  if (trace.type === "image") return imageMark(trace);
  if (trace.type !== "bar" || layout.barmode === "stack") return undefined;
  const beside = figure.filter(({ type, xaxis = "x" }) => type === "bar" && xaxis === (trace.xaxis ?? "x"));
  const slot =
    layout.barmode === "overlay"
      ? { index: 0, count: 1 }
      : { index: beside.indexOf(trace), count: beside.length };
  return barMark(trace, index, slot, layout);
}

const axisLayout = (layout: Layout, id: string): PictureAxis =>
  Object(layout[`${id[0]}axis${id.slice(1)}`]) as PictureAxis;

const widest = (rooms: readonly Room[]): Room => ({
  share: Math.max(...rooms.map(({ share }) => share)),
  pad: Math.max(...rooms.map(({ pad }) => pad)),
  atZero: rooms.every(({ atZero = false }) => atZero),
});

/**
 * Sorts the traces of a figure by their axes.
 *
 * @param data - the traces
 * @param layout - the figure's
 * @returns the panels, or undefined if a trace cannot be drawn or axes lie over each other
 */
export function panelsOf(data: readonly Trace[], layout: Layout): Panel[] | undefined {
  const groups = new Map<string, { trace: Trace; mark: Mark }[]>();
  for (const [index, trace] of data.entries()) {
    const mark = markOf(trace, index, data, layout);
    if (mark === undefined) return undefined;
    const axes = `${trace.xaxis ?? "x"} ${trace.yaxis ?? "y"}`;
    groups.set(axes, [...(groups.get(axes) ?? []), { trace, mark }]);
  }
  const panels = [...groups].map(([axes, drawn]): Panel => {
    const [xaxis = "x", yaxis = "y"] = axes.split(" ");
    const [xLayout, yLayout] = [axisLayout(layout, xaxis), axisLayout(layout, yaxis)];
    const marks = drawn.map(({ mark }) => mark);
    const xs = marks.flatMap((mark) => mark.x);
    const ys = marks.flatMap((mark) => mark.y);
    const x = axisScale(xs, xLayout, widest(marks.map(({ roomX }) => roomX)));
    const y = axisScale(ys, yLayout, widest(marks.map(({ roomY }) => roomY)));
    return { xaxis, yaxis, xLayout, yLayout, x, y, drawn };
  });
  const isShared = (name: "xaxis" | "yaxis") =>
    new Set(panels.map((panel) => panel[name])).size < panels.length;
  const overlaid = panels.some(({ xLayout, yLayout }) => "overlaying" in xLayout || "overlaying" in yLayout);
  return isShared("xaxis") || isShared("yaxis") || overlaid ? undefined : panels;
}

function domainOf({ domain }: PictureAxis): [begin: number, end: number] {
  const [begin, end] = Array.isArray(domain) ? domain.map(Number) : [];
  return begin !== undefined && end !== undefined && begin < end ? [begin, end] : [0, 1];
}

/** How much room the labels and names of the outer panels need around all of them, in pixels. */
export function labelRoom(
  panels: readonly Panel[],
  { width, height }: Box,
): { left: number; bottom: number } {
  const left = panels
    .filter(({ xLayout, yLayout }) => domainOf(xLayout)[0] === 0 && yLayout.visible !== false)
    .map(({ y, yLayout }) => {
      const [begin, end] = domainOf(yLayout);
      return 44 + rowLabels({ y, height: height * (end - begin) }, yLayout).longest;
    });
  const bottom = panels
    .filter(({ xLayout, yLayout }) => domainOf(yLayout)[0] <= 1e-9 && xLayout.visible !== false)
    .map(({ x, xLayout }) => {
      const [begin, end] = domainOf(xLayout);
      const { upright, longest } = columnLabels({ x, width: width * (end - begin) }, xLayout);
      return upright ? 50 + longest : 56;
    });
  return { left: Math.max(20, ...left), bottom: Math.max(20, ...bottom) };
}

/**
 * Places a panel.
 *
 * @param panel - the panel
 * @param box - what all panels share, in pixels
 * @returns its area, with pixels of equal height and width if its axes are tied
 */
export function areaOf({ x, y, xLayout, yLayout }: Panel, box: Box): Area {
  const [left, right] = domainOf(xLayout);
  const [bottom, top] = domainOf(yLayout);
  let [width, height] = [box.width * (right - left), box.height * (top - bottom)];
  const unit = Math.min(width / Math.abs(x.high - x.low), height / Math.abs(y.high - y.low));
  const size = { width, height };
  if (yLayout.scaleanchor !== undefined) {
    [width, height] = [unit * Math.abs(x.high - x.low), unit * Math.abs(y.high - y.low)];
  }
  return {
    ...{ x, y, width, height },
    left: box.left + box.width * left + (size.width - width) / 2,
    top: box.top + box.height * (1 - top) + (size.height - height) / 2,
    placeX: (at) => ((at - x.low) / (x.high - x.low)) * width,
    placeY: (at) => ((y.high - at) / (y.high - y.low)) * height,
  };
}
