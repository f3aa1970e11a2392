import type { Datum } from "../figure-json.js";
import type { AxisLayout, Room, Scale } from "../scale.js";

/** What is read of an axis in a plotly layout. */
export interface PictureAxis extends AxisLayout {
  readonly title?: { readonly text?: unknown };
  readonly domain?: unknown;
  readonly visible?: unknown;
  readonly scaleanchor?: unknown;
  readonly showgrid?: unknown;
  readonly showline?: unknown;
  readonly tickformat?: unknown;
}

/** What is read of a plotly layout; all of it may be missing or something else in a figure made elsewhere. */
export interface Layout {
  readonly title?: { readonly text?: unknown };
  readonly height?: unknown;
  readonly showlegend?: unknown;
  readonly barmode?: unknown;
  readonly bargap?: unknown;
  readonly shapes?: readonly Readonly<Record<string, unknown>>[];
  readonly annotations?: readonly Readonly<Record<string, unknown>>[];
  readonly [axis: string]: unknown;
}

/** A rectangle in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The area of a pair of axes in pixels, and what stands where in it. */
export interface Area extends Box {
  readonly x: Scale;
  readonly y: Scale;
  readonly placeX: (coordinate: number) => number;
  readonly placeY: (coordinate: number) => number;
}

/** A trace as it is drawn: what {@link markOf} makes of plotly's JSON. */
export interface Mark {
  /** All values along the axes, for their scales */
  readonly x: readonly Datum[];
  readonly y: readonly Datum[];
  readonly roomX: Room;
  readonly roomY: Room;
  /** Draws it: what ends at the borders of the area, and what may stand beyond them */
  readonly draw: (area: Area) => { readonly inside: string; readonly outside?: string };
  /** Draws the sample beside its name in the legend, 28 pixels wide; none if it is not in the legend */
  readonly sample?: (x: number, y: number) => string;
}

/** The room around values that need none. */
export const noRoom: Room = { share: 0, pad: 0 };
