import { hidden } from "./hidden.js";
import type * as tf from "./tensorflow.js";

/** One call of a layer, as tfjs keeps it. */
export type LayerNode = tf.layers.Layer["inboundNodes"][number];

/**
 * The model that has the graph: a sequential model keeps it in a model inside, which is made when it is first needed.
 *
 * @param model - any model
 * @returns the model inside, or the model itself
 */
export function innerModel(model: tf.LayersModel): tf.LayersModel {
  return hidden("sequential", model).model ?? model;
}

/**
 * The calls of layers that make a model up: a layer that is shared has several, and may have more in other models.
 *
 * @param model - a built model
 * @returns for each depth its calls; the greatest depth is that of the inputs
 */
export function nodesByDepth(model: tf.LayersModel): readonly (readonly LayerNode[])[] {
  if (!model.built) (model as tf.Sequential).build();
  return Object.values(innerModel(model).nodesByDepth);
}

/** Tells a model, which may be a layer of another, from a layer. */
export function isModel(layer: tf.layers.Layer): layer is tf.LayersModel {
  return Array.isArray((layer as Partial<tf.LayersModel>).layers);
}

/** Classes that have another name in Keras. tfjs has an initialiser of the name Identity. */
const KERAS_NAMES: Readonly<Record<string, string>> = { Model: "Functional", IdentityLayer: "Identity" };

/** The kind of a layer or model, as Keras names it. */
export function kindOf(layer: tf.layers.Layer): string {
  const kind = layer.getClassName();
  return KERAS_NAMES[kind] ?? kind;
}
