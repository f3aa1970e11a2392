import { requireInteger } from "../arguments.js";
import { type NumericSeries, requireFinite } from "../preprocessing/arrays.js";
import * as tf from "../tensorflow.js";
import { DoubleExpSmooth, type SmoothingState } from "./double-exp-smooth.js";
import { identity } from "./rnn.js";
import { type RnnTensors, runRnn } from "./tensor-rnn.js";

/** How {@link learnSmoothing} descends. */
export interface LearnSmoothingOptions {
  /** Where α begins, between 0 and 1; 0.5 unless given */
  readonly alpha?: number;
  /** Where β begins, between 0 and 1; 0.5 unless given */
  readonly beta?: number;
  /** The state before the first value; `[0, 0]` unless given */
  readonly initialState?: SmoothingState;
  /** Adam's learning rate; 0.1 unless given */
  readonly learningRate?: number;
  /** Steps of gradient descent, a positive integer; 200 unless given */
  readonly steps?: number;
}

/** What was learned. */
export interface LearnedSmoothing {
  readonly alpha: number;
  readonly beta: number;
  /** The one-step error before each step, `[steps]` */
  readonly losses: number[];
  /** α before each step, `[steps]` */
  readonly alphas: number[];
  /** β before each step, `[steps]` */
  readonly betas: number[];
}

/**
 * The mean squared one-step error of double exponential smoothing: each value but the first against the forecast made
 * one step before.
 *
 * @param series - values `[n]`, n ≥ 2
 * @param alpha - share of the new value in the level, from 0 to 1
 * @param beta - share of the new change in the trend, from 0 to 1
 * @param initialState - the state before the first value; `[0, 0]` unless given
 * @returns the error, in squared units of the values
 * @throws {RangeError} when α, β or a value is out of range, or there are fewer than two values
 * @example
 * ```ts
 * import { classicalState, smoothingError } from "rnnlab/recurrent";
 * console.log(smoothingError([1, 2, 3], 0.5, 0.5, classicalState([1, 2]))); // 0
 * ```
 */
export function smoothingError(
  series: NumericSeries,
  alpha: number,
  beta: number,
  initialState: SmoothingState = [0, 0],
): number {
  requireLong("compute smoothing error", series);
  const forecasts = new DoubleExpSmooth(alpha, beta, { initialState }).predictSeries(series.slice(0, -1));
  return forecasts.reduce((sum, y, i) => sum + (y - (series[i + 1] ?? 0)) ** 2, 0) / forecasts.length;
}

/**
 * Learns α and β of double exponential smoothing: gradient descent (Adam) on the mean squared one-step error, through
 * the very same recurrent network, {@link runRnn}, whose weights are functions of the two. They stay between 0 and 1
 * as sigmoids of what is trained.
 *
 * @param series - values `[n]`, n ≥ 2
 * @param options - where to begin, and how to descend
 * @returns α, β and the errors on the way; no tensors are left behind
 * @throws {RangeError} when an option is out of range, a value is not finite, or there are fewer than two values
 * @throws {TypeError} when the series is no array of numbers
 * @example
 * ```ts
 * import { learnSmoothing, smoothingError } from "rnnlab/recurrent";
 * const series = [1, 4, 3, 6, 6, 9, 8, 11];
 * const { alpha, beta } = learnSmoothing(series, { steps: 20 });
 * console.log(smoothingError(series, alpha, beta) < smoothingError(series, 0.5, 0.5)); // true
 * ```
 */
export function learnSmoothing(series: NumericSeries, options: LearnSmoothingOptions = {}): LearnedSmoothing {
  const action = "learn smoothing";
  const { alpha = 0.5, beta = 0.5, initialState = [0, 0], learningRate = 0.1, steps = 200 } = options;
  requireLong(action, series);
  requireFinite(action, "initialState", initialState);
  requireInteger(action, "steps", steps, 1);
  if (!(learningRate > 0)) {
    throw new RangeError(`Cannot ${action}: learningRate must be a positive number, got ${learningRate}`);
  }
  const logits = Object.entries({ alpha, beta }).map(([name, value]) => {
    if (!(value > 0 && value < 1)) {
      throw new RangeError(`Cannot ${action}: ${name} must be between 0 and 1, got ${value}`);
    }
    return Math.log(value / (1 - value));
  });
  const [a = 0, b = 0] = logits;
  const variables = tf.tidy(() => [tf.variable(tf.scalar(a)), tf.variable(tf.scalar(b))] as const);
  const optimizer = tf.train.adam(learningRate);
  const data = tf.tidy(() => {
    const values = tf.tensor2d(Float32Array.from(series), [series.length, 1]);
    const length = series.length - 1;
    return {
      inputs: values.slice(0, length),
      targets: values.slice(1, length),
      initialState: tf.tensor2d([...initialState], [2, 1]),
    };
  });
  try {
    const path: { readonly alpha: number; readonly beta: number }[] = [];
    const losses = Array.from({ length: steps }, () => {
      path.push(sharesNow(variables));
      return tf.tidy(() => {
        const error = optimizer.minimize(() => oneStepError(data, ...shares(variables)), true, [
          ...variables,
        ]);
        return error?.dataSync()[0] ?? Number.NaN;
      });
    });
    const [alphas, betas] = [path.map((step) => step.alpha), path.map((step) => step.beta)];
    return { ...sharesNow(variables), losses, alphas, betas };
  } finally {
    tf.dispose([variables, data]);
    optimizer.dispose();
  }
}

interface SmoothingData {
  readonly inputs: tf.Tensor2D;
  readonly targets: tf.Tensor2D;
  readonly initialState: tf.Tensor2D;
}

function shares([a, b]: readonly [tf.Scalar, tf.Scalar]): [alpha: tf.Scalar, beta: tf.Scalar] {
  return [a.sigmoid(), b.sigmoid()];
}

function sharesNow(variables: readonly [tf.Scalar, tf.Scalar]): { alpha: number; beta: number } {
  const [alpha = Number.NaN, beta = Number.NaN] = tf.tidy(() =>
    shares(variables).map((share) => share.dataSync()[0]),
  );
  return { alpha, beta };
}

function oneStepError(
  { inputs, targets, initialState }: SmoothingData,
  alpha: tf.Scalar,
  beta: tf.Scalar,
): tf.Scalar {
  const outputs = runRnn(smoothingTensors(alpha, beta), inputs, { sigma1: identity, initialState });
  return outputs.sub(targets).square().mean();
}

/**
 * The weights of {@link DoubleExpSmooth} as differentiable functions of α and β.
 *
 * @param alpha - scalar
 * @param beta - scalar
 * @returns tensors for {@link runRnn}, which the caller disposes of
 */
export function smoothingTensors(alpha: tf.Scalar, beta: tf.Scalar): RnnTensors {
  return tf.tidy(() => {
    const one = tf.scalar(1);
    const ab = alpha.mul<tf.Scalar>(beta);
    const forget = one.sub<tf.Scalar>(alpha);
    return {
      Whx: tf.stack([alpha, ab]).reshape<tf.Tensor2D>([2, 1]),
      Whh: tf
        .stack([forget, forget, ab.neg<tf.Scalar>(), one.sub<tf.Scalar>(ab)])
        .reshape<tf.Tensor2D>([2, 2]),
      bh: tf.zeros<tf.Rank.R2>([2, 1]),
      Wyh: tf.ones<tf.Rank.R2>([1, 2]),
      by: tf.zeros<tf.Rank.R2>([1, 1]),
    };
  });
}

function requireLong(action: string, series: NumericSeries): void {
  requireFinite(action, "series", series);
  if (series.length < 2) {
    throw new RangeError(`Cannot ${action}: series must have at least 2 values, got ${series.length}`);
  }
}
