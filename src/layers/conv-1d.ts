import * as tf from "../tensorflow.js";
import { type CallArguments, stock } from "../tfjs/stock.js";
import { penaliseActivity } from "./activity-penalty.js";
import { oneTensor } from "./one-tensor.js";

/** Convolution over time, as tfjs's, and with `padding: "causal"`: a step sees itself and those before it. */
export class Conv1D extends stock.Conv1D {
  constructor({ activityRegularizer, ...args }: ConstructorParameters<typeof stock.Conv1D>[0]) {
    super(args);
    penaliseActivity(this, activityRegularizer ?? null);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], args: CallArguments): tf.Tensor | tf.Tensor[] {
    const { padding, kernelSize, dilationRate, strides, kernel, bias, activation } = this;
    if (padding !== "causal") return super.call(inputs, args);
    return tf.tidy(() => {
      const [size = 1, dilation = 1, stride = 1] = [kernelSize[0], dilationRate[0], strides[0]];
      const padded = tf.pad(oneTensor(inputs, "Conv1D"), [
        [0, 0],
        [dilation * (size - 1), 0],
        [0, 0],
      ]);
      const sums = tf.conv1d(
        padded as tf.Tensor3D,
        kernel.read() as tf.Tensor3D,
        stride,
        "valid",
        "NWC",
        dilation,
      );
      const shifted = bias ? tf.add(sums, bias.read()) : sums;
      return activation ? activation.apply(shifted) : shifted;
    });
  }
}
