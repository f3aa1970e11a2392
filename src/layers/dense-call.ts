import * as tf from "../tensorflow.js";
import { runOp } from "../tfjs/backend.js";
import type { StockDense } from "../tfjs/stock.js";
import { differentiable, gradientDepth } from "../tfjs/tape.js";

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
  const [result] = differentiable({
    name: "RnnlabAffine",
    inputs: { x, kernel, ...(bias ? { bias } : {}) },
    forward: () => {
      const saved = [x, kernel];
      const product = run("MatMul", saved);
      if (bias === undefined) return { outputs: [product], saved };
      const sums = run("BiasAdd", [product, bias]);
      product.dispose();
      return { outputs: [sums], saved };
    },
    backward: (dys, saved) => {
      const [[dy], [x, kernel]] = [dys as [tf.Tensor], saved as [tf.Tensor, tf.Tensor]];
      // A gradient that will be differentiated itself must be made of ops that have gradients.
      if (gradientDepth() > 0) {
        return {
          x: () => tf.matMul(dy, kernel, false, true),
          kernel: () => tf.matMul(x, dy, true, false),
          bias: () => tf.sum(dy, 0),
        };
      }
      return {
        x: () => run("MatMul", [dy, kernel], { transpose_b: true }),
        kernel: () => run("MatMul", [x, dy], { transpose_a: true }),
        bias: () => run("BiasAddGrad", [dy]),
      };
    },
  });
  return result as tf.Tensor;
}

function run(op: string, inputs: tf.Tensor[], flags: Readonly<Record<string, boolean>> = {}): tf.Tensor {
  return runOp(op, flags, inputs, 1)[0] as tf.Tensor;
}
