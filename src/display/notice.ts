import { display, displayTarget } from "./display.js";
import { escapeHtml, html } from "./rich-text.js";

/** Tells the person at the notebook something that must not be overlooked. */
export type Notify = (message: string) => void;

/** Where notices go unless a loader is told otherwise: below the cell, or a terminal's standard error. */
export const notifyByDefault: Notify = (message) => {
  if (displayTarget() === "text") console.warn(message);
  else void display(html(`<p role="status" style="${STYLE}">${escapeHtml(message)}</p>`, message));
};

const STYLE = "border-left: 0.3em solid orange; padding: 0.2em 0.8em;";
