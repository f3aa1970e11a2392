import type * as tf from "../tensorflow.js";
import { hidden } from "../tfjs/hidden.js";

/**
 * Gives a layer a weight with the initialiser, regulariser and constraint of another one, which has made them of names:
 * tfjs exports none of what does.
 *
 * @param layer - that is built
 * @param like - has `<kind>Initializer`, `<kind>Regularizer` and `<kind>Constraint`
 * @param kind - of the weight, as the other layer calls it
 * @param shape - of the weight
 * @param name - of the weight; `kind` if missing
 */
export function addWeightLike(
  layer: tf.layers.Layer,
  like: object,
  kind: string,
  shape: number[],
  name = kind,
): void {
  const [initializer, regularizer, constraint] = ["Initializer", "Regularizer", "Constraint"].map(
    (part): object => Reflect.get(like, `${kind}${part}`),
  );
  hidden("layer", layer).addWeight.call(
    layer,
    name,
    shape,
    "float32",
    initializer,
    regularizer,
    true,
    constraint,
  );
}
