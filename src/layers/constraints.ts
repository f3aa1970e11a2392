import * as tf from "../tensorflow.js";

/**
 * Applies the constraints of weights after each update, as Keras does. tfjs applies them where a layer's weights are
 * set, but its optimisers assign to the variable below that, and leave it unconstrained.
 *
 * @param weights - a layer's weights, just built
 */
export function enforceConstraints(weights: readonly tf.LayerVariable[]): void {
  for (const weight of weights) {
    const { constraint } = weight as unknown as { constraint: { apply(w: tf.Tensor): tf.Tensor } | null };
    if (constraint == null) continue;
    const variable = weight.read() as tf.Variable;
    const assign = variable.assign.bind(variable);
    variable.assign = (value) => {
      const allowed = tf.tidy(() => constraint.apply(value));
      assign(allowed);
      if (allowed !== value) allowed.dispose();
    };
  }
}
