import * as tf from "../tensorflow.js";
import { hidden } from "../tfjs/hidden.js";
import { noMask } from "../tfjs/no-mask.js";
import { replaceMembers } from "../tfjs/patches.js";

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
    // tfjs disposes of the mask: an input must not be disposed of with it.
    return mask ? mask.cast("bool") : noMask;
  }
}
tf.serialization.registerClass(WithMask);
replaceMembers("layers of rnnlab", hidden("layer", WithMask.prototype), { setMaskMetadata() {} });
