import * as tf from "../tensorflow.js";
import { hidden } from "../tfjs/hidden.js";
import { replaceMembers } from "../tfjs/patches.js";
import { orthogonalMatrix } from "./orthogonal-matrix.js";
import { Seeds } from "./seeds.js";

type Initializer = ReturnType<typeof tf.initializers.orthogonal>;

/**
 * Replaces tfjs's orthogonal initialiser, which is slow and says so on the console, by one of the same name and
 * configuration that draws with `orthogonalMatrix()`.
 *
 * @param initializer - any initialiser
 * @returns one that is fast if it is orthogonal, else the same
 */
export function fastOrthogonal(initializer: Initializer): Initializer {
  if (initializer.getClassName() !== "Orthogonal") return initializer;
  const { gain, seed } = initializer.getConfig() as { gain?: number | null; seed?: number | null };
  const fast = tf.initializers.orthogonal({ gain: gain ?? 1, ...(seed == null ? {} : { seed }) });
  replaceMembers("an orthogonal initialiser", fast, {
    apply(shape) {
      // Read now: a family of seeded layers gives copies seeds of their own.
      const { seed } = hidden("initializer", fast);
      const sizes = shape.map((size) => size ?? 1);
      const rows = sizes.slice(0, -1).reduce((a, b) => a * b, 1);
      const matrix = orthogonalMatrix(rows, sizes.at(-1) ?? 1, seed ?? new Seeds().next());
      return tf.tensor(
        matrix.map((value) => value * (gain ?? 1)),
        sizes,
      );
    },
  });
  return fast;
}
