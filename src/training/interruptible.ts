import { type TrainingHost, trainingHostKey } from "../host/training.js";
import type * as tf from "../tensorflow.js";

function findHost(): TrainingHost<tf.LayersModel> | undefined {
  return (globalThis as { [trainingHostKey]?: TrainingHost<tf.LayersModel> })[trainingHostKey];
}

/**
 * Trains so that an interrupt ends it between two steps, with everything released, and not within one.
 *
 * @param model - the one that is trained
 * @param train - ends when {@link isInterrupted} or the model's `stopTraining` says so
 * @returns what it returns
 */
export function interruptibly<Result>(model: tf.LayersModel, train: () => Promise<Result>): Promise<Result> {
  return findHost()?.train(model, train) ?? train();
}

/**
 * @param model - one that is being trained
 * @returns whether its training has been interrupted
 */
export function isInterrupted(model: tf.LayersModel): boolean {
  return findHost()?.isInterrupted(model) ?? false;
}
