import { createRequire } from "node:module";
import { richDisplay } from "../display/index.js";
import { tableBundle } from "./table-bundle.js";
import type { FrameLike } from "./table-data.js";

type Danfojs = typeof import("danfojs-node");

let loaded: Danfojs | undefined;

/** The page with the commands that install danfojs beside rnnlab. */
const GUIDE = "docs/guide/tables.md";

/**
 * Loads danfojs when a frame is first needed, for it takes most of a second, and gives its frames and series, once,
 * the method by which a notebook shows them.
 *
 * @throws {Error} when danfojs-node is not installed, or brings a TensorFlow of its own
 */
export function loadDanfojs(): Danfojs {
  if (loaded === undefined) {
    requireOneTensorFlow(findDanfojs());
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

function findDanfojs(): string {
  try {
    return require.resolve("danfojs-node");
  } catch (error) {
    throw new Error(
      `Cannot make data frame: danfojs-node is not installed; \`table\` and \`describe\` do without it; ${GUIDE} says how to install it`,
      { cause: error },
    );
  }
}

/** danfojs asks for a TensorFlow.js of long ago: two in one process do not know each other's tensors. */
function requireOneTensorFlow(danfojs: string): void {
  const [own, its] = [require, createRequire(danfojs)].map((from) =>
    from.resolve("@tensorflow/tfjs-node/package.json"),
  );
  if (own !== its)
    throw new Error(
      `Cannot make data frame: danfojs-node must use rnnlab's TensorFlow.js, got its own in ${its}; ${GUIDE} says how to install it`,
    );
}
