import * as tf from "../tensorflow.js";
import { nodeBackend, runOp } from "../tfjs/backend.js";
import { replaceKernel } from "../tfjs/patches.js";

let isReplaced = false;

/**
 * Puts a faster kernel before tfjs-node's for tf.gather(): that calls a function for every index, which takes longer than
 * TensorFlow's own look at the indices and all its work. Where an index is wrong, the stock kernel says so.
 */
export function speedUpGather(): void {
  if (isReplaced) return;
  isReplaced = true;
  replaceKernel(tf.GatherV2, (stock) => (call) => {
    const { x, indices } = call.inputs as { x: tf.Tensor; indices: tf.Tensor };
    const { axis, batchDims } = call.attrs as { axis: number; batchDims: number };
    const numbers = nodeBackend().readSync(indices.dataId) as Int32Array;
    if (!areBelow(numbers, x.shape[axis] ?? 0)) return stock(call);
    return tf.tidy(() => {
      const inputs = [x, indices, tf.scalar(axis, "int32")];
      return runOp("GatherV2", { batch_dims: batchDims }, inputs, 1)[0] as tf.Tensor;
    });
  });
}

function areBelow(indices: ArrayLike<number>, end: number): boolean {
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i] ?? -1;
    if (index < 0 || index >= end) return false;
  }
  return true;
}
