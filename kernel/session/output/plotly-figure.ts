import { cells } from "../realm/cell-realm.js";

const PARTS = new Set(["data", "layout", "config", "frames"]);
const TRACE_TYPES = new Set(
  (
    "bar barpolar box candlestick carpet choropleth choroplethmap choroplethmapbox cone contour contourcarpet " +
    "densitymap densitymapbox funnel funnelarea heatmap heatmapgl histogram histogram2d histogram2dcontour icicle " +
    "image indicator isosurface mesh3d ohlc parcats parcoords pie pointcloud sankey scatter scatter3d scattercarpet " +
    "scattergeo scattergl scattermap scattermapbox scatterpolar scatterpolargl scattersmith scatterternary splom " +
    "streamtube sunburst surface table treemap violin volume waterfall"
  ).split(" "),
);

function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === cells.Object.prototype || prototype === null;
}

/** A trace names its type; only that of a line may be left out. */
function isTrace(value: unknown): boolean {
  if (!isPlain(value)) return false;
  const { type, y } = value as { readonly type?: unknown; readonly y?: unknown };
  return type === undefined ? Array.isArray(y) || ArrayBuffer.isView(y) : TRACE_TYPES.has(type as string);
}

/**
 * Whether a plain object can be nothing but a plotly figure: traces as `data` and a `layout`, and nothing that plotly
 * does not know.
 */
export function isPlotlyFigure(value: object): boolean {
  if (!isPlain(value) || !Object.keys(value).every((key) => PARTS.has(key))) return false;
  const { data, layout } = value as { readonly data?: unknown; readonly layout?: unknown };
  return Array.isArray(data) && data.length > 0 && data.every(isTrace) && isPlain(layout);
}
