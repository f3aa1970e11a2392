/**
 * What cells get under the module name `tslab`: the interface of tslab's own package, so that notebooks written for
 * that kernel run here unchanged, with its outputs sent by this kernel. The real package cannot do so: it has nobody
 * to send them to.
 */
import { randomUUID } from "node:crypto";
import { type DisplayHost, type DisplayMessage, displayHostKey } from "../../../src/host/display.js";

/** Unlike the session's own code it lives among the cells, and reaches the front end as the modules do that they import. */
const host = (globalThis as unknown as { readonly [displayHostKey]: DisplayHost })[displayHostKey];
const publish = (message: DisplayMessage): void => host.publish(message);

interface Versions {
  /** The version of tslab whose interface this is. */
  tslab: string;
  typescript: string;
  node: string;
}

/** The versions of what runs the cells. */
export const versions: Versions = {
  tslab: "1.0.22",
  typescript: (require("typescript/package.json") as { readonly version: string }).version,
  node: process.version,
};

/** Shows contents of one kind or another below the running cell. */
export interface Display {
  javascript(s: string): void;
  html(s: string): void;
  markdown(s: string): void;
  latex(s: string): void;
  svg(s: string): void;
  png(b: Uint8Array): void;
  jpeg(b: Uint8Array): void;
  gif(b: Uint8Array): void;
  pdf(b: Uint8Array): void;
  text(s: string): void;
  /**
   * @param contentType - any MIME type
   * @param b - text, or the bytes of a binary type
   */
  raw(contentType: string, b: string | Uint8Array): void;
}

function displayWith(raw: Display["raw"]): Display {
  return {
    javascript: (s) => raw("text/javascript", s),
    html: (s) => raw("text/html", s),
    markdown: (s) => raw("text/markdown", s),
    latex: (s) => raw("text/latex", s),
    svg: (s) => raw("image/svg+xml", s),
    png: (b) => raw("image/png", b),
    jpeg: (b) => raw("image/jpeg", b),
    gif: (b) => raw("image/gif", b),
    pdf: (b) => raw("application/pdf", b),
    text: (s) => raw("text/plain", s),
    raw,
  };
}

/**
 * Makes a display of its own: what it shows replaces what it showed before, whichever cell that was in.
 *
 * @returns the display, with nothing shown yet
 */
export function newDisplay(): Display {
  const displayId = randomUUID();
  let update = false;
  return displayWith((contentType, b) => {
    publish({ data: { [contentType]: b }, displayId, update });
    update = true;
  });
}

/** Shows contents below the running cell, one below the other. */
export const display: Display = displayWith((contentType, b) => publish({ data: { [contentType]: b } }));
