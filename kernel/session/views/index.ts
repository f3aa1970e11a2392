/** How the values of the libraries that lectures use are shown: in a few readable lines, not by their inner parts. */
import { whenLoaded } from "../imports/package-loads.js";
import { defineFrameViews } from "./data-frames.js";
import { defineLayerViews } from "./layers.js";
import { defineTensorViews } from "./tensors.js";

/** From here on every copy of these libraries that is loaded gets its views. */
export function installViews(): void {
  whenLoaded("@tensorflow/tfjs-core", defineTensorViews);
  whenLoaded("@tensorflow/tfjs-layers", defineLayerViews);
  whenLoaded("danfojs-node", defineFrameViews);
}
