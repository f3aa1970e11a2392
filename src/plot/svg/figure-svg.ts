import { ink } from "../colors.js";
import { figureText } from "../figure-html.js";
import type { Figure } from "../figure-json.js";
import { requireList, requireObject } from "../inputs.js";
import type { Layout } from "./area.js";
import { axes } from "./axes.js";
import { element, FONT_SIZE, textElement } from "./element.js";
import { legend } from "./legend.js";
import { annotations, shapes } from "./notes.js";
import { areaOf, labelRoom, type Panel, panelsOf } from "./panels.js";

const WIDTH = 800;

/** How {@link figureSvg} draws. */
export interface FigureSvgOptions {
  /** Whether the picture becomes as wide as what it is shown in, texts too, instead of 800 pixels; false unless given */
  readonly fluid?: boolean;
}

/** The names in the legend with their samples, each once. */
function entriesOf(panels: readonly Panel[], { showlegend }: Layout) {
  const drawn = panels
    .flatMap((panel) => panel.drawn)
    .filter(({ trace, mark }) => trace.showlegend !== false && mark.sample !== undefined);
  if (showlegend === false || (showlegend !== true && drawn.length < 2)) return [];
  return drawn.flatMap(({ trace: { name }, mark: { sample } }, index) =>
    sample === undefined ? [] : [{ name: name ?? `trace ${index}`, sample }],
  );
}

/** The colour scales of heat maps. */
function colorBarsOf(panels: readonly Panel[]) {
  return panels.flatMap((panel) =>
    panel.drawn.flatMap(({ mark }) =>
      "colorBar" in mark && mark.colorBar !== undefined ? [{ panel, mark, draw: mark.colorBar }] : [],
    ),
  );
}

/**
 * Draws a figure as SVG, where plotly.js cannot run: while a cell runs, and in documents made of notebooks. Every figure of
 * this module is drawn as plotly draws it, in the light of what stands still: colours, dashes, gaps, bars, heat maps with
 * their scale, pictures, panels; linear, logarithmic, date and category axes, ranges, legend, rectangles, lines and notes.
 * A value between two gaps is a dot. Left out are arrows, slanted lines and other shapes, filled areas, tags in texts (they stand as
 * written), and all that needs a pointer. Dates are in universal time. Of a series of more than 4,000 points only those
 * are drawn that change the picture by a pixel or more, so that the text stays small.
 *
 * @param figure - a figure of this module, or another plotly figure as JSON
 * @param options - how wide it is
 * @returns an SVG document 800 pixels wide unless fluid, or undefined if the figure has other traces than lines, points, bars beside or
 *   over each other, heat maps of evenly numbered cells and colours in numbers, and PNG pictures, or axes over each other
 * @example
 * ```ts
 * import { figureSvg, lineFigure } from "rnnlab/plot";
 * console.log(figureSvg(lineFigure({ name: "squares", y: [0, 1, 4, 9] }))?.slice(0, 4)); // <svg
 * ```
 */
export function figureSvg(figure: Figure, { fluid = false }: FigureSvgOptions = {}): string | undefined {
  const action = "draw figure";
  requireObject(action, "the figure", figure);
  requireList(action, "the data of the figure", figure.data);
  requireObject(action, "the layout of the figure", figure.layout);
  const layout = figure.layout as Layout;
  const panels = panelsOf(figure.data, layout);
  if (panels === undefined || panels.length === 0) return undefined;
  const height = typeof layout.height === "number" ? layout.height : 380;
  const bars = colorBarsOf(panels);
  const hasTitles = (layout.annotations ?? []).some(({ y, yanchor }) => y === 1 && yanchor === "bottom");
  const right =
    bars.length > 0
      ? 74
      : panels.some(({ drawn }) => drawn.some(({ trace }) => trace.orientation === "h"))
        ? 60
        : 20;
  const rough = { left: 60, top: 0, width: WIDTH - 60 - right, height: height - 110 };
  const { left, bottom } = labelRoom(panels, rough);
  const entries = entriesOf(panels, layout);
  const names = entries.length > 0 ? legend(entries, left, WIDTH, 46) : { markup: "", bottom: 40 };
  const top = names.bottom + (hasTitles ? 22 : bars.length > 0 ? 18 : 0);
  const box = { left, top, width: WIDTH - left - right, height: Math.max(40, height - top - bottom) };
  const areas = panels.map((panel) => ({ ...panel, area: areaOf(panel, box) }));
  const canvas = { areas, box };
  const drawn = areas.map(({ area, xLayout, yLayout, drawn }) => {
    const { grid, labels } = axes(area, xLayout, yLayout);
    const marks = drawn.map(({ mark }) => mark.draw(area));
    const size = { width: area.width, height: area.height };
    // A picture within the picture clips what is beyond the axes, without ids that a page of figures would share.
    const clipped = element(
      "svg",
      { ...size, overflow: "hidden" },
      grid + marks.map(({ inside }) => inside).join(""),
    );
    const place = { transform: `translate(${area.left} ${area.top})` };
    return element("g", place, clipped + labels + marks.map(({ outside = "" }) => outside).join(""));
  });
  const scales = bars.map(({ panel, mark, draw }) => {
    const own = areas.find(({ xaxis }) => xaxis === panel.xaxis)?.area;
    return draw(mark.hasOwnPlace && own !== undefined ? own : box);
  });
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      ...(fluid ? { width: "100%" } : { width: WIDTH, height }),
      ...{ viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": figureText(figure) },
      ...{ "font-family": "system-ui, sans-serif", "font-size": FONT_SIZE, fill: ink.text },
    },
    [
      textElement(layout.title?.text, left, 24, { "font-size": 16 }),
      names.markup,
      shapes(layout, canvas, "below"),
      ...drawn,
      ...scales,
      shapes(layout, canvas, "above"),
      annotations(layout, canvas),
    ].join(""),
  );
}
