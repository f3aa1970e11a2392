import { type Layers, makeLayers } from "./layers.js";
import { Seeds } from "./seeds.js";

/**
 * Makes `layers` that start from the same weights, and drop the same values, in every run with the same seed. They are
 * named as Keras names them, counted from `lstm`, `lstm_1`. Arguments that are given win.
 *
 * @param seed - an integer from 0 to 2³² − 1
 * @returns the makers of the layers
 * @throws {RangeError} when the seed is out of range
 * @example
 * ```ts
 * import { tf } from "rnnlab";
 * import { seededLayers } from "rnnlab/layers";
 * const layers = seededLayers(7);
 * const model = tf.sequential({
 *   layers: [layers.gru({ units: 4, inputShape: [15, 1] }), layers.dropout({ rate: 0.2 }), layers.dense({ units: 1 })],
 * });
 * console.log(model.countParams()); // 89
 * ```
 */
export function seededLayers(seed: number): Layers {
  return makeLayers(new Seeds(seed));
}
