import * as tf from "../tensorflow.js";
import { replaceMembers } from "../tfjs/patches.js";

/** What assigns to a weight without its constraint. */
const exact = new WeakMap<tf.Tensor, tf.Variable["assign"]>();

/**
 * Applies the constraints of weights after each update, as Keras does. tfjs applies them where a layer's weights are
 * set, but its optimisers assign to the variable below that, and leave it unconstrained.
 *
 * @param weights - a layer's weights, just built
 */
export function enforceConstraints(weights: readonly tf.LayerVariable[]): void {
  for (const weight of weights) {
    const { constraint } = weight;
    if (constraint == null) continue;
    const variable = weight.read() as tf.Variable;
    const assign = variable.assign.bind(variable);
    exact.set(variable, assign);
    replaceMembers("a variable with a constraint", variable, {
      assign(value) {
        const allowed = tf.tidy(() => constraint.apply(value));
        assign(allowed);
        if (allowed !== value) allowed.dispose();
      },
    });
  }
}

/**
 * Sets a weight to what a file has: constraints belong to training, and Keras does not apply them to what it reads.
 *
 * @param weight - of a layer
 * @param value - of its shape; it stays the caller's
 */
export function setExactly(weight: tf.LayerVariable, value: tf.Tensor): void {
  const variable = weight.read() as tf.Variable;
  // Not through LayerVariable, which would apply the constraint.
  const assign = exact.get(variable) ?? variable.assign.bind(variable);
  assign(value);
}
