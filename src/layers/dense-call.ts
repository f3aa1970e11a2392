import { engine } from "../engine.js";
import * as tf from "../tensorflow.js";
import type { StockDense } from "./stock.js";

/** What tfjs-node's backend offers besides tfjs's own interface. */
interface Backend {
  readonly binding: { readonly TF_ATTR_BOOL: number };
  executeSingleOutput(name: string, attributes: object[], inputs: tf.Tensor[]): tf.Tensor;
}

const execute = (name: string, inputs: tf.Tensor[], flags: Record<string, boolean> = {}) => {
  const { binding, executeSingleOutput } = tf.backend() as unknown as Backend;
  const attributes = Object.entries(flags).map(([key, value]) => ({
    name: key,
    type: binding.TF_ATTR_BOOL,
    value,
  }));
  return executeSingleOutput.call(tf.backend(), name, attributes, inputs);
};

/**
 * Calls a Dense layer on a matrix by TensorFlow's MatMul and BiasAdd and their gradients: five ops a step. tfjs takes
 * BatchMatMul, which needs several times as long for a small matrix, and reshapes around it.
 *
 * @param layer - a built Dense
 * @param inputs - what it is called with
 * @returns `[rows, units]`, or nothing if it is called with anything but a matrix of float32
 */
export function callOnMatrix(layer: StockDense, inputs: tf.Tensor | tf.Tensor[]): tf.Tensor | undefined {
  const [x] = Array.isArray(inputs) ? inputs : [inputs];
  if (x?.rank !== 2 || x.dtype !== "float32" || x.size === 0) return undefined;
  return tf.tidy(() => {
    const sums = affine(x, layer.kernel.read(), layer.bias?.read());
    return layer.activation.getClassName() === "linear" ? sums : layer.activation.apply(sums);
  });
}

/** x·W + b */
function affine(x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor | undefined): tf.Tensor {
  const [result] = engine().runKernelFunc({
    inputs: { x, kernel, ...(bias ? { bias } : {}) },
    forwardFunc: (_, save) => {
      save([x, kernel]);
      const product = execute("MatMul", [x, kernel]);
      if (bias === undefined) return [product];
      const sums = execute("BiasAdd", [product, bias]);
      product.dispose();
      return [sums];
    },
    backwardsFunc: (gradient, saved) => {
      const [dy, [x, kernel]] = [gradient as tf.Tensor, saved as [tf.Tensor, tf.Tensor]];
      // A gradient that will be differentiated itself must be made of ops that have gradients.
      if (engine().state.gradientDepth > 0) {
        return {
          x: () => tf.matMul(dy, kernel, false, true),
          kernel: () => tf.matMul(x, dy, true, false),
          bias: () => tf.sum(dy, 0),
        };
      }
      return {
        x: () => execute("MatMul", [dy, kernel], { transpose_b: true }),
        kernel: () => execute("MatMul", [x, dy], { transpose_a: true }),
        bias: () => execute("BiasAddGrad", [dy]),
      };
    },
  });
  return result as tf.Tensor;
}
