import { quoteShape, typeName } from "../../arguments.js";
import * as tf from "../../tensorflow.js";

/** Weights of classes by their numbers; a class that is not named weighs 1. */
export type ClassWeight = Readonly<Record<number, number>>;

/**
 * Brings weights of samples into the shape of losses, which lack the last axis of the model's output.
 *
 * @param weights - `[n]`, or `[n, …]` for the losses of each sample, with a last axis of one or without it
 * @param samples - how many there are
 * @returns the weights without the last axis of one, which the caller disposes of
 * @throws {RangeError} when they are not one for each sample
 */
export function shapedWeights(weights: tf.Tensor, samples: number): tf.Tensor {
  const { shape } = weights;
  if (shape[0] === samples)
    return weights.reshape(shape.length > 1 && shape.at(-1) === 1 ? shape.slice(0, -1) : shape);
  throw new RangeError(
    `Cannot fit: sampleWeight must have a number for each of ${samples} samples, got shape ${quoteShape(shape)}`,
  );
}

/**
 * Gives each sample the weight of its class.
 *
 * @param targets - class numbers `[n]` or `[n, 1]`, or probabilities `[n, classes]`, whose greatest counts
 * @param classWeight - weights by class
 * @returns `[n]`, which the caller disposes of
 * @throws {RangeError} when a sample has no class of its own, or a weight is not a number from 0
 * @throws {TypeError} when the weights are no object
 */
export function weightsOfClasses(targets: tf.Tensor, classWeight: ClassWeight): tf.Tensor1D {
  if (typeof classWeight !== "object" || classWeight === null)
    throw new TypeError(
      `Cannot fit: classWeight must be an object such as { 0: 1, 1: 5 }, got ${typeName(classWeight)}`,
    );
  const [samples = 0, classes = 1] = targets.shape;
  if (targets.rank > 2) {
    throw new RangeError(
      `Cannot fit: with classWeight targets must have shape [n] or [n, classes], got ${quoteShape(targets.shape)}`,
    );
  }
  for (const [name, weight] of Object.entries(classWeight)) {
    if (weight >= 0 && /^\d+$/.test(name)) continue;
    throw new RangeError(
      `Cannot fit: classWeight must give numbers from 0 for class numbers, got ${name}: ${weight}`,
    );
  }
  const numbers = tf.tidy(() => (classes > 1 ? targets.argMax(1) : targets).dataSync());
  return tf.tensor1d(Float32Array.from({ length: samples }, (_, i) => classWeight[numbers[i] ?? 0] ?? 1));
}
