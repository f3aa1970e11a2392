// What a notebook shows: rich values, HTML and Markdown, outputs that are updated in place.
export type { DisplayHost, DisplayMessage } from "../host/display.js";
export {
  clearOutput,
  currentCell,
  type DisplayOptions,
  display,
  displayTarget,
  updateDisplay,
  whenInterrupted,
} from "./display.js";
export type { DisplayTarget } from "./host.js";
export { type MimeBundle, type RichText, type RichValue, richDisplay, toMimeBundle } from "./mime-bundle.js";
export { type Outcome, ProgressBar } from "./progress-bar.js";
export { type ReplayOptions, replay } from "./replay.js";
export { escapeHtml, html, markdown, oneLine, rich } from "./rich-text.js";
