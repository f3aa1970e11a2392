import { hidden } from "./hidden.js";
import { innerModel } from "./model-graph.js";
import type * as tf from "./tensorflow.js";

/** The weights of a model that were trainable when it was compiled. */
export function trainedVariables(model: tf.LayersModel): tf.Variable[] {
  return hidden("model", innerModel(model)).collectedTrainableWeights.map((weight) => weight.read());
}

/** The optimiser that compile() has made from a name; nothing where the caller made it. */
export function ownOptimizer(model: tf.LayersModel): tf.Optimizer | undefined {
  const { isOptimizerOwned, optimizer_ } = hidden("model", innerModel(model));
  return isOptimizerOwned ? optimizer_ : undefined;
}

/**
 * Gives a model another optimiser of its own and disposes of the one it had.
 *
 * @param model - a compiled model
 * @param optimizer - takes the place; it is the model's to dispose of, which tfjs's setter would not have it be
 */
export function replaceOptimizer(model: tf.LayersModel, optimizer: tf.Optimizer): void {
  model.optimizer.dispose();
  for (const each of [model, innerModel(model)]) hidden("model", each).optimizer_ = optimizer;
}

/**
 * Marks a model as being trained, for tfjs's own training, too.
 *
 * @param model - a model
 * @param refusal - the error where it has the mark already
 * @returns a function that takes the mark back
 * @throws {Error} when it is being trained already
 */
export function beginTraining(
  model: tf.LayersModel,
  refusal = "Cannot fit: the model is being trained already; await that first",
): () => void {
  // The kernel sets it back where it has to end a training by force.
  const state = hidden("model", model);
  if (state.isTraining) throw new Error(refusal);
  state.isTraining = true;
  return () => {
    state.isTraining = false;
  };
}
