import type * as tf from "../tensorflow.js";
import { cellsOf } from "./recurrent-cells.js";

/** What has a shape: a tensor, or what stands for one in a model. */
interface Shaped {
  readonly shape: (number | null)[];
}

/**
 * Checks the initial states that a recurrent layer is given.
 *
 * @param layer - the layer
 * @param batch - how many sequences it is given, if that is known
 * @param given - the states; none at all is right, too
 * @throws {RangeError} when they are not one for each state of the cells, `[batch, units]`
 */
export function requireStates(layer: tf.RNN, batch: number | null, given: readonly Shaped[]): void {
  if (given.length === 0) return;
  const widths = cellsOf(layer).flatMap(({ stateSize }) => stateSize);
  const fits = ({ shape: [rows, width, ...rest] }: Shaped, i: number) =>
    rest.length === 0 && width === widths[i] && (rows == null || batch === null || rows === batch);
  if (given.length === widths.length && given.every(fits)) return;
  const isOneWidth = new Set(widths).size === 1;
  const expected = isOneWidth
    ? `${widths.length} of shape [batch, ${widths[0]}]`
    : `shapes ${widths.map((width) => `[batch, ${width}]`).join(", ")}`;
  throw new RangeError(
    `Cannot build ${layer.getClassName()}: initialState must hold ${expected}, got ${given.map(({ shape }) => `[${shape.map((size) => size ?? "null").join(", ")}]`).join(", ")}`,
  );
}
