import { Matrix, type MatrixLike } from "./matrix.js";
import { softmax } from "./softmax.js";

/** A loss with its derivative. */
export interface Loss {
  /**
   * @param outputs - `[T, outDim]`
   * @param targets - `[T, outDim]`
   * @returns the loss L
   */
  value(outputs: MatrixLike, targets: MatrixLike): number;
  /**
   * @param outputs - `[T, outDim]`
   * @param targets - `[T, outDim]`
   * @returns `∂L/∂o`, float64 `[T, outDim]`
   */
  gradient(outputs: MatrixLike, targets: MatrixLike): Matrix;
}

/**
 * Half the mean squared error, `L = ½ Σ (o − y)² / n` over all n numbers, with `∂L/∂o = (o − y) / n`.
 *
 * @example
 * ```ts
 * import { MSELoss } from "rnnlab/recurrent";
 * console.log(new MSELoss().value([1, 2], [1, 4])); // 1
 * ```
 */
export class MSELoss implements Loss {
  /**
   * @param outputs - `[T, outDim]`
   * @param targets - `[T, outDim]`
   * @returns the loss
   * @throws {RangeError} when the shapes differ
   */
  value(outputs: MatrixLike, targets: MatrixLike): number {
    const error = difference(outputs, targets);
    return error.norm() ** 2 / (2 * error.values.length);
  }

  /**
   * @param outputs - `[T, outDim]`
   * @param targets - `[T, outDim]`
   * @returns `∂L/∂o`, float64 `[T, outDim]`
   * @throws {RangeError} when the shapes differ
   */
  gradient(outputs: MatrixLike, targets: MatrixLike): Matrix {
    const error = difference(outputs, targets);
    return error.scale(1 / error.values.length);
  }
}

/**
 * The likelihood loss of a next-token model: outputs are logits, `P = softmax(o)`,
 * `L = −Σ y ln P / T`, with `∂L/∂o = (P − y) / T`. Target rows are distributions, such as one-hot rows.
 *
 * @example
 * ```ts
 * import { CrossEntropyLoss } from "rnnlab/recurrent";
 * console.log(new CrossEntropyLoss().value([[0, 0]], [[1, 0]]).toFixed(4)); // 0.6931
 * ```
 */
export class CrossEntropyLoss implements Loss {
  /**
   * @param outputs - logits `[T, classes]`
   * @param targets - probabilities `[T, classes]`
   * @returns the mean loss of a step
   * @throws {RangeError} when the shapes differ
   */
  value(outputs: MatrixLike, targets: MatrixLike): number {
    const logits = Matrix.from(outputs);
    const wanted = sameShape(logits, targets);
    let sum = 0;
    for (let t = 0; t < logits.rows; t++) {
      const { values } = logits.row(t);
      const greatest = values.reduce((a, b) => Math.max(a, b));
      const logSum = greatest + Math.log(values.reduce((total, o) => total + Math.exp(o - greatest), 0));
      // ln P = o − ln Σ eᵒ, which stays finite where P itself is rounded to 0.
      wanted.row(t).values.forEach((y, i) => {
        sum -= y * ((values[i] ?? 0) - logSum);
      });
    }
    return sum / logits.rows;
  }

  /**
   * @param outputs - logits `[T, classes]`
   * @param targets - probabilities `[T, classes]`
   * @returns `∂L/∂o`, float64 `[T, classes]`
   * @throws {RangeError} when the shapes differ
   */
  gradient(outputs: MatrixLike, targets: MatrixLike): Matrix {
    const logits = Matrix.from(outputs);
    return softmax(logits)
      .minus(sameShape(logits, targets))
      .scale(1 / logits.rows);
  }
}

function difference(outputs: MatrixLike, targets: MatrixLike): Matrix {
  const actual = Matrix.from(outputs);
  return actual.minus(sameShape(actual, targets));
}

function sameShape(outputs: Matrix, targets: MatrixLike): Matrix {
  const wanted = Matrix.from(targets);
  if (`${wanted}` === `${outputs}`) return wanted;
  throw new RangeError(`Cannot compute loss: targets must have the outputs' shape ${outputs}, got ${wanted}`);
}
