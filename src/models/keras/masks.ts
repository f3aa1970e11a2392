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

/** Whether a layer, or one inside of it, would count masked steps that Keras leaves out. */
export function refusesMask(kind: string, config: Config): boolean {
  if (sharedLayers[kind]?.mask === "refuses") return true;
  const inner = Array.isArray(config.layers) ? config.layers : [];
  return inner.some(
    (each) => isConfig(each) && isConfig(each.config) && refusesMask(String(each.class_name), each.config),
  );
}
