import * as tf from "../tensorflow.js";
import { cellKind, cellsOf } from "./recurrent-cells.js";
import { dropped } from "./recurrent-dropout.js";
import { cast, runRecurrent } from "./run-recurrent.js";
import type { Seeds } from "./seeds.js";

/**
 * Runs the cells of a recurrent layer, one after the other: each takes the whole sequence of the one before.
 *
 * @param layer - a built layer
 * @param x - `[batch, time, features]`
 * @param mask - which steps count, bool `[batch, time]`
 * @param initialStates - those of all cells in their order; zeros if there are none
 * @param seeds - of what the cells drop; nothing is dropped without
 * @returns outputs of the last cell, and the states of all
 */
export function runCells(
  layer: tf.RNN,
  x: tf.Tensor,
  mask: tf.Tensor | undefined,
  initialStates: readonly tf.Tensor[],
  seeds: Seeds | undefined,
): { outputs: tf.Tensor; states: tf.Tensor[] } {
  const initial = [...initialStates];
  const states: tf.Tensor[] = [];
  let outputs = x;
  const cells = cellsOf(layer);
  for (const [i, cell] of cells.entries()) {
    const own = initial.splice(0, [cell.stateSize].flat().length);
    const isTurned = layer.goBackwards && i > 0;
    const found = runRecurrent(
      cell,
      cellKind(cell),
      {
        // What the cell before puts out backwards is in that order.
        mask: mask && isTurned ? tf.reverse(mask, 1) : mask,
        initialState: own.length > 0 ? own : undefined,
        ...(seeds ? dropped(cell, outputs, seeds) : { x: outputs }),
      },
      {
        goBackwards: layer.goBackwards && i === 0,
        returnSequences: layer.returnSequences || i < cells.length - 1,
        returnState: layer.returnState,
        stateful: layer.stateful,
      },
    );
    outputs = found.outputs;
    states.push(...found.states);
  }
  return { outputs, states };
}

/**
 * Puts zeros where a step is masked.
 *
 * @param layer - the layer
 * @param outputs - of the layer
 * @param mask - bool `[batch, time]`
 * @returns outputs of the same shape
 */
export function zeroMasked(layer: tf.RNN, outputs: tf.Tensor, mask: tf.Tensor): tf.Tensor {
  const counts = cast(layer.goBackwards ? tf.reverse(mask, 1) : mask, "float32");
  const last = (counts.shape[1] ?? 1) - 1;
  const own = layer.returnSequences ? tf.expandDims(counts, 2) : tf.slice(counts, [0, last], [-1, 1]);
  return tf.mul(outputs, own);
}
