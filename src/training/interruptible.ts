import type * as tf from "../tensorflow.js";

/** A kernel that lets a training come to the end of its step when an interrupt comes. */
interface TrainingHost {
  /** Sets the model's `stopTraining` then; to the code that waits for the training it never ends. */
  train<Result>(model: tf.LayersModel, train: () => Promise<Result>): Promise<Result>;
  isInterrupted(model: tf.LayersModel): boolean;
}

const hostSymbol = Symbol.for("rnnlab.trainingHost");

function findHost(): TrainingHost | undefined {
  return (globalThis as { [hostSymbol]?: TrainingHost })[hostSymbol];
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
