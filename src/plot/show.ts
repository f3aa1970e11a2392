import { randomUUID } from "node:crypto";
import { currentCell, display, type MimeBundle, updateDisplay } from "../display/index.js";
import { type Figure, figurePrototype, privateConfig } from "./figure.js";
import { figureHtml, figureText } from "./figure-html.js";
import { figureSvg } from "./figure-svg.js";
import { packFigure } from "./packed-numbers.js";

/** The MIME type that JupyterLab, VS Code and nteract draw with a plotly of their own. */
const plotlyType = "application/vnd.plotly.v1+json";
const pictureType = "image/svg+xml";

/** The run of a cell whose figure carries plotly.js for the rest of the notebook. */
let carrier: { readonly id: string | undefined; readonly executionCount: number } | undefined;

/** The session's first figure carries the library, and so does the first one when that cell runs again. */
function carriesLibrary(): boolean {
  const { id, executionCount } = currentCell();
  const again = id !== undefined && id === carrier?.id && executionCount !== carrier.executionCount;
  if (carrier !== undefined && !again) return false;
  carrier = { id, executionCount };
  return true;
}

/**
 * Light enough to be sent several times a second. It is as wide as the figure that takes its place in the end:
 * JupyterLab's style would let a picture of a fixed width stand out of a narrow page.
 */
function pictureBundle(figure: Figure, svg = figureSvg(figure, { fluid: true })): MimeBundle {
  return { ...(svg === undefined ? {} : { [pictureType]: svg }), "text/plain": figureText(figure) };
}

function fullBundle(figure: Figure, carriesLibrary: boolean): MimeBundle {
  const svg = figureSvg(figure);
  const text = figureText(figure);
  const packed = packFigure(figure);
  return {
    [plotlyType]: packed,
    "text/html": figureHtml({ figure: packed, text, svg, carriesLibrary }),
    ...pictureBundle(figure, svg),
  };
}

/** Any plotly figure as JSON. */
export type PlotlyFigure = Pick<Figure, "data"> & Partial<Figure>;

const completed = (figure: PlotlyFigure): Figure => ({
  layout: {},
  ...figure,
  config: { ...privateConfig, ...figure.config },
});

// A figure that is the last value of a cell shows itself.
Object.defineProperty(figurePrototype, Symbol.for("Jupyter.display"), {
  value(this: Figure): MimeBundle {
    return fullBundle(this, carriesLibrary());
  },
});

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

/**
 * Shows a figure below the running cell: as plotly JSON for front ends that know it, as HTML that works without a
 * network for the others, as an SVG picture for documents (see {@link figureSvg}), and as a line of text.
 *
 * @param figure - a figure of this module, or any plotly figure as JSON
 * @example
 * ```ts
 * import { lineFigure, show } from "rnnlab/plot";
 * show(lineFigure({ name: "loss", y: [0.5, 0.2, 0.1] }));
 * ```
 */
export function show(figure: PlotlyFigure): void {
  void display(figureBundle(figure));
}

/** A figure that changes in place. */
export interface LiveFigure {
  /** Draws a new state, as a picture */
  update(figure: PlotlyFigure): void;
  /** Makes the last state a figure as {@link show} shows it; later updates begin with pictures again */
  finish(): void;
}

/**
 * Shows a figure that changes in place, for instance a loss that grows with each epoch. Until `finish()` it is a picture
 * ({@link figureSvg}): the HTML with plotly.js in it is too heavy to send several times a second, and JupyterLab draws a
 * plotly figure once, whatever it is updated to. A figure that has no picture, as some made elsewhere, is sent whole each
 * time.
 *
 * @param figure - the first state: a figure of this module, or any plotly figure as JSON
 * @returns the handle that changes it
 * @example
 * ```ts
 * import { lineFigure, showLive } from "rnnlab/plot";
 * const live = showLive(lineFigure({ name: "loss", y: [0.5] }));
 * live.update(lineFigure({ name: "loss", y: [0.5, 0.2] }));
 * live.finish();
 * ```
 */
export function showLive(figure: PlotlyFigure): LiveFigure {
  const carries = carriesLibrary();
  const displayId = randomUUID();
  let last = completed(figure);
  const publish = (bundle: MimeBundle) => void updateDisplay(displayId, bundle);
  let isDrawn = false;
  const finish = () => {
    // Words between two figures make JupyterLab draw the second one.
    if (isDrawn) publish({ "text/plain": figureText(last) });
    publish(fullBundle(last, carries));
    isDrawn = true;
  };
  const picture = pictureBundle(last);
  void display(picture, { displayId });
  if (!(pictureType in picture)) finish();
  return {
    update(next) {
      last = completed(next);
      const bundle = pictureBundle(last);
      if (!(pictureType in bundle)) return finish();
      publish(bundle);
      isDrawn = false;
    },
    finish,
  };
}
