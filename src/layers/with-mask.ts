import * as tf from "../tensorflow.js";

type Tensors = tf.Tensor | tf.Tensor[];
type Shape = ReturnType<tf.layers.Layer["computeOutputShape"]>;

/**
 * Puts out its first input, with the second for its mask, or without a mask where there is no second: what Keras says
 * by the argument `mask` of a call.
 */
export class WithMask extends tf.layers.Layer {
  static className = "WithMask";

  constructor(args: object = {}) {
    super(args);
    this.supportsMasking = true;
  }

  override call(inputs: Tensors): Tensors {
    return [inputs].flat()[0] as tf.Tensor;
  }

  override computeOutputShape(inputShape: Shape): Shape {
    return Array.isArray(inputShape[0]) ? inputShape[0] : inputShape;
  }

  override computeMask(inputs: Tensors): tf.Tensor {
    const mask = [inputs].flat()[1];
    // tfjs's declaration has no null, its code does. It disposes of the mask: an input must not be disposed of with it.
    return (mask ? mask.cast("bool") : null) as tf.Tensor;
  }
}
tf.serialization.registerClass(WithMask);
Object.defineProperty(WithMask.prototype, "setMaskMetadata", { value: () => undefined });
