import type * as tf from "../tensorflow.js";
import { type CallArguments, type StockDenseArgs, stock } from "../tfjs/stock.js";
import { checkActivation, toActivation } from "./activations.js";
import { penaliseActivity } from "./activity-penalty.js";
import { enforceConstraints } from "./constraints.js";
import { callOnMatrix } from "./dense-call.js";
import { type ActivationArg, checkUnits } from "./recurrent-args.js";

/** Arguments of Dense: those of `tf.layers`, with Keras's default initialiser. */
export type DenseArgs = Omit<StockDenseArgs, "activation"> & { activation?: ActivationArg };

/** Fully connected layer: `[…, features]` to `[…, units]`. */
export class Dense extends stock.Dense {
  constructor(args: DenseArgs) {
    checkUnits("Dense", args.units);
    checkActivation(args.activation, "Dense", "activation");
    super({
      ...args,
      activation: toActivation(args.activation),
      kernelInitializer: args.kernelInitializer ?? "glorotUniform",
      activityRegularizer: null,
    });
    penaliseActivity(this, args.activityRegularizer);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], args: CallArguments): tf.Tensor | tf.Tensor[] {
    return callOnMatrix(this, inputs) ?? super.call(inputs, args);
  }

  override build(inputShape: Parameters<tf.layers.Layer["build"]>[0]): void {
    super.build(inputShape);
    enforceConstraints(this.weights);
  }

  /** Like Keras's, those of weights that are not trained do not count. */
  override calculateLosses(): tf.Scalar[] {
    return this.trainable ? super.calculateLosses() : [];
  }
}
