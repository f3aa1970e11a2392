import { cellTraits } from "../recurrent-ops/call.js";
import type { DropoutMasks } from "../recurrent-ops/index.js";
import * as tf from "../tensorflow.js";
import type { StockCell } from "../tfjs/stock.js";
import { dropoutMask } from "./dropout-mask.js";
import { cellKind } from "./recurrent-cells.js";
import type { Seeds } from "./seeds.js";

/**
 * Keras's dropout: masks that are the same at every step. With recurrent dropout each gate has its own, for the input,
 * too; else all gates see the same input.
 *
 * @param cell - whose rates count
 * @param x - `[batch, time, features]`
 * @param seeds - for the draws
 * @returns what the cell is to be run with
 */
export function dropped(
  cell: StockCell,
  x: tf.Tensor,
  seeds: Seeds,
): { x: tf.Tensor; dropoutMasks?: DropoutMasks } {
  const { dropout, recurrentDropout, units, dropoutFunc } = cell;
  const [batch = 0, , features = 0] = x.shape;
  const drops = (rate: number) => rate > 0 && rate < 1;
  const mask = (shape: [number, number], rate: number): tf.Tensor2D => {
    const drawn = dropoutFunc ? dropoutFunc(tf.ones(shape), rate) : dropoutMask(shape, rate, seeds);
    return drawn as tf.Tensor2D;
  };
  if (drops(recurrentDropout)) {
    const gates = Array.from({ length: cellTraits[cellKind(cell)].gates });
    const state = gates.map(() => mask([batch, units], recurrentDropout));
    const input = drops(dropout) ? gates.map(() => mask([batch, features], dropout)) : undefined;
    return { x, dropoutMasks: { state, input } };
  }
  if (!drops(dropout)) return { x };
  return { x: tf.mul(x, tf.expandDims(mask([batch, features], dropout), 1)) };
}
