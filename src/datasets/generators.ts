import { requireInteger } from "../arguments.js";
import { RandomGenerator } from "../random/index.js";

/** A line with noise. */
export interface NoisyLineOptions {
  /** How many points; 10 unless given. */
  readonly length?: number;
  /** 2 unless given. */
  readonly slope?: number;
  /** 1 unless given. */
  readonly intercept?: number;
  /** Standard deviation of the normal noise; 0.8 unless given. */
  readonly noise?: number;
  /** Seed of the noise, from 0 to 2³² − 1; 0 unless given. */
  readonly seed?: number;
}

/**
 * Draws points on a line with noise, `yᵢ = slope · i + intercept + noise · normal`, as in lecture 001. The noise is that
 * of NumPy's `RandomState(seed)`.
 *
 * @param options - the line and its noise; the lecture's unless given
 * @returns float64 values at i = 0, 1, …, `[length]`
 * @throws {RangeError} when the length is not a positive integer, or a number is not finite or the noise negative
 * @example
 * ```ts
 * import { noisyLine } from "rnnlab/datasets";
 * console.log(noisyLine({ length: 3, noise: 0 }).join(" ")); // 1 3 5
 * ```
 */
export function noisyLine(options: NoisyLineOptions = {}): Float64Array {
  const { length = 10, slope = 2, intercept = 1, noise = 0.8, seed = 0 } = options;
  requireInteger("make noisy line", "length", length, 1);
  requireFinite("noisy line", { slope, intercept });
  const random = new RandomGenerator(seed);
  return Float64Array.from({ length }, (_, i) => slope * i + intercept + random.normal(0, noise));
}

/** Half waves of the sine with noise. */
export interface SineSegmentsOptions {
  /** How many half waves; 100 unless given. */
  readonly count?: number;
  /** Points on each, both ends included; 11 unless given. */
  readonly points?: number;
  /** Standard deviation of the normal noise; 0.008 unless given. */
  readonly noise?: number;
  /** Seed of the noise, from 0 to 2³² − 1; 0 unless given. */
  readonly seed?: number;
}

/** Sequences, and the same shifted by one step. */
export interface SineSegments {
  /** All points but the last, `[count][points − 1]`. */
  readonly inputs: Float64Array[];
  /** All points but the first, `[count][points − 1]`. */
  readonly targets: Float64Array[];
}

/**
 * Draws noisy points of the sine on [nπ, (n + 1)π] for n = 0, 1, …, evenly spaced, as in lecture 003: at each step of a
 * segment the next point is to be predicted. The noise is that of NumPy's `RandomState(seed)`.
 *
 * @param options - how many; the lecture's unless given
 * @returns float64 inputs and targets
 * @throws {RangeError} when count is not a positive integer, points not an integer from 2, or the noise negative or not
 * finite
 * @example
 * ```ts
 * import { noisySineSegments } from "rnnlab/datasets";
 * const { inputs, targets } = noisySineSegments();
 * console.log(inputs.length, inputs[0]?.length, inputs[0]?.[1] === targets[0]?.[0]); // 100 10 true
 * ```
 */
export function noisySineSegments(options: SineSegmentsOptions = {}): SineSegments {
  const { count = 100, points = 11, noise = 0.008, seed = 0 } = options;
  requireInteger("make sine segments", "count", count, 1);
  requireInteger("make sine segments", "points", points, 2);
  const random = new RandomGenerator(seed);
  const segments = Array.from({ length: count }, (_, n) =>
    Float64Array.from({ length: points }, (_, i) => {
      return Math.sin((n + i / (points - 1)) * Math.PI) + random.normal(0, noise);
    }),
  );
  return {
    inputs: segments.map((segment) => segment.slice(0, -1)),
    targets: segments.map((segment) => segment.slice(1)),
  };
}

/** Two sines on an interval. */
export interface TwoSineSeriesOptions {
  /** How many points; 800 unless given. */
  readonly length?: number;
  /** Where the interval ends that begins at 0; 30 unless given. */
  readonly end?: number;
}

/** A function at evenly spaced points. */
export interface TwoSineSeries {
  /** Points from 0 to the end, both included, `[length]`. */
  readonly times: Float64Array;
  /** Values there, `[length]`. */
  readonly values: Float64Array;
}

/**
 * The time series of lecture 002, `f(t) = sin(t)/3 + 2 sin(5t)`.
 *
 * @param options - length and interval; the lecture's unless given
 * @returns float64 points and values
 * @throws {RangeError} when the length is not an integer from 2, or the end not finite
 * @example
 * ```ts
 * import { twoSineSeries } from "rnnlab/datasets";
 * const { values } = twoSineSeries();
 * console.log(values.length, values[1]?.toFixed(5)); // 800 0.38578
 * ```
 */
export function twoSineSeries(options: TwoSineSeriesOptions = {}): TwoSineSeries {
  const { length = 800, end = 30 } = options;
  requireInteger("make two-sine series", "length", length, 2);
  requireFinite("two-sine series", { end });
  const times = Float64Array.from({ length }, (_, i) => (i * end) / (length - 1));
  return { times, values: times.map((t) => Math.sin(t) / 3 + 2 * Math.sin(5 * t)) };
}

function requireFinite(what: string, options: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (Number.isFinite(value)) continue;
    throw new RangeError(`Cannot make ${what}: ${name} must be a finite number, got ${value}`);
  }
}
