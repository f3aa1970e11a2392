import { palette } from "./colors.js";
import { type FigureOptions, houseFigure, legendHeight } from "./figure.js";
import type { Figure, Trace } from "./figure-json.js";

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

/** Shapes and notes of a figure stand in its panel: what is a share of the plot becomes a share of the panel. */
function move(item: unknown, index: number): Attributes {
  const { xref = "x", yref = "y", ...rest } = Object(item) as Attributes;
  const place = (letter: "x" | "y", reference: unknown) =>
    axisId(letter, index) + (reference === "paper" || String(reference).endsWith(" domain") ? " domain" : "");
  return { ...rest, xref: place("x", xref), yref: place("y", yref) };
}

/** Colours mean the same in all panels, or each panel has a scale of its own beside it. */
function colored(
  trace: Trace,
  common: boolean,
  index: number,
  x: readonly number[],
  y: readonly number[],
): Attributes {
  if (trace.colorbar === undefined) return {};
  if (common) return index === 0 ? {} : { showscale: false };
  const [, right = 1] = x;
  const [bottom = 0, top = 1] = y;
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

/**
 * Puts several figures into one, as panels of a grid. Series of the same name share their entry in the legend, and heat maps
 * of the same range their colour scale.
 *
 * @param figures - the panels, from left to right and from top to bottom; each with one pair of axes; their titles stand
 *   above them
 * @param options - title, columns, common axes, height of the whole
 * @returns a plotly figure, for `show()`
 * @throws RangeError if there is no figure, one has several panels itself, or `columns` is not a positive integer
 * @example
 * ```ts
 * import { lineFigure, show, smallMultiples } from "rnnlab/plot";
 * const loss = lineFigure({ name: "GRU", y: [0.5, 0.2] }, { title: "Loss" });
 * const accuracy = lineFigure({ name: "GRU", y: [0.7, 0.9] }, { title: "Accuracy" });
 * show(smallMultiples([loss, accuracy], { title: "A training" }));
 * ```
 */
export function smallMultiples(figures: readonly Figure[], options: SmallMultiplesOptions = {}): Figure {
  if (figures.length === 0) {
    throw new RangeError("Cannot build small multiples: there must be at least one figure, got none");
  }
  const {
    columns = Math.min(figures.length, figures.length > 4 ? 3 : 2),
    share = "none",
    title = "",
  } = options;
  if (!(Number.isInteger(columns) && columns > 0)) {
    throw new RangeError(`Cannot build small multiples: columns must be a positive integer, got ${columns}`);
  }
  const nested = figures.findIndex(({ data }) =>
    data.some(({ xaxis = "x", yaxis = "y" }) => xaxis !== "x" || yaxis !== "y"),
  );
  if (nested >= 0) {
    throw new RangeError(
      `Cannot build small multiples: each figure must have one pair of axes, got more in figure ${nested}`,
    );
  }
  const rows = Math.ceil(figures.length / columns);
  const { height = rows * 240 + 40 } = options;
  const scales = figures.flatMap(({ data }) => data.filter(({ colorbar }) => colorbar !== undefined));
  const scaleKey = ({ zmin, zmax, colorscale }: Trace) => JSON.stringify([zmin, zmax, colorscale]);
  const common = new Set(scales.map(scaleKey)).size === 1;
  const across = domains(columns, columns === 1 ? 0 : gap.x + (common ? 0 : 0.03));
  const down = domains(rows, Math.min(0.5 / rows, gap.y / Math.max(height - 130, 1))).reverse();
  const names = new Set<unknown>();
  const panels = figures.map(({ data, layout }, index) => {
    const [x, y] = [across[index % columns] ?? [0, 1], down[Math.floor(index / columns)] ?? [0, 1]];
    const [xaxis, yaxis] = [axisId("x", index), axisId("y", index)];
    const traces = data.map((trace, place): Trace => {
      const isKnown = names.has(trace.name);
      if (trace.name !== undefined) names.add(trace.name);
      const legend = trace.name === undefined ? {} : { legendgroup: trace.name };
      const hidden = isKnown || (data.length === 1 && figures.length === 1) ? { showlegend: false } : {};
      // The palette would go on from panel to panel.
      const color = withColor(trace, palette[place % palette.length]);
      return {
        ...trace,
        ...color,
        ...legend,
        ...hidden,
        ...colored(trace, common, index, x, y),
        xaxis,
        yaxis,
      };
    });
    const matches = (letter: "x" | "y") =>
      index > 0 && (share === letter || share === "both") ? { matches: letter } : {};
    const { text = "" } = Object(layout.title) as { readonly text?: string };
    return {
      traces,
      axes: {
        [`xaxis${xaxis.slice(1)}`]: { ...Object(layout.xaxis), domain: x, anchor: yaxis, ...matches("x") },
        [`yaxis${yaxis.slice(1)}`]: { ...Object(layout.yaxis), domain: y, anchor: xaxis, ...matches("y") },
      },
      shapes: (Array.isArray(layout.shapes) ? layout.shapes : []).map((shape) => move(shape, index)),
      annotations: [
        ...(text === "" ? [] : [panelTitle(text, index)]),
        ...(Array.isArray(layout.annotations) ? layout.annotations : []).map((note) => move(note, index)),
      ],
    };
  });
  const modes = new Set(figures.map(({ layout }) => layout.hovermode));
  const legend = new Set([...names].filter((name) => name !== "")).size > 1 && scales.length < figures.length;
  const first = figures[0]?.layout ?? {};
  const { barmode, bargap, hoverdistance } = first as Attributes;
  const traces = panels.flatMap((panel) => panel.traces);
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
      ...Object.assign({}, ...panels.map(({ axes }) => axes)),
      shapes: panels.flatMap(({ shapes }) => shapes),
      annotations: panels.flatMap(({ annotations }) => annotations),
    },
  );
}

function panelTitle(text: string, index: number): Attributes {
  return {
    ...{ text, x: 0, xref: `${axisId("x", index)} domain`, xanchor: "left" },
    ...{ y: 1, yref: `${axisId("y", index)} domain`, yanchor: "bottom", yshift: 6 },
    showarrow: false,
    font: { size: 14 },
  };
}
