import { requireInteger } from "../arguments.js";
import { palette } from "./colors.js";
import { type FigureOptions, houseFigure, legendHeight } from "./figure.js";
import type { Figure, Trace } from "./figure-json.js";
import { listed, requireList, requireObject, requireOptions } from "./inputs.js";

/** How small multiples are arranged. */
export interface SmallMultiplesOptions extends Pick<FigureOptions, "title" | "height"> {
  /** Panels in a row; 2, or 3 where there are 5 or more panels, unless given */
  readonly columns?: number;
  /** Which axes all panels have in common, so that zooming one zooms all; "none" unless given */
  readonly share?: "none" | "x" | "y" | "both";
}

type Attributes = Readonly<Record<string, unknown>>;

/** Room between panels: for titles and labels, in pixels above one another, as a share of the width side by side. */
const gap = { y: 88, x: 0.11 };

/** The n-th axis as plotly writes it: x, x2, x3 … */
const axisId = (letter: "x" | "y", index: number): string => `${letter}${index === 0 ? "" : index + 1}`;

const domains = (count: number, between: number): [begin: number, end: number][] => {
  const size = (1 - between * (count - 1)) / count;
  return Array.from({ length: count }, (_, at) => [at * (size + between), at * (size + between) + size]);
};

/** A figure with its place: its axes and what they take of the whole, as shares. */
interface Panel {
  readonly figure: Figure;
  readonly index: number;
  readonly xaxis: string;
  readonly yaxis: string;
  readonly x: readonly [left: number, right: number];
  readonly y: readonly [bottom: number, top: number];
}

/** What all panels share. */
interface Common {
  /** Whether colours mean the same in all panels */
  readonly scale: boolean;
  /** What the legend names already */
  readonly names: Set<unknown>;
}

function requireSinglePanels(figures: readonly Figure[]): void {
  const nested = figures.findIndex(({ data }) =>
    data.some(({ xaxis = "x", yaxis = "y" }) => xaxis !== "x" || yaxis !== "y"),
  );
  if (nested < 0) return;
  throw new RangeError(
    `Cannot build small multiples: each figure must have one pair of axes, got more in figure ${nested}`,
  );
}

/** Shapes and notes of a figure stand in its panel: what is a share of the plot becomes a share of the panel. */
function moved({ figure, index }: Panel, kind: "shapes" | "annotations"): Attributes[] {
  const place = (letter: "x" | "y", reference: unknown) =>
    axisId(letter, index) + (reference === "paper" || String(reference).endsWith(" domain") ? " domain" : "");
  const items: unknown = figure.layout[kind];
  return (Array.isArray(items) ? items : []).map((item) => {
    const { xref = "x", yref = "y", ...rest } = Object(item) as Attributes;
    return { ...rest, xref: place("x", xref), yref: place("y", yref) };
  });
}

/** Colours mean the same in all panels, or each panel has a scale of its own beside it. */
function colored(
  trace: Trace,
  { index, x: [, right], y: [bottom, top] }: Panel,
  common: boolean,
): Attributes {
  if (trace.colorbar === undefined) return {};
  if (common) return index === 0 ? {} : { showscale: false };
  const bar = { x: right + 0.005, xanchor: "left", y: (bottom + top) / 2, len: top - bottom, thickness: 8 };
  return { colorbar: { ...Object(trace.colorbar), ...bar, xpad: 2 } };
}

/** The colour of a series that has none. */
function withColor({ type, line, marker }: Trace, color: string | undefined): Attributes {
  const isColored = [line, marker].some((style) => "color" in Object(style));
  const isSeries = type === "scatter" || type === "scattergl";
  if (isColored || !(isSeries || type === "bar")) return {};
  return {
    ...(isSeries ? { line: { ...Object(line), color } } : {}),
    marker: { ...Object(marker), color },
  };
}

/** The series of a panel; those of a name that is known have no entry in the legend. */
function panelTraces(panel: Panel, common: Common, isAlone: boolean): Trace[] {
  const { data } = panel.figure;
  return data.map((trace, place) => {
    const isKnown = common.names.has(trace.name);
    if (trace.name !== undefined) common.names.add(trace.name);
    return {
      ...trace,
      // The palette would go on from panel to panel.
      ...withColor(trace, palette[place % palette.length]),
      ...(trace.name === undefined ? {} : { legendgroup: trace.name }),
      ...(isKnown || (data.length === 1 && isAlone) ? { showlegend: false } : {}),
      ...colored(trace, panel, common.scale),
      xaxis: panel.xaxis,
      yaxis: panel.yaxis,
    };
  });
}

function panelAxes(
  { figure, index, xaxis, yaxis, x, y }: Panel,
  share: SmallMultiplesOptions["share"],
): Attributes {
  const matches = (letter: "x" | "y") =>
    index > 0 && (share === letter || share === "both") ? { matches: letter } : {};
  const { layout } = figure;
  return {
    [`xaxis${xaxis.slice(1)}`]: { ...Object(layout.xaxis), domain: x, anchor: yaxis, ...matches("x") },
    [`yaxis${yaxis.slice(1)}`]: { ...Object(layout.yaxis), domain: y, anchor: xaxis, ...matches("y") },
  };
}

/** The title of the figure, which stands above its panel. */
function panelTitle({ figure, xaxis, yaxis }: Panel): Attributes[] {
  const { text = "" } = Object(figure.layout.title) as { readonly text?: string };
  if (text === "") return [];
  return [
    {
      ...{ text, x: 0, xref: `${xaxis} domain`, xanchor: "left" },
      ...{ y: 1, yref: `${yaxis} domain`, yanchor: "bottom", yshift: 6 },
      showarrow: false,
      font: { size: 14 },
    },
  ];
}

/**
 * Puts several figures into one, as panels of a grid. Series of the same name share their entry in the legend, and heat maps
 * of the same range their colour scale.
 *
 * @param figures - the panels, from left to right and from top to bottom; each with one pair of axes; their titles stand
 *   above them
 * @param options - title, columns, common axes, height of the whole
 * @returns a plotly figure, for `show()`
 * @throws {TypeError} when an argument is not of its type
 * @throws {RangeError} when there is no figure, one has several panels itself, or `columns` is not a positive integer
 * @example
 * ```ts
 * import { lineFigure, show, smallMultiples } from "rnnlab/plot";
 * const loss = lineFigure({ name: "GRU", y: [0.5, 0.2] }, { title: "Loss" });
 * const accuracy = lineFigure({ name: "GRU", y: [0.7, 0.9] }, { title: "Accuracy" });
 * show(smallMultiples([loss, accuracy], { title: "A training" }));
 * ```
 */
export function smallMultiples(figures: readonly Figure[], options: SmallMultiplesOptions = {}): Figure {
  const action = "build small multiples";
  requireOptions(action, options);
  requireList(action, "figures", figures);
  for (const [index, { layout }] of listed(action, "figures", figures, ["data"]).entries()) {
    requireObject(action, `figures[${index}].layout`, layout);
  }
  if (figures.length === 0) {
    throw new RangeError("Cannot build small multiples: there must be at least one figure, got none");
  }
  const { columns = Math.min(figures.length, figures.length > 4 ? 3 : 2), title = "" } = options;
  requireInteger(action, "columns", columns, 1);
  requireSinglePanels(figures);
  const rows = Math.ceil(figures.length / columns);
  const { height = rows * 240 + 40, share } = options;
  const scales = figures.flatMap(({ data }) => data.filter(({ colorbar }) => colorbar !== undefined));
  const scaleKey = ({ zmin, zmax, colorscale }: Trace) => JSON.stringify([zmin, zmax, colorscale]);
  const common: Common = { scale: new Set(scales.map(scaleKey)).size === 1, names: new Set() };
  const across = domains(columns, columns === 1 ? 0 : gap.x + (common.scale ? 0 : 0.03));
  const down = domains(rows, Math.min(0.5 / rows, gap.y / Math.max(height - 130, 1))).reverse();
  const panels = figures.map((figure, index): Panel => {
    const x = across[index % columns] ?? [0, 1];
    const y = down[Math.floor(index / columns)] ?? [0, 1];
    return { figure, index, xaxis: axisId("x", index), yaxis: axisId("y", index), x, y };
  });
  const traces = panels.flatMap((panel) => panelTraces(panel, common, figures.length === 1));
  const modes = new Set(figures.map(({ layout }) => layout.hovermode));
  const named = [...common.names].filter((name) => name !== "").length;
  const legend = named > 1 && scales.length < figures.length;
  const { barmode, bargap, hoverdistance } = (figures[0]?.layout ?? {}) as Attributes;
  const room = legend ? legendHeight(traces) : 0;
  return houseFigure(
    traces,
    { title, height: height + room },
    {
      ...Object.fromEntries(
        Object.entries({ barmode, bargap, hoverdistance }).filter(([, value]) => value !== undefined),
      ),
      hovermode: modes.size === 1 ? [...modes][0] : "closest",
      showlegend: legend,
      margin: { l: 60, r: 20, t: 40 + (title === "" ? 0 : 32) + (legend ? 28 : 0) + room, b: 52 },
      // Below the title, above the titles of the panels.
      legend: {
        ...{ orientation: "h", x: 0, xref: "paper", yref: "container", yanchor: "top" },
        y: 1 - (title === "" ? 4 : 38) / (height + room),
      },
      ...Object.assign({}, ...panels.map((panel) => panelAxes(panel, share))),
      shapes: panels.flatMap((panel) => moved(panel, "shapes")),
      annotations: panels.flatMap((panel) => [...panelTitle(panel), ...moved(panel, "annotations")]),
    },
  );
}
