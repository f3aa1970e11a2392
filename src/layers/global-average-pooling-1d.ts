import * as tf from "../tensorflow.js";
import { oneTensor } from "./one-tensor.js";
import type { CallArguments } from "./stock.js";

type Shape = (number | null)[];

/** The mean over time: `[batch, time, features]` to `[batch, features]`. As in Keras masked steps do not count; in tfjs they do. */
export class GlobalAveragePooling1D extends tf.layers.Layer {
  static readonly className = "GlobalAveragePooling1D";

  constructor(args: ConstructorParameters<typeof tf.layers.Layer>[0] = {}) {
    super(args);
    this.supportsMasking = true;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [batch = null, , features = null] = inputShape as Shape;
    return [batch, features];
  }

  override call(inputs: tf.Tensor | tf.Tensor[], { mask }: CallArguments = {}): tf.Tensor {
    return tf.tidy(() => {
      const x = oneTensor(inputs, "GlobalAveragePooling1D");
      if (mask == null) return tf.mean(x, 1);
      const counts = tf.expandDims(tf.cast(mask, "float32"), 2);
      const kept = tf.where(tf.cast(tf.broadcastTo(counts, x.shape), "bool"), x, tf.zerosLike(x));
      return tf.div(tf.sum(kept, 1), tf.sum(counts, 1));
    });
  }

  /** There is no time any more. */
  override computeMask(): tf.Tensor {
    // tfjs's declaration has no null, its code does.
    return null as unknown as tf.Tensor;
  }
}
