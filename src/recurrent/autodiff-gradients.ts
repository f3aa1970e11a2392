import * as tf from "../tensorflow.js";
import type { Gradients } from "./gradients.js";
import { Matrix, type MatrixLike } from "./matrix.js";
import type { RecurrentNetwork } from "./recurrent-network.js";

/** A loss of tensors: outputs and targets `[T, outDim]` to a scalar. */
export type TensorLoss = (outputs: tf.Tensor2D, targets: tf.Tensor2D) => tf.Scalar;

/**
 * The gradients of a loss by TensorFlow's automatic differentiation of the same forward pass, in float32.
 *
 * @param network - the network; it stays as it is
 * @param sequence - inputs `[T, inputDim]`
 * @param targets - `[T, outDim]`
 * @param loss - a differentiable loss of tensors; half the mean squared error unless given
 * @returns one matrix for each parameter, shaped like it; no tensors are left behind
 * @throws {RangeError} when the sequence is empty or no matrix
 * @throws {Error} when the shapes do not fit, as TensorFlow says it
 * @example
 * ```ts
 * import * as recurrent from "rnnlab/recurrent";
 * const network = new recurrent.RecurrentNetwork(1, 2, 1);
 * const expected = recurrent.autodiffGradients(network, [0, 1], [1, 0]);
 * const ours = recurrent.backpropagatedGradients(network, [0, 1], [1, 0], new recurrent.MSELoss());
 * const errors = recurrent.relativeErrors(ours, expected);
 * console.log(Object.values(errors).every((error) => error < 1e-5)); // true
 * ```
 */
export function autodiffGradients(
  network: RecurrentNetwork,
  sequence: MatrixLike,
  targets: MatrixLike,
  loss: TensorLoss = (outputs, wanted) => outputs.sub(wanted).square().mean<tf.Scalar>().div(2),
): Gradients {
  const toTensor = ({ values, shape }: Matrix): tf.Tensor2D => tf.tensor2d(Float32Array.from(values), shape);
  const gradients = tf.tidy(() => {
    const inputs = toTensor(Matrix.from(sequence));
    const wanted = toTensor(Matrix.from(targets));
    const lossOf = (...parameters: tf.Tensor[]): tf.Scalar => {
      const [wx, bias, wh, wo, bo] = parameters as [
        tf.Tensor2D,
        tf.Tensor2D,
        tf.Tensor2D,
        tf.Tensor2D,
        tf.Tensor2D,
      ];
      let h: tf.Tensor2D = tf.zeros([1, network.hiddenDim]);
      const states = tf.split(inputs, inputs.shape[0]).map((x) => {
        h = x.matMul<tf.Tensor2D>(wx).add<tf.Tensor2D>(h.matMul(wh)).add<tf.Tensor2D>(bias).tanh();
        return h;
      });
      return loss(tf.concat(states).matMul<tf.Tensor2D>(wo).add(bo), wanted);
    };
    const weights = network.parameters.map(({ value }) => toTensor(value));
    return tf
      .grads(lossOf)(weights)
      .map((gradient) => gradient.dataSync<"float32">());
  });
  const named = network.parameters.map(
    ({ name, value }, i) =>
      [name, new Matrix(...value.shape, Float64Array.from(gradients[i] ?? []))] as const,
  );
  return Object.fromEntries(named);
}
