import type * as tf from "../tensorflow.js";

/**
 * Finds the loss of an output.
 *
 * @param model - a compiled model
 * @param output - which of its outputs
 * @returns what compile() was given for it: a name of tfjs or a function
 */
export function lossName({ loss, outputNames }: tf.LayersModel, output: number): unknown {
  if (typeof loss !== "object" || loss === null) return loss;
  return (loss as Record<string, unknown>)[Array.isArray(loss) ? output : (outputNames[output] ?? "")];
}
