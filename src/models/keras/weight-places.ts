import { cellsOf } from "../../layers/recurrent-cells.js";
import type * as tf from "../../tensorflow.js";

/**
 * The names that Keras 3 gives the parts of a model or layer in files: their class, and a number from the second on.
 *
 * @param kinds - the class of each
 * @param step - how far each counts for the next of its class; 1 if missing
 * @returns the names
 */
export function numbered(kinds: readonly string[], step: (i: number) => number = () => 1): string[] {
  const counts = new Map<string, number>();
  return kinds.map((kind, i) => {
    const name = toSnake(kind);
    const count = counts.get(name) ?? 0;
    counts.set(name, count + step(i));
    return count === 0 ? name : `${name}_${count}`;
  });
}

/** As Keras does it: `GlobalMaxPooling1D` is `global_max_pooling1d`. */
function toSnake(name: string): string {
  return name
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}

/** Where the weights of RNN's cells lie, below the layer. */
export function cellPlaces(layer: tf.RNN): string[] {
  const cells = cellsOf(layer);
  const isStack = layer.cell.getClassName() === "StackedRNNCells";
  const names = numbered(cells.map((cell) => cell.getClassName()));
  return cells.flatMap(({ weights }, i) =>
    weights.map((_, j) => (isStack ? `cell/cells/${names[i]}/vars/${j}` : `cell/vars/${j}`)),
  );
}

/**
 * Where the weights of MultiHeadAttention's projections lie, below the layer.
 *
 * @param layer - one that is built
 * @param isKeras2 - whether they have the names that Keras 2 gives them
 * @returns the places
 */
export function projectionPlaces({ weights }: tf.layers.Layer, isKeras2: boolean): string[] {
  const projections = ["query_dense", "key_dense", "value_dense", "output_dense"];
  const count = weights.length / projections.length;
  const start = isKeras2 ? "_" : "";
  return projections.flatMap((name) => Array.from({ length: count }, (_, i) => `${start}${name}/vars/${i}`));
}
