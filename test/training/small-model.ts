import * as tf from "../../src/tensorflow.js";

/** `[20, 3]` */
export const x = tf.linspace(-1, 1, 60).reshape([20, 3]) as tf.Tensor2D;
/** `[20, 1]` */
export const y = x.mean(1, true).square();

/** The same small model from the same weights. */
export function smallModel(
  optimizer: string | tf.Optimizer = "adam",
  loss = "meanSquaredError",
  outputs = 1,
): tf.Sequential {
  const made = tf.sequential({
    layers: [
      tf.layers.dense({ units: 4, activation: "tanh", inputShape: [3] }),
      tf.layers.dense({ units: outputs, activation: loss === "meanSquaredError" ? "linear" : "sigmoid" }),
    ],
  });
  made.compile({ optimizer, loss, metrics: ["mae"] });
  made.setWeights(made.getWeights().map(({ shape, size }) => tf.linspace(-0.5, 0.6, size).reshape(shape)));
  return made;
}
export const weights = (of: tf.LayersModel) => of.getWeights().flatMap((weight) => [...weight.dataSync()]);
