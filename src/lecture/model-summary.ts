import { type MimeBundle, type RichText, richDisplay } from "../display/index.js";
import { table } from "../table/index.js";
import type * as tf from "../tensorflow.js";

/** A row of a {@link ModelSummary}. */
export interface LayerSummary {
  readonly name: string;
  /** Class of the layer, as Keras names it */
  readonly type: string;
  /** null stands for the size of the batch */
  readonly outputShape: readonly (number | null)[];
  readonly parameters: number;
}

/** A model's layers as Keras lists them; as the last value of a cell it is shown as a table. */
export interface ModelSummary extends RichText {
  readonly layers: readonly LayerSummary[];
  /** Of all layers together */
  readonly parameters: number;
}

function outputShape(layer: tf.layers.Layer): (number | null)[] {
  const shape = layer.outputShape;
  return (Array.isArray(shape[0]) ? shape[0] : shape) as (number | null)[];
}

/**
 * Summarises a model as Keras prints it: layers, output shapes, numbers of parameters.
 *
 * @param model - a model whose input shape is known
 * @param title - stands above the table; the model's name unless given
 * @returns the numbers, to look at and to check
 * @example
 * ```ts
 * import { tf } from "rnnlab";
 * import { modelSummary } from "rnnlab/lecture";
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] });
 * console.log(modelSummary(model).parameters); // 8
 * ```
 */
export function modelSummary(model: tf.LayersModel, title = model.name): ModelSummary {
  const layers = model.layers
    .filter((layer) => layer.getClassName() !== "InputLayer")
    .map((layer) => ({
      name: layer.name,
      type: layer.getClassName(),
      outputShape: outputShape(layer),
      parameters: layer.countParams(),
    }));
  const parameters = model.countParams();
  const rows = layers.map((layer) => ({
    layer: `${layer.name} (${layer.type})`,
    "output shape": `[${layer.outputShape.map((size) => size ?? "batch").join(", ")}]`,
    parameters: layer.parameters,
  }));
  const total = { layer: "total", "output shape": "", parameters };
  const shown = table([...rows, total], {
    caption: title,
    head: rows.length + 1,
    format: { parameters: (count) => Number(count).toLocaleString("en") },
  });
  return { layers, parameters, [richDisplay]: (): MimeBundle => shown[richDisplay]() };
}
