import { callOnMatrix } from "../layers/dense-call.js";
import { cast, runRecurrent } from "../layers/run-recurrent.js";
import { callOnRows } from "../layers/time-distributed.js";
import type { CellName } from "../recurrent-ops/call.js";
import * as tf from "../tensorflow.js";
import { replaceMembers } from "../tfjs/patches.js";
import { type CallArguments, type StockRecurrent, stock } from "../tfjs/stock.js";

type Tensors = tf.Tensor | tf.Tensor[];

for (const [{ prototype }, cell] of [
  [stock.SimpleRNN, "simpleRnn"],
  [stock.LSTM, "lstm"],
  [stock.GRU, "gruResetBefore"],
] as const) {
  const { call } = prototype;
  replaceMembers("tfjs's SimpleRNN, LSTM and GRU", prototype, {
    call(inputs, args) {
      return callFused(this, cell, inputs, args ?? {}) ?? call.call(this, inputs, args);
    },
  });
}
const timeDistributed = stock.TimeDistributed.prototype.call;
replaceMembers("tfjs's TimeDistributed", stock.TimeDistributed.prototype, {
  call(inputs, args) {
    const [x] = [inputs].flat();
    const isRowWise = ["Dense", "Activation"].includes(this.layer.getClassName());
    return x && isRowWise ? callOnRows(this.layer, x, args) : timeDistributed.call(this, inputs, args);
  },
});
const dense = stock.Dense.prototype.call;
replaceMembers("tfjs's Dense", stock.Dense.prototype, {
  call(inputs, args) {
    return callOnMatrix(this, inputs) ?? dense.call(this, inputs, args);
  },
});

/**
 * The classes of tfjs whose calls importing `rnnlab/accelerate` puts on the fused ops: `tf.layers.simpleRNN()`, `lstm()`
 * and `gru()`, alone and in `bidirectional()`, `timeDistributed()` of dense and activation layers, and `dense()`
 * of a matrix. Options, defaults
 * and numbers stay those of tfjs, to rounding. A call that the ops compute otherwise runs as before: recurrent dropout
 * or `dropoutFunc` while training, a mask together with an initial or kept state, input that is not float32.
 *
 * @example
 * ```ts
 * import { tf } from "rnnlab";
 * import { accelerated } from "rnnlab/accelerate";
 * const layer = tf.layers.lstm({ units: 3, inputShape: [4, 2] });
 * console.log(accelerated.includes(layer.getClassName())); // true
 * ```
 */
export const accelerated: readonly string[] = ["SimpleRNN", "LSTM", "GRU", "TimeDistributed", "Dense"];

function callFused(
  layer: StockRecurrent,
  cell: CellName,
  inputs: Tensors,
  args: CallArguments,
): Tensors | undefined {
  const [x] = Array.isArray(inputs) ? inputs : [inputs];
  const mask: tf.Tensor | null | undefined = args.mask;
  const kept: tf.Tensor[] | undefined = layer.stateful ? layer.states : undefined;
  const initialState: tf.Tensor[] | null | undefined = args.initialState ?? kept;
  if (x === undefined || !isCovered(layer, x, mask, initialState, args.training)) return undefined;
  return tf.tidy(() => {
    const given = {
      x: args.training ? dropped(x, layer.cell.dropout) : x,
      mask: mask ? cast(mask, "bool") : undefined,
      initialState: initialState ?? undefined,
    };
    const { outputs, states } = runRecurrent(layer.cell, cell, given, layer);
    if (layer.stateful) layer.resetStates(states, args.training);
    return layer.returnState ? [outputs, ...states] : outputs;
  });
}

function isCovered(
  layer: StockRecurrent,
  x: tf.Tensor,
  mask: tf.Tensor | null | undefined,
  initialState: readonly tf.Tensor[] | null | undefined,
  training: boolean | undefined,
): boolean {
  const { recurrentDropout, dropoutFunc, dropout } = layer.cell;
  const drops = (rate: number) => rate > 0 && rate < 1;
  if (x.rank !== 3 || x.dtype !== "float32" || x.size === 0) return false;
  if (training && (drops(recurrentDropout) || (dropoutFunc && drops(dropout)))) return false;
  if (!mask) return true;
  // Before the first step that counts tfjs puts out the state that it was given, Keras and the ops zeros.
  return !initialState && tf.util.arraysEqual(mask.shape, x.shape.slice(0, 2));
}

/** One mask for all steps, as tfjs draws it. */
function dropped(x: tf.Tensor, rate: number): tf.Tensor {
  const [batch = 0, , features = 0] = x.shape;
  return rate > 0 && rate < 1 ? tf.dropout(x, rate, [batch, 1, features]) : x;
}
