import { Matrix, type MatrixLike } from "./matrix.js";

/**
 * Turns rows of logits into probabilities, `Pᵢ = exp(oᵢ) / Σⱼ exp(oⱼ)`.
 *
 * @param logits - `[rows, classes]`
 * @returns float64 `[rows, classes]`; each row sums to 1
 * @throws {RangeError | TypeError} when the logits are no matrix
 * @example
 * ```ts
 * import { softmax } from "rnnlab/recurrent";
 * console.log([...softmax([[0, Math.log(3)]]).values].map((p) => p.toFixed(2)).join(" ")); // 0.25 0.75
 * ```
 */
export function softmax(logits: MatrixLike): Matrix {
  const input = Matrix.from(logits);
  const probabilities = new Matrix(...input.shape);
  for (let i = 0; i < input.rows; i++) {
    const { values } = input.row(i);
    // Shifted by the greatest, exp cannot overflow.
    const greatest = values.reduce((a, b) => Math.max(a, b));
    const powers = values.map((value) => Math.exp(value - greatest));
    const sum = powers.reduce((a, b) => a + b);
    probabilities.row(i).values.set(powers.map((power) => power / sum));
  }
  return probabilities;
}
