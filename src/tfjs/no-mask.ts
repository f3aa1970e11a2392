import type * as tf from "./tensorflow.js";

const none: unknown = null;

/** What computeMask() gives where there is no mask: tfjs's declaration has no null, its code does. */
export const noMask = none as tf.Tensor;
