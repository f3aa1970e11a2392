import { sharedLayers } from "./keras-layers.js";
import { type Config, isConfig } from "./keras-values.js";

/** Whether a layer, by its Keras configuration, gives its output a mask. */
export function makesMask(kind: string, config: Config): boolean {
  return kind === "Masking" || (kind === "Embedding" && config.mask_zero === true);
}

/** Whether a layer's output has the mask of its input. */
export function keepsMask(kind: string, config: Config): boolean {
  const inner = kind === "Bidirectional" && isConfig(config.layer) ? config.layer.config : config;
  return sharedLayers[kind]?.mask === "keeps" || (isConfig(inner) && inner.return_sequences === true);
}

/** Whether a layer would count masked steps that Keras leaves out. */
export function refusesMask(kind: string): boolean {
  return sharedLayers[kind]?.mask === "refuses";
}
