import { requireInteger } from "../arguments.js";
import { requireFinite } from "../preprocessing/arrays.js";
import { RandomGenerator } from "../random/index.js";
import { Matrix, type MatrixLike } from "./matrix.js";

/** Activations, output and weights of an {@link Rnn}. */
export interface RnnOptions {
  /** Activation σ₁ of the state; `Math.tanh` unless given */
  readonly sigma1?: (value: number) => number;
  /** Activation σ₂ of the output; the identity unless given */
  readonly sigma2?: (value: number) => number;
  /** Whether `predict` prints the old and the new state; false unless given */
  readonly printH?: boolean;
  /** Seed of the weights, an integer from 0 to 2³² − 1; 0 unless given */
  readonly seed?: number;
}

/**
 * The identity, `σ(x) = x`, for a network without activation.
 *
 * @param value - a number or a tensor
 * @returns the same
 */
export function identity<Value>(value: Value): Value {
  return value;
}

/**
 * A recurrent network by its definition, with column vectors x ∈ ℝᵖ, h ∈ ℝᵈ, y ∈ ℝᵐ:
 *
 * `h_t = σ₁(W_hx x_t + W_hh h_{t−1} + b_h)`, `y_t = σ₂(W_yh h_t + b_y)`.
 *
 * The weights are drawn from the standard normal distribution; the state begins with zeros. (Erdős Institute, Data
 * Science Boot Camp: Introduction to Recurrent Neural Networks.)
 *
 * @example
 * ```ts
 * import { Rnn } from "rnnlab/recurrent";
 * const rnn = new Rnn(2, 3, 1, { seed: 7 });
 * rnn.predict([0.3, 0.1]);
 * console.log(rnn.Whh.shape, rnn.h.shape); // [ 3, 3 ] [ 3, 1 ]
 * ```
 */
export class Rnn {
  readonly sigma1: (value: number) => number;
  readonly sigma2: (value: number) => number;
  readonly printH: boolean;
  /** Weights of the input, `[d, p]` */
  Whx: Matrix;
  /** Weights of the state before, `[d, d]` */
  Whh: Matrix;
  /** Bias of the state, `[d, 1]` */
  bh: Matrix;
  /** Weights of the output, `[m, d]` */
  Wyh: Matrix;
  /** Bias of the output, `[m, 1]` */
  by: Matrix;
  /** The state, `[d, 1]`; all else stays as it is when the network predicts */
  h: Matrix;

  /**
   * @param p - size of the input, a positive integer
   * @param d - size of the state, a positive integer
   * @param m - size of the output, a positive integer
   * @param options - activations, printing, seed
   * @throws {RangeError} when a size is not a positive integer, or the seed is out of range
   */
  constructor(
    readonly p: number,
    readonly d: number,
    readonly m: number,
    options: RnnOptions = {},
  ) {
    for (const [name, value] of Object.entries({ p, d, m })) requireInteger("create Rnn", name, value, 1);
    this.sigma1 = options.sigma1 ?? Math.tanh;
    this.sigma2 = options.sigma2 ?? identity;
    this.printH = options.printH ?? false;
    const random = new RandomGenerator(options.seed ?? 0);
    const normal = () => random.normal();
    this.Whx = Matrix.generate(d, p, normal);
    this.Whh = Matrix.generate(d, d, normal);
    this.bh = Matrix.generate(d, 1, normal);
    this.Wyh = Matrix.generate(m, d, normal);
    this.by = Matrix.generate(m, 1, normal);
    this.h = new Matrix(d, 1);
  }

  /**
   * Takes one step: updates the state and computes the output.
   *
   * @param x - the input `[p]` or `[p, 1]`
   * @returns the output, float64 `[m, 1]`
   * @throws {RangeError} when the input has another shape or is not finite; the state is then as before
   * @throws {TypeError} when the input is no array of numbers
   */
  predict(x: MatrixLike): Matrix {
    const input = Matrix.from(x);
    if (input.rows !== this.p || input.columns !== 1) {
      throw new RangeError(`Cannot predict with Rnn: x must have shape [${this.p}, 1], got ${input}`);
    }
    // A NaN would stay in the state for good.
    requireFinite("predict with Rnn", "x", input.values);
    const { Whx, Whh, bh, Wyh, by, sigma1, sigma2 } = this;
    const h = Whx.times(input)
      .plus(Whh.times(this.h))
      .plus(bh)
      .map((value) => sigma1(value));
    if (this.printH) console.log(`h: ${this.h.values.join(", ")} → ${h.values.join(", ")}`);
    this.h = h;
    return Wyh.times(h)
      .plus(by)
      .map((value) => sigma2(value));
  }
}
