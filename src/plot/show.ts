import { randomUUID } from "node:crypto";
import { currentCell, display, type MimeBundle, updateDisplay } from "../display/index.js";
import type { Figure } from "./figure.js";
import { figureHtml, figureText } from "./figure-html.js";

/** The MIME type that JupyterLab, VS Code and nteract draw with a plotly of their own. */
const plotlyType = "application/vnd.plotly.v1+json";

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

function jsonBundle(figure: Figure): MimeBundle {
  return { [plotlyType]: figure, "text/plain": figureText(figure) };
}

function fullBundle(figure: Figure, carries: boolean): MimeBundle {
  return { ...jsonBundle(figure), "text/html": figureHtml(figure, carries) };
}

/**
 * Shows a figure below the running cell: as plotly JSON for front ends that know it, as HTML that works without a
 * network for the others, and as a line of text.
 *
 * @param figure - a figure of this module, or any plotly figure as JSON
 * @example
 * ```ts
 * import { lineFigure, show } from "rnnlab/plot";
 * show(lineFigure({ name: "loss", y: [0.5, 0.2, 0.1] }));
 * ```
 */
export function show(figure: Figure): void {
  void display(fullBundle(figure, carriesLibrary()));
}

/** A figure that changes in place. */
export interface LiveFigure {
  /** Draws a new state, in front ends that know plotly */
  update(figure: Figure): void;
  /** Makes the last state permanent, in every front end */
  finish(): void;
}

/**
 * Shows a figure that changes in place, for instance a loss that grows with each epoch. Until `finish()` only front
 * ends with a plotly of their own draw it: the HTML with plotly.js in it is too heavy to send several times a second.
 *
 * @param figure - the first state
 * @returns the handle that changes it
 * @example
 * ```ts
 * import { lineFigure, showLive } from "rnnlab/plot";
 * const live = showLive(lineFigure({ name: "loss", y: [0.5] }));
 * live.update(lineFigure({ name: "loss", y: [0.5, 0.2] }));
 * live.finish();
 * ```
 */
export function showLive(figure: Figure): LiveFigure {
  const carries = carriesLibrary();
  const displayId = randomUUID();
  let last = figure;
  void display(jsonBundle(last), { displayId });
  return {
    update(next) {
      last = next;
      void updateDisplay(displayId, jsonBundle(last));
    },
    finish: () => void updateDisplay(displayId, fullBundle(last, carries)),
  };
}
