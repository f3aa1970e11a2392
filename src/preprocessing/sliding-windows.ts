import {
  countFeatures,
  hasRows,
  type NumericRows,
  type NumericSeries,
  requireInteger,
  type ShapedValues,
} from "./arrays.js";

/** How a series is cut into windows. */
export interface SlidingWindowsOptions {
  /** Steps in an input window. */
  readonly windowLength: number;
  /** How many steps ahead each target reaches; 1 unless given. */
  readonly horizon?: number;
  /** Steps from the start of one window to the start of the next; 1 unless given. */
  readonly stride?: number;
  /**
   * `"last"` (the default): what follows the window. `"sequence"`: what follows every step of the window, for models
   * that return sequences.
   */
  readonly targets?: "last" | "sequence";
  /** Which feature is predicted when the data has several; 0 unless given. */
  readonly targetFeature?: number;
}

/** Windows and what each should predict. */
export interface SlidingWindows {
  /** float32 `[n, windowLength, features]` */
  readonly inputs: ShapedValues;
  /** float32 `[n]`, `[n, horizon]` or `[n, windowLength, horizon]` */
  readonly targets: ShapedValues;
}

/**
 * Cuts a series into windows and their targets, for training a network to forecast. Window k starts at step
 * `k · stride`; its inputs are the `windowLength` steps from there. With m = windowLength and x the target feature:
 *
 * | targets | horizon | shape | target k |
 * |---|---|---|---|
 * | `"last"` | 1 | `[n]` | the next value, `x[start + m]` |
 * | `"last"` | H > 1 | `[n, H]` | the next H values, `x[start + m … start + m + H − 1]` |
 * | `"sequence"` | H ≥ 1 | `[n, m, H]` | for every step t the H values after it, `x[start + t + 1 … start + t + H]` |
 *
 * So n = ⌊(length − windowLength − horizon) / stride⌋ + 1.
 *
 * @param data - a series `[length]` or rows `[length, features]`, in order of time
 * @param options - window length, and horizon, stride and kind of targets where they differ from the defaults
 * @returns new arrays with their shapes; nothing to dispose of
 * @throws RangeError if a size is not a positive integer, the window and horizon are longer than the series, or
 * there is no such target feature
 * @example
 * ```ts
 * import { slidingWindows } from "rnnlab/preprocessing";
 * const { inputs, targets } = slidingWindows([1, 2, 3, 4, 5], { windowLength: 3 });
 * console.log(inputs.shape.join("×"), [...inputs.values].join(" ")); // 2×3×1 1 2 3 2 3 4
 * console.log(targets.shape.join("×"), [...targets.values].join(" ")); // 2 4 5
 * ```
 */
export function slidingWindows(
  data: NumericSeries | NumericRows,
  options: SlidingWindowsOptions,
): SlidingWindows {
  const action = "make sliding windows";
  const { windowLength, horizon = 1, stride = 1, targets = "last", targetFeature = 0 } = options;
  requireInteger(action, "windowLength", windowLength, 1);
  requireInteger(action, "horizon", horizon, 1);
  requireInteger(action, "stride", stride, 1);
  requireInteger(action, "targetFeature", targetFeature, 0);
  if (data.length < windowLength + horizon) {
    throw new RangeError(
      `Cannot ${action}: windowLength ${windowLength} and horizon ${horizon} need a series of at least ${windowLength + horizon} steps, got ${data.length}`,
    );
  }
  const features = countFeatures(action, data);
  if (targetFeature >= features) {
    throw new RangeError(`Cannot ${action}: targetFeature must be below ${features}, got ${targetFeature}`);
  }
  const rows: NumericRows = hasRows(data) ? data : Array.from(data, (value) => [value]);
  const count = Math.floor((data.length - windowLength - horizon) / stride) + 1;
  const starts = Array.from({ length: count }, (_, k) => k * stride);
  const next = (step: number): number[] =>
    rows.slice(step + 1, step + 1 + horizon).map((row) => row[targetFeature] ?? Number.NaN);
  const last = windowLength - 1;
  return {
    inputs: {
      values: Float32Array.from(
        starts.flatMap((start) => rows.slice(start, start + windowLength).flatMap((row) => [...row])),
      ),
      shape: [count, windowLength, features],
    },
    targets:
      targets === "sequence"
        ? {
            values: Float32Array.from(
              starts.flatMap((start) =>
                rows.slice(start, start + windowLength).flatMap((_, t) => next(start + t)),
              ),
            ),
            shape: [count, windowLength, horizon],
          }
        : {
            values: Float32Array.from(starts.flatMap((start) => next(start + last))),
            shape: horizon === 1 ? [count] : [count, horizon],
          },
  };
}
