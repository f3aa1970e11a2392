import * as tf from "../tensorflow.js";
import { type RecurrentArgs, recurrentArgs, savedArgs } from "./recurrent-args.js";
import type { cells } from "./run-recurrent.js";
import {
  restore,
  type Saved,
  type StockCell,
  type StockRecurrentArgs,
  type StockStack,
  stock,
} from "./stock.js";

type CellClass = new (args: RecurrentArgs) => StockCell;

/** One step of Elman's network, with Keras's defaults. */
export class SimpleRNNCell extends cell(stock.SimpleRNNCell) {}

/** One step of a long short-term memory, with Keras's defaults. */
export class LSTMCell extends cell(stock.LSTMCell) {}

/** One step of a gated recurrent unit, with Keras's defaults. */
export class GRUCell extends cell(stock.GRUCell) {
  constructor(args: RecurrentArgs) {
    super(args);
    resetAfter(this, args.resetAfter ?? true);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), resetAfter: this.resetAfter === true };
  }
}

/** Cells that each read what the one before puts out. Their states follow in the same order, as in Keras and unlike in tfjs. */
export class StackedRNNCells extends stock.StackedRNNCells {
  static fromConfig(cls: typeof StackedRNNCells, config: tf.serialization.ConfigDict): StackedRNNCells {
    const { cells, ...rest } = config as unknown as { cells: Saved[] };
    return new cls({ ...rest, cells: cells.map((each) => restore<StockCell>(each)) });
  }

  override get stateSize(): number[] {
    return this.cells.flatMap(({ stateSize }) => stateSize);
  }

  /** tfjs forgets them. */
  override get losses(): StockCell["losses"] {
    return this.cells.flatMap(({ losses }) => losses);
  }
}

/** Extends one of tfjs's cells; a layer runs it. */
function cell(Stock: new (args: StockRecurrentArgs) => StockCell): CellClass {
  return class extends Stock {
    constructor(args: RecurrentArgs) {
      super(recurrentArgs((Stock as unknown as { className: string }).className, args));
    }

    static fromConfig(cls: CellClass, config: tf.serialization.ConfigDict): StockCell {
      return new cls(savedArgs(config));
    }
  };
}

/**
 * Tells a GRU's cell where its reset gate acts, before it is built.
 *
 * @param target - one of tfjs's cells, or of ours
 * @param isAfter - whether after the product with the state; its bias is then `[2, 3 × units]`, of the input and of the state
 */
export function resetAfter(target: StockCell, isAfter: boolean): void {
  target.resetAfter = isAfter;
  if (!isAfter) return;
  type AddWeight = (name: string, shape: number[], ...rest: unknown[]) => tf.LayerVariable;
  const all = tf.layers.Layer.prototype as unknown as { addWeight: AddWeight };
  const own = target as unknown as { addWeight: AddWeight };
  own.addWeight = (name, shape, ...rest) =>
    all.addWeight.call(target, name, name === "bias" ? [2, ...shape] : shape, ...rest);
}

/** The cells that a recurrent layer is made of, in their order. */
export function cellsOf(layer: tf.RNN): readonly StockCell[] {
  const { cell } = layer as unknown as { cell: StockCell | StockStack };
  return "cells" in cell ? cell.cells : [cell];
}

/** Which of the recurrent ops runs a cell. */
export function cellKind(cell: StockCell): keyof typeof cells {
  const kind = cell.getClassName();
  if (kind === "SimpleRNNCell") return "simpleRnn";
  if (kind === "LSTMCell") return "lstm";
  return cell.resetAfter ? "gru" : "gruResetBefore";
}
