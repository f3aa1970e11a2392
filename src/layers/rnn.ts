import * as tf from "../tensorflow.js";
import { type RnnLayerArgs, restore, type StockCell, stock, toSaved } from "../tfjs/stock.js";
import type { ActivityRegularizer } from "./activity-penalty.js";
import { cellsOf, StackedRNNCells } from "./recurrent-cells.js";
import { recurrentClass } from "./recurrent-class.js";

type Shape = (number | null)[];

/** Arguments of RNN: those of `tf.layers`, and two of Keras's. */
export type RNNArgs = Omit<RnnLayerArgs, "cell"> & {
  /** One of `layers.simpleRNNCell()`, `lstmCell()` and `gruCell()`, or several, each reading what the one before puts out */
  cell: tf.layers.Layer | readonly tf.layers.Layer[];
  /** Penalty of the outputs, divided by the size of the batch */
  activityRegularizer?: ActivityRegularizer;
  /** As that of the other recurrent layers */
  zeroOutputForMask?: boolean;
  /** Of dropout, as that of the other recurrent layers */
  seed?: number;
};

/** Runs one cell through time, or several at each step, on the fused ops. The states of several follow in the same order. */
export class RNN extends recurrentClass(stock.RNN, complete) {
  static fromConfig(cls: typeof RNN, config: tf.serialization.ConfigDict): tf.RNN {
    return new cls({ ...config, cell: restore<StockCell>(toSaved(config.cell)) });
  }

  /** tfjs takes the first state for the output's size. */
  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    const [batch = null, time = null] = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as Shape;
    const units = cellsOf(this).at(-1)?.units ?? null;
    const outputs = this.returnSequences ? [batch, time, units] : [batch, units];
    if (!this.returnState) return outputs;
    return [
      outputs,
      ...cellsOf(this).flatMap(({ stateSize }) => [stateSize].flat().map((size) => [batch, size])),
    ];
  }
}

const known = ["SimpleRNNCell", "LSTMCell", "GRUCell"];

function complete({ cell, ...args }: RNNArgs): RnnLayerArgs {
  const given = Array.isArray(cell) ? cell : [cell];
  const stack = given[0] instanceof stock.StackedRNNCells ? given[0].cells : given;
  const isCell = (each: unknown) => each instanceof tf.layers.Layer && known.includes(each.getClassName());
  if (stack.length === 0 || !stack.every(isCell))
    throw new TypeError(
      `Cannot build RNN: cell must be ${known.join(", ")} or a list of them, got ${stack.map((each) => (each as tf.layers.Layer | undefined)?.getClassName?.() ?? each).join(", ") || "none"}`,
    );
  const isOne = stack.length === 1 && !Array.isArray(cell) && !(given[0] instanceof stock.StackedRNNCells);
  const inner = isOne
    ? given[0]
    : given[0] instanceof StackedRNNCells
      ? given[0]
      : new StackedRNNCells({ cells: stack });
  return { ...args, cell: inner };
}
