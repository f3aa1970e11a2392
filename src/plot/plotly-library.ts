import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

let packed: string | undefined;

/**
 * Packs plotly.js for embedding in a page: 10 MB of JavaScript become 2.5 MB of text.
 *
 * @returns plotly.js, gzipped, in base64
 */
export function packedPlotly(): string {
  packed ??= gzipSync(readFileSync(require.resolve("plotly.js-dist"))).toString("base64");
  return packed;
}
