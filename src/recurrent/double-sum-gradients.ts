import { requireOneOf } from "../arguments.js";
import { collectGradients, type Gradients } from "./gradients.js";
import type { Loss } from "./loss.js";
import { Matrix, type MatrixLike } from "./matrix.js";
import type { RecurrentNetwork } from "./recurrent-network.js";

/** Which Jacobian {@link doubleSumGradients} multiplies. */
export interface DoubleSumOptions {
  /**
   * `"derived"` (the default): `diag(1 − h²) · whᵀ`, which follows from the forward pass on row vectors.
   * `"published"`: `diag(1 − h²) · wh`, as the published lecture has it; wrong, and kept to show it.
   */
  readonly jacobian?: "derived" | "published";
}

/**
 * The gradients as the theory first states them, a double sum over steps of products of Jacobians:
 *
 * `∂L/∂w = Σ_t Σ_{k ≤ t} ∂L/∂h_t · (∂h_t/∂h_{t−1} ⋯ ∂h_{k+1}/∂h_k) · ∂h_k/∂w`.
 *
 * It takes O(T² · d³), for every t and k a product of matrices; {@link RecurrentNetwork.backward} takes O(T · d²) for
 * the same result.
 *
 * @param network - the network; its own gradients are zero afterwards
 * @param sequence - inputs `[T, inputDim]`
 * @param targets - `[T, outDim]`
 * @param loss - the loss
 * @param options - the Jacobian
 * @returns one matrix for each parameter, shaped like it
 * @throws {RangeError} when the shapes do not fit, or there is no such Jacobian
 * @example
 * ```ts
 * import * as recurrent from "rnnlab/recurrent";
 * const network = new recurrent.RecurrentNetwork(1, 3, 1, { range: [-1, 1] });
 * const problem = [network, [0, 1, 0], [1, 0, 1], new recurrent.MSELoss()] as const;
 * const expected = recurrent.backpropagatedGradients(...problem);
 * const ours = recurrent.relativeErrors(recurrent.doubleSumGradients(...problem), expected);
 * const published = recurrent.doubleSumGradients(...problem, { jacobian: "published" });
 * const theirs = recurrent.relativeErrors(published, expected);
 * console.log(ours.wh! < 1e-12, theirs.wh! > 0.01); // true true
 * ```
 */
export function doubleSumGradients(
  network: RecurrentNetwork,
  sequence: MatrixLike,
  targets: MatrixLike,
  loss: Loss,
  options: DoubleSumOptions = {},
): Gradients {
  const { jacobian = "derived" } = options;
  requireOneOf("sum gradients over steps", "jacobian", jacobian, ["derived", "published"]);
  const { inputs, before, states, outputs } = network.run(sequence);
  const { input, recurrent, output, hiddenDim } = network;
  const wh = recurrent.weight.value;
  const w = jacobian === "derived" ? wh.transpose() : wh;
  const slopes = states.map((h) => 1 - h * h);
  const jacobians = Array.from({ length: states.rows }, (_, t) => diagonal(slopes.row(t)).times(w));
  return collectGradients(network, () => {
    const dh = output.backward(states, loss.gradient(outputs, targets));
    for (let t = 0; t < states.rows; t++) {
      // ∂h_t/∂h_k, which grows by one factor for each step back.
      let product = diagonal(Matrix.generate(1, hiddenDim, () => 1));
      for (let k = t; k >= 0; k--) {
        const da = dh.row(t).times(product).hadamard(slopes.row(k));
        recurrent.backward(before.row(k), da);
        input.backward(inputs.row(k), da);
        product = product.times(jacobians[k] ?? product);
      }
    }
  });
}

function diagonal(row: Matrix): Matrix {
  const matrix = new Matrix(row.columns, row.columns);
  row.values.forEach((value, i) => {
    matrix.values[i * (row.columns + 1)] = value;
  });
  return matrix;
}
