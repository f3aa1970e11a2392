import * as tf from "../tensorflow.js";
import { hidden } from "../tfjs/hidden.js";
import { noMask } from "../tfjs/no-mask.js";
import { type CallArguments, stock } from "../tfjs/stock.js";
import { penaliseActivity } from "./activity-penalty.js";
import { enforceConstraints } from "./constraints.js";
import { speedUpGather } from "./gather.js";
import { checkUnits } from "./recurrent-args.js";
import { cast } from "./run-recurrent.js";

type Tensors = tf.Tensor | tf.Tensor[];

/** Turns whole numbers into trained vectors: `[batch, …]` to `[batch, …, outputDim]`. */
export class Embedding extends stock.Embedding {
  constructor(args: ConstructorParameters<typeof stock.Embedding>[0]) {
    checkUnits("Embedding", args.inputDim, "inputDim");
    checkUnits("Embedding", args.outputDim, "outputDim");
    const { activityRegularizer, ...rest } = args;
    super(rest);
    penaliseActivity(this, activityRegularizer);
  }

  override build(inputShape: Parameters<tf.layers.Layer["build"]>[0]): void {
    super.build(inputShape);
    enforceConstraints(this.weights);
  }

  /** Like Keras's, those of weights that are not trained do not count. */
  override calculateLosses(): tf.Scalar[] {
    return this.trainable ? super.calculateLosses() : [];
  }

  override call(inputs: Tensors, _args: CallArguments): tf.Tensor {
    return lookUp(this, inputs);
  }

  override computeMask(inputs: Tensors): tf.Tensor {
    if (!hidden("embedding", this).maskZero) return noMask;
    const indices = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor;
    return tf.tidy(() => tf.notEqual(indices, tf.scalar(0, indices.dtype)));
  }
}

/**
 * Looks rows of an Embedding's matrix up.
 *
 * @param layer - a built Embedding
 * @param inputs - indices `[batch, …]` of any numeric dtype
 * @returns `[batch, …, outputDim]`
 */
function lookUp(layer: tf.layers.Layer, inputs: Tensors): tf.Tensor {
  const [indices] = Array.isArray(inputs) ? inputs : [inputs];
  speedUpGather();
  const { embeddings } = hidden("embedding", layer);
  return tf.tidy(() => tf.gather(embeddings.read(), cast(indices as tf.Tensor, "int32")));
}
