import { currentCell, type MimeBundle } from "../display/index.js";
import { figureHtml, figureText } from "./figure-html.js";
import { type Figure, privateConfig } from "./figure-json.js";
import { requireList, requireObject } from "./inputs.js";
import { packFigure } from "./packed-numbers.js";
import { figureSvg } from "./svg/figure-svg.js";

/** The MIME type that JupyterLab, VS Code and nteract draw with a plotly of their own. */
export const PLOTLY_TYPE = "application/vnd.plotly.v1+json";
export const PICTURE_TYPE = "image/svg+xml";

/**
 * Says once a session that plotly.js is to come along, and again when the cell that it came with runs again.
 *
 * @returns the question, to be asked in a cell whose output can carry it
 */
export function onceASession(): () => boolean {
  /** The run of a cell whose output carries plotly.js for the rest of the notebook. */
  let carrier: { readonly id: string | undefined; readonly executionCount: number } | undefined;
  return () => {
    const { id, executionCount } = currentCell();
    const again = id !== undefined && id === carrier?.id && executionCount !== carrier.executionCount;
    if (carrier !== undefined && !again) return false;
    carrier = { id, executionCount };
    return true;
  };
}

/** The session's first figure carries the library, and so does the first one when that cell runs again. */
export const carriesLibrary = onceASession();

/**
 * Light enough to be sent several times a second. It is as wide as the figure that takes its place in the end:
 * JupyterLab's style would let a picture of a fixed width stand out of a narrow page.
 */
export function pictureBundle(figure: Figure, svg = figureSvg(figure, { fluid: true })): MimeBundle {
  return { ...(svg === undefined ? {} : { [PICTURE_TYPE]: svg }), "text/plain": figureText(figure) };
}

export function fullBundle(figure: Figure, carriesLibrary: boolean): MimeBundle {
  const svg = figureSvg(figure);
  const text = figureText(figure);
  const packed = packFigure(figure);
  return {
    [PLOTLY_TYPE]: packed,
    "text/html": figureHtml({ figure: packed, text, svg, carriesLibrary }),
    ...pictureBundle(figure, svg),
  };
}

/** Any plotly figure as JSON. */
export type PlotlyFigure = Pick<Figure, "data"> & Partial<Figure>;

export function completed(figure: PlotlyFigure): Figure {
  requireObject("show figure", "the figure", figure);
  requireList("show figure", "the data of the figure", figure.data);
  return { layout: {}, ...figure, config: { ...privateConfig, ...figure.config } };
}

/**
 * Writes a figure in the formats that {@link show} shows it in, for values that contain one.
 *
 * @param figure - a figure of this module, or any plotly figure as JSON
 * @returns a MIME bundle, for this session's first figure with plotly.js in its HTML
 * @example
 * ```ts
 * import { figureBundle, lineFigure } from "rnnlab/plot";
 * console.log(figureBundle(lineFigure({ name: "loss", y: [0.5, 0.2] }))["text/plain"]);
 * ```
 */
export function figureBundle(figure: PlotlyFigure): MimeBundle {
  return fullBundle(completed(figure), carriesLibrary());
}
