import { ink, palette } from "../colors.js";
import type { Datum, Trace } from "../figure-json.js";
import type { Area, Layout, Mark } from "./area.js";
import { element, textElement } from "./element.js";

/** Where the bars of one trace stand among those of others. */
interface Slot {
  readonly index: number;
  readonly count: number;
}

/**
 * Reads a trace of bars, which begin at 0.
 *
 * @param trace - of type "bar"
 * @param index - its place in the figure, which says its colour if it has none
 * @param slot - its place among the traces of bars on the same axes, where they stand side by side
 * @param layout - the figure's, for the gap between bars
 * @returns how it is drawn
 */
export function barMark(trace: Trace, index: number, slot: Slot, layout: Layout): Mark {
  const { x = [], y = [], orientation, text, opacity = 1 } = trace;
  const lying = orientation === "h";
  const [names, values] = lying ? [y, x] : [x, y];
  const marker = Object(trace.marker) as Readonly<Record<string, unknown>>;
  const color =
    typeof marker.color === "string" ? marker.color : (palette[index % palette.length] ?? ink.text);
  const whole = typeof trace.width === "number" ? trace.width : 1 - Number(layout.bargap ?? 0.2);
  const width = whole / slot.count;
  const offset = width * slot.index - whole / 2;
  const box = (area: Area, i: number) => {
    const [along, across, placeAlong, placeAcross] = lying
      ? [area.y, area.x, area.placeY, area.placeX]
      : [area.x, area.y, area.placeX, area.placeY];
    const middle = along.read(names[i] as Datum);
    const [from, to] = [placeAlong(middle + offset), placeAlong(middle + offset + width)];
    const [zero, end] = [placeAcross(across.read(0)), placeAcross(across.read(values[i] as Datum))];
    const rect = { low: Math.min(from, to), size: Math.abs(to - from), zero, end };
    return Object.values(rect).every(Number.isFinite) ? rect : undefined;
  };
  const paint = { fill: color, "fill-opacity": Number(opacity) };
  const bar = (area: Area, i: number) => {
    const found = box(area, i);
    if (found === undefined) return "";
    const { low, size, zero, end } = found;
    const [start, length] = [Math.min(zero, end), Math.abs(end - zero)];
    return lying
      ? element("rect", { x: start, y: low, width: length, height: size })
      : element("rect", { x: low, y: start, width: size, height: length });
  };
  const label = (area: Area, i: number) => {
    const found = box(area, i);
    if (!lying || !Array.isArray(text) || found === undefined) return "";
    const { low, size, zero, end } = found;
    const anchor = end < zero ? "end" : "start";
    return textElement(text[i], end + (end < zero ? -4 : 4), low + size / 2 + 4.5, { "text-anchor": anchor });
  };
  const valueRoom = { share: 0.06, pad: 0, atZero: true };
  const nameRoom = { share: 0, pad: whole / 2 };
  const withZero = [0, ...values];
  return {
    ...(lying
      ? { x: withZero, y: names, roomX: valueRoom, roomY: nameRoom }
      : { x: names, y: withZero, roomX: nameRoom, roomY: valueRoom }),
    draw: (area) => ({
      inside: element("g", paint, values.map((_, i) => bar(area, i)).join("")),
      outside: values.map((_, i) => label(area, i)).join(""),
    }),
    sample: (left, middle) =>
      element("rect", { x: left + 8, y: middle - 6, width: 12, height: 12, ...paint }),
  };
}
