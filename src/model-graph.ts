import type * as tf from "./tensorflow.js";

type Shape = readonly (number | null)[];

/** One call of a layer, as tfjs keeps it. */
export interface LayerNode {
  readonly outboundLayer: tf.layers.Layer;
  readonly inboundLayers: readonly tf.layers.Layer[];
  /** Which call of each inbound layer the input comes from, and which of its outputs it is */
  readonly nodeIndices: readonly number[];
  readonly tensorIndices: readonly number[];
  readonly inputTensors: readonly tf.SymbolicTensor[];
  readonly outputTensors: readonly tf.SymbolicTensor[];
  /** What else the layer was called with */
  readonly callArgs?: Readonly<Record<string, unknown>> | null;
  readonly outputShapes: readonly Shape[];
}

/**
 * The calls of layers that make a model up: a layer that is shared has several, and may have more in other models.
 *
 * @param model - a built model
 * @returns for each depth its calls; the greatest depth is that of the inputs
 */
export function nodesByDepth(model: tf.LayersModel): readonly (readonly LayerNode[])[] {
  // A sequential model keeps its graph in a model inside, which is made when it is first needed.
  if (!model.built) (model as tf.Sequential).build();
  const { model: inner } = model as unknown as { model?: tf.LayersModel };
  const graph = (inner ?? model) as unknown as { nodesByDepth: Readonly<Record<string, LayerNode[]>> };
  return Object.values(graph.nodesByDepth);
}

/** The calls of a layer, in every model: places in this list are what tfjs's indices of nodes mean. */
export function callsOf(layer: tf.layers.Layer): readonly LayerNode[] {
  return layer.inboundNodes as unknown as readonly LayerNode[];
}

/** Tells a model, which may be a layer of another, from a layer. */
export function isModel(layer: tf.layers.Layer): layer is tf.LayersModel {
  return Array.isArray((layer as Partial<tf.LayersModel>).layers);
}

/** The model's kind, as Keras names it. */
export function kindOf(layer: tf.layers.Layer): string {
  const kind = layer.getClassName();
  return kind === "Model" ? "Functional" : kind;
}
