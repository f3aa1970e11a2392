import type * as tf from "../tensorflow.js";
import { type StockRecurrent, stock } from "../tfjs/stock.js";
import { type RecurrentArgs, recurrentArgs, savedArgs } from "./recurrent-args.js";
import { resetAfter } from "./recurrent-cells.js";
import { recurrentClass } from "./recurrent-class.js";

/** One of the layers below. */
export type Recurrent = StockRecurrent;
type RecurrentClass = (new (
  args: RecurrentArgs,
) => Recurrent) & {
  fromConfig(cls: new (args: RecurrentArgs) => Recurrent, config: tf.serialization.ConfigDict): Recurrent;
};

/** Elman's network with Keras's defaults and behaviour, on the fused ops. */
export class SimpleRNN extends layer(stock.SimpleRNN) {}

/** Long short-term memory with Keras's defaults and behaviour, on the fused ops. */
export class LSTM extends layer(stock.LSTM) {}

/** Gated recurrent unit with Keras's defaults and behaviour, on the fused ops. */
export class GRU extends layer(stock.GRU) {
  /** Whether the reset gate acts after the product with the state: Keras's default, unknown to tfjs. */
  readonly resetAfter: boolean;

  constructor(args: RecurrentArgs) {
    super(args);
    this.resetAfter = args.resetAfter ?? true;
    resetAfter(this.cell, this.resetAfter);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), resetAfter: this.resetAfter };
  }
}

/** One of tfjs's layers of one cell. */
function layer(Stock: (typeof stock)["SimpleRNN" | "LSTM" | "GRU"]): RecurrentClass {
  const Base = recurrentClass(Stock, (args: RecurrentArgs) => recurrentArgs(Stock.className, args));
  return class extends Base {
    static fromConfig(cls: RecurrentClass, config: tf.serialization.ConfigDict): Recurrent {
      return new cls(savedArgs(config));
    }
  };
}
