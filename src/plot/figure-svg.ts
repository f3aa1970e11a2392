import { type Figure, ink, type Trace } from "./figure.js";
import { figureText } from "./figure-html.js";
import { axisScale } from "./scale.js";
import { type Area, annotations, axes, type Layout, shapes } from "./svg-area.js";
import { characterWidth, element, fontSize, textElement } from "./svg-element.js";
import type { Point } from "./svg-path.js";
import { legend, strokeElements, traceStroke } from "./svg-strokes.js";

const width = 800;

/** Whether a trace is of lines or points on the figure's only pair of axes. */
function isDrawable({ type, xaxis = "x", yaxis = "y" }: Trace): boolean {
  return type === "scatter" && xaxis === "x" && yaxis === "y";
}

/**
 * Draws a figure of lines and points as SVG, where plotly.js cannot run: while a cell runs, and in documents made of
 * notebooks. Colours, dashes, gaps, linear, logarithmic, date and category axes, ranges, legend, rectangles and notes are
 * as plotly draws them, and a value between two gaps is a dot. Left out are other shapes, arrows, filled areas, tags in texts (they stand as written), and all that needs a pointer. Dates are in universal time. Of a series of more than 4,000 points only those are
 * drawn that change the picture by a pixel or more, so that the text stays small.
 *
 * @param figure - a figure of this module, or another plotly figure as JSON
 * @returns an SVG document 800 pixels wide, or undefined if the figure has other traces than lines and points, or second axes
 * @example
 * ```ts
 * import { figureSvg, lineFigure } from "rnnlab/plot";
 * console.log(figureSvg(lineFigure({ name: "squares", y: [0, 1, 4, 9] }))?.slice(0, 4)); // <svg
 * ```
 */
export function figureSvg(figure: Figure): string | undefined {
  if (figure.data.length === 0 || !figure.data.every(isDrawable)) return undefined;
  const layout = figure.layout as Layout;
  const height = typeof layout.height === "number" ? layout.height : 380;
  const strokes = figure.data.map(traceStroke);
  const dots = strokes.some(({ lines }) => !lines);
  const x = axisScale(
    strokes.flatMap((one) => one.x),
    layout.xaxis ?? {},
    dots ? 0.03 : 0,
  );
  const y = axisScale(
    strokes.flatMap((one) => one.y),
    layout.yaxis ?? {},
    0.06,
  );
  const widest = Math.max(...y.ticks(height / 32).map(({ label }) => label.length));
  const left = 44 + widest * characterWidth;
  const names = strokes.length > 1 ? legend(strokes, left, width, 46) : { markup: "", bottom: 40 };
  const size = { width: width - left - 20, height: Math.max(40, height - names.bottom - 56) };
  const placeX = (at: number) => ((at - x.low) / (x.high - x.low)) * size.width;
  const placeY = (at: number) => ((y.high - at) / (y.high - y.low)) * size.height;
  const area: Area = { ...size, x, y, placeX, placeY };
  const { grid, labels } = axes(area);
  const marks = strokes.map((one) =>
    strokeElements(
      one,
      Array.from(one.y, (value, i): Point => [placeX(x.read(one.x[i])), placeY(y.read(value))]),
    ),
  );
  // A picture within the picture clips what is beyond the axes, without ids that a page of figures would share.
  const clipped = element(
    "svg",
    { ...size, overflow: "hidden" },
    shapes(layout, area) + grid + marks.join(""),
  );
  const plot = element(
    "g",
    { transform: `translate(${left} ${names.bottom})` },
    clipped + labels + annotations(layout, area),
  );
  const middle = names.bottom + size.height / 2;
  const titles = [
    textElement(layout.title?.text, left, 24, { "font-size": 16 }),
    textElement(layout.xaxis?.title?.text, left + size.width / 2, height - 10, { "text-anchor": "middle" }),
    textElement(layout.yaxis?.title?.text, 0, 0, {
      "text-anchor": "middle",
      transform: `translate(18 ${middle}) rotate(-90)`,
    }),
  ];
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      ...{ width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": figureText(figure) },
      ...{ "font-family": "system-ui, sans-serif", "font-size": fontSize, fill: ink.text },
    },
    titles.join("") + names.markup + plot,
  );
}
