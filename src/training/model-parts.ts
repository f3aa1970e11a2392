import type * as tf from "../tensorflow.js";

type Loss = (targets: tf.Tensor, predictions: tf.Tensor) => tf.Tensor;

/** What tfjs's own training uses of a compiled model, and its types hide. */
export interface ModelParts {
  readonly inputs: readonly tf.SymbolicTensor[];
  readonly outputs: readonly tf.SymbolicTensor[];
  readonly outputNames: readonly string[];
  /** As compile() was given it: one for all outputs, or by their order or names */
  readonly loss: unknown;
  /** One for each output */
  readonly lossFunctions: readonly Loss[];
  /** Each with the output that it is computed on, in the order of the model's metric names after "loss" */
  readonly metricsTensors: readonly (readonly [metric: Loss, output: number])[];
  /** The weights that were trainable when the model was compiled */
  readonly collectedTrainableWeights: readonly { read(): tf.Variable }[];
  /** Whether compile() made the optimiser, from a name */
  readonly isOptimizerOwned: boolean;
  optimizer_: tf.Optimizer;
  call(inputs: readonly tf.Tensor[], options: { readonly training: boolean }): tf.Tensor | tf.Tensor[];
  readonly layers: readonly tf.layers.Layer[];
}

/**
 * Opens a compiled model.
 *
 * @param model - whose parts are wanted; a sequential model keeps them in a model inside
 * @returns its parts
 */
export function modelParts(model: tf.LayersModel): ModelParts {
  const { model: inner = model } = model as unknown as { model?: tf.LayersModel };
  return inner as unknown as ModelParts;
}

/**
 * Gives a model another optimiser and disposes of the one it had.
 *
 * @param model - a compiled model
 * @param optimizer - takes the place
 */
export function replaceOptimizer(model: tf.LayersModel, optimizer: tf.Optimizer): void {
  const parts = modelParts(model);
  parts.optimizer_.dispose();
  for (const each of new Set([parts, model as unknown as ModelParts])) each.optimizer_ = optimizer;
}

/**
 * Finds the loss of an output.
 *
 * @param parts - of the model
 * @param output - which of its outputs
 * @returns what compile() was given for it: a name of tfjs or a function
 */
export function lossName({ loss, outputNames }: ModelParts, output: number): unknown {
  if (typeof loss !== "object" || loss === null) return loss;
  return (loss as Record<string, unknown>)[Array.isArray(loss) ? output : (outputNames[output] ?? "")];
}

/**
 * Computes what regularisers ask for. A layer that is used in several places pays for its weights once, as in Keras;
 * tfjs's own training has it pay in each.
 *
 * @param parts - of a model that has been called
 * @returns the penalties of all its layers
 */
export function penalties({ layers }: ModelParts): tf.Scalar[] {
  return [...new Set(layers.flatMap(layersWithin))].flatMap((layer) => layer.calculateLosses());
}

/** A layer, or those of a model that is one. */
function layersWithin(layer: tf.layers.Layer): readonly tf.layers.Layer[] {
  const { layers } = layer as Partial<tf.LayersModel>;
  return layers ? layers.flatMap(layersWithin) : [layer];
}
