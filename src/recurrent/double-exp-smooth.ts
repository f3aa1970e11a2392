import { requireInteger } from "../arguments.js";
import { type NumericSeries, requireFinite } from "../preprocessing/arrays.js";
import { Matrix } from "./matrix.js";
import { identity, Rnn } from "./rnn.js";

/** The state of double exponential smoothing: level s and trend b. */
export type SmoothingState = readonly [level: number, trend: number];

/** How {@link DoubleExpSmooth} begins. */
export interface DoubleExpSmoothOptions {
  /** The state before the first value; `[0, 0]` unless given. See {@link classicalState} */
  readonly initialState?: SmoothingState;
  /** Whether `predict` prints the old and the new state; false unless given */
  readonly printH?: boolean;
}

/**
 * The state before the first value that makes smoothing start as textbooks do, with `s₁ = y₁` and `b₁ = y₂ − y₁`:
 * level `2y₁ − y₂` and trend `y₂ − y₁`, a line through the first two values, one step back.
 *
 * @param series - values `[n]`, n ≥ 2; only the first two count
 * @returns level and trend
 * @throws {RangeError} when there are fewer than two values, or one of the two is not finite
 * @throws {TypeError} when the series is no array of numbers
 * @example
 * ```ts
 * import { classicalState } from "rnnlab/recurrent";
 * console.log(classicalState([3, 5, 4]).join(" ")); // 1 2
 * ```
 */
export function classicalState(series: NumericSeries): SmoothingState {
  const action = "start smoothing";
  const first = series.slice(0, 2);
  requireFinite(action, "series", first);
  const [y1, y2] = first;
  if (y1 === undefined || y2 === undefined) {
    throw new RangeError(`Cannot ${action}: series must have at least 2 values, got ${series.length}`);
  }
  return [2 * y1 - y2, y2 - y1];
}

/**
 * The weights that make a recurrent network smooth: with h = [s, b]ᵀ,
 * `W_hx = [[α], [αβ]]`, `W_hh = [[1−α, 1−α], [−αβ, 1−αβ]]`.
 *
 * @param alpha - share of the new value in the level
 * @param beta - share of the new change in the trend
 * @returns rows of W_hx `[2][1]` and W_hh `[2][2]`
 */
export function smoothingWeights(alpha: number, beta: number): { Whx: number[][]; Whh: number[][] } {
  const ab = alpha * beta;
  return {
    Whx: [[alpha], [ab]],
    Whh: [
      [1 - alpha, 1 - alpha],
      [-ab, 1 - ab],
    ],
  };
}

/**
 * Double exponential smoothing (Holt, 1957) as a recurrent network without activation, p = 1, d = 2, m = 1:
 *
 * `s_t = α y_t + (1 − α)(s_{t−1} + b_{t−1})`, `b_t = β(s_t − s_{t−1}) + (1 − β) b_{t−1}`,
 *
 * with the state h = [s, b]ᵀ and the forecast `s_t + k b_t` for k steps ahead, so W_yh = [1, 1] for one step.
 *
 * @example
 * ```ts
 * import { classicalState, DoubleExpSmooth } from "rnnlab/recurrent";
 * const line = [1, 3, 5, 7];
 * const smooth = new DoubleExpSmooth(0.7, 0.8, { initialState: classicalState(line) });
 * console.log([...smooth.predictSeries(line)].map((y) => y.toFixed(1)).join(" ")); // 3.0 5.0 7.0 9.0
 * console.log(smooth.forecast(3).toFixed(1)); // 13.0
 * ```
 */
export class DoubleExpSmooth extends Rnn {
  /**
   * @param alpha - share of the new value in the level, from 0 to 1
   * @param beta - share of the new change in the trend, from 0 to 1
   * @param options - the initial state, printing
   * @throws {RangeError} when α or β is not from 0 to 1, or the initial state is not two finite numbers
   */
  constructor(
    readonly alpha: number,
    readonly beta: number,
    options: DoubleExpSmoothOptions = {},
  ) {
    for (const [name, value] of Object.entries({ alpha, beta })) {
      if (!(value >= 0 && value <= 1)) {
        throw new RangeError(`Cannot create DoubleExpSmooth: ${name} must be from 0 to 1, got ${value}`);
      }
    }
    super(1, 2, 1, { sigma1: identity, printH: options.printH ?? false });
    const { Whx, Whh } = smoothingWeights(alpha, beta);
    this.Whx = Matrix.from(Whx);
    this.Whh = Matrix.from(Whh);
    this.bh = new Matrix(2, 1);
    this.Wyh = Matrix.from([[1, 1]]);
    this.by = new Matrix(1, 1);
    const state = options.initialState ?? [0, 0];
    requireFinite("create DoubleExpSmooth", "initialState", state);
    this.h = Matrix.from(state);
    if (this.h.rows !== 2) {
      throw new RangeError(
        `Cannot create DoubleExpSmooth: initialState must be [level, trend], got ${state.length} numbers`,
      );
    }
  }

  /**
   * Takes one step for each value.
   *
   * @param series - values `[n]` in order of time
   * @returns the forecast that each value leads to, for the step after it, float64 `[n]`
   * @throws {RangeError} when a value is not finite
   * @throws {TypeError} when the series is no array of numbers
   */
  predictSeries(series: NumericSeries): Float64Array {
    requireFinite("predict with DoubleExpSmooth", "series", series);
    return Float64Array.from(series, (value) => this.predict([value]).at(0, 0));
  }

  /**
   * Forecasts from the present state, `s + k b`, which it does not change.
   *
   * @param steps - how many steps k ahead, a positive integer; 1 unless given
   * @returns the forecast
   * @throws {RangeError} when `steps` is not a positive integer
   */
  forecast(steps = 1): number {
    requireInteger("forecast with DoubleExpSmooth", "steps", steps, 1);
    return this.h.at(0, 0) + steps * this.h.at(1, 0);
  }
}
