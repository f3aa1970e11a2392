import * as tf from "../tensorflow.js";

/**
 * Puts zeros between the places of a kernel, which makes a plain convolution a dilated one: TensorFlow's depthwise and
 * transposed convolutions know no dilation on the CPU.
 *
 * @param kernel - its first axes are those of places
 * @param rates - for each of these axes
 * @returns the wider kernel; the same if no rate is above 1
 */
export function dilated(kernel: tf.Tensor, rates: readonly number[]): tf.Tensor {
  return rates.reduce((before, rate, axis) => {
    if (rate === 1) return before;
    const { shape } = before;
    const size = shape[axis] ?? 1;
    const apart = tf.expandDims(before, axis + 1);
    const spread = tf.pad(
      apart,
      apart.shape.map((_, i): [number, number] => [0, i === axis + 1 ? rate - 1 : 0]),
    );
    const wide = tf.reshape(
      spread,
      shape.map((each, i) => (i === axis ? size * rate : each)),
    );
    // No zeros follow the last place.
    return tf.slice(
      wide,
      shape.map(() => 0),
      shape.map((each, i) => (i === axis ? size * rate - rate + 1 : each)),
    );
  }, kernel);
}
