import { type Handle, nodeBackend, opAttributes, replaceKernel } from "../node-backend.js";
import * as tf from "../tensorflow.js";

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
    const backend = nodeBackend();
    if (!areBelow(backend.readSync(indices.dataId), x.shape[axis] ?? 0)) return stock(call);
    return tf.tidy(() => {
      const inputs = backend.getInputTensorIds([x, indices, tf.scalar(axis, "int32")]);
      const [handle] = backend.binding.executeOp(
        "GatherV2",
        opAttributes({ batch_dims: batchDims }),
        inputs,
        1,
      );
      return backend.createOutputTensor(handle as Handle);
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
