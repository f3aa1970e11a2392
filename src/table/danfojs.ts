import { richDisplay } from "../display/index.js";
import { tableBundle } from "./table-bundle.js";
import type { FrameLike } from "./table-data.js";

type Danfojs = typeof import("danfojs-node");

let loaded: Danfojs | undefined;

/**
 * Loads danfojs when a frame is first needed, for it takes most of a second, and gives its frames and series, once,
 * the method by which a notebook shows them.
 */
export function loadDanfojs(): Danfojs {
  if (loaded === undefined) {
    // danfojs loads tfjs-node itself, which must have been prepared before.
    require("../tensorflow.js");
    loaded = require("danfojs-node") as Danfojs;
    // The base of every frame and series: danfojs's own methods return several subclasses.
    Object.defineProperty(loaded.NDframe.prototype, richDisplay, {
      configurable: true,
      value(this: FrameLike) {
        return tableBundle(this);
      },
    });
  }
  return loaded;
}
