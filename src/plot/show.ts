import { randomUUID } from "node:crypto";
import { display, type MimeBundle, updateDisplay } from "../display/index.js";
import {
  carriesLibrary,
  completed,
  figureBundle,
  fullBundle,
  PICTURE_TYPE,
  type PlotlyFigure,
  pictureBundle,
} from "./figure-bundle.js";
import { figureText } from "./figure-html.js";

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
  if (!(PICTURE_TYPE in picture)) finish();
  return {
    update(next) {
      last = completed(next);
      const bundle = pictureBundle(last);
      if (!(PICTURE_TYPE in bundle)) return finish();
      publish(bundle);
      isDrawn = false;
    },
    finish,
  };
}
