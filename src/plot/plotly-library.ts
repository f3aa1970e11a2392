import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { cacheDirectory } from "../platform/cache-directory.js";

let packed: string | undefined;

/** Where the packed library is kept: packing takes half a second, which no session but the first shall wait. */
function cachePath(library: string): string {
  const { version } = JSON.parse(readFileSync(join(dirname(library), "package.json"), "utf8")) as {
    version: string;
  };
  return join(cacheDirectory(), `plotly.js-${version}-${statSync(library).size}.gz.base64`);
}

function readCache(path: string): string | undefined {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return undefined; // it is made anew
  }
}

/** Where nothing can be written the library is packed again in the next session. */
function writeCache(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const part = `${path}.${process.pid}`;
    writeFileSync(part, text, "latin1");
    renameSync(part, path);
  } catch {}
}

/**
 * Packs plotly.js for embedding in a page: 4.8 MB of JavaScript become 2 MB of text.
 *
 * @returns plotly.js, gzipped, in base64
 */
export function packedPlotly(): string {
  if (packed !== undefined) return packed;
  const library = require.resolve("plotly.js-dist");
  const path = cachePath(library);
  packed = readCache(path);
  if (packed === undefined) {
    packed = gzipSync(readFileSync(library)).toString("base64");
    writeCache(path, packed);
  }
  return packed;
}
