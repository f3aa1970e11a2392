import type { CellName } from "../recurrent-ops/call.js";
import * as tf from "../tensorflow.js";
import { hidden } from "../tfjs/hidden.js";
import { replaceMembers } from "../tfjs/patches.js";
import { restore, type StockCell, type StockStack, stock, toSaved } from "../tfjs/stock.js";
import { type RecurrentArgs, recurrentArgs, savedArgs } from "./recurrent-args.js";

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
    const { cells, ...rest } = config;
    const made = (cells as readonly unknown[]).map((each) => restore<StockCell>(toSaved(each)));
    return new cls({ ...rest, cells: made });
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
function cell(Stock: (typeof stock)["SimpleRNNCell" | "LSTMCell" | "GRUCell"]): CellClass {
  return class extends Stock {
    constructor(args: RecurrentArgs) {
      super(recurrentArgs(Stock.className, args));
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
  const all = hidden("layer", tf.layers.Layer.prototype);
  replaceMembers("a cell of GRU", hidden("layer", target), {
    addWeight: (name, shape, ...rest) =>
      all.addWeight.call(target, name, name === "bias" ? [2, ...shape] : shape, ...rest),
  });
}

/** The cells that a recurrent layer is made of, in their order. */
export function cellsOf(layer: tf.RNN): readonly StockCell[] {
  const { cell } = layer as tf.RNN & { readonly cell: StockCell | StockStack };
  return "cells" in cell ? cell.cells : [cell];
}

/** Which of the recurrent ops runs a cell. */
export function cellKind(cell: StockCell): CellName {
  const kind = cell.getClassName();
  if (kind === "SimpleRNNCell") return "simpleRnn";
  if (kind === "LSTMCell") return "lstm";
  return cell.resetAfter ? "gru" : "gruResetBefore";
}
