import { requireInteger, requireOneOf } from "../arguments.js";
import { countFeatures, hasRows, type NumericRows, type NumericSeries, type ShapedValues } from "./arrays.js";
import type { MissingRule } from "./feature-scaler.js";

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
  /** Which feature is predicted when the data has several, or a list of those that are; 0 unless given. */
  readonly targetFeature?: number | readonly number[];
  /** `"refuse"` (the default) throws on NaN; `"keep"` leaves it in the windows, for a mask or a loss that skips it. */
  readonly missing?: MissingRule;
}

/** Windows and what each should predict. */
export interface SlidingWindows {
  /** float32 `[n, windowLength, features]` */
  readonly inputs: ShapedValues<Float32Array>;
  /** float32 `[n]`, `[n, horizon]` or `[n, windowLength, horizon]`; a list of target features is one more axis, at the end */
  readonly targets: ShapedValues<Float32Array>;
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
 * With a list of F target features the shapes end with F, and have no axis for a horizon of 1: `[n, F]`, `[n, H, F]`,
 * `[n, m, F]`, `[n, m, H, F]`.
 *
 * So n = ⌊(length − windowLength − horizon) / stride⌋ + 1.
 *
 * @param data - a series `[length]` or rows `[length, features]`, in order of time
 * @param options - window length, and horizon, stride and kind of targets where they differ from the defaults
 * @returns new arrays with their shapes; nothing to dispose of
 * @throws {RangeError} when a size is not a positive integer, the window and horizon are longer than the series, there
 * is no such target feature, none or one twice, or no such kind of targets, or a value is infinite or (unless kept) NaN
 * @throws {TypeError} when the data is no array of numbers, or of rows of numbers
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
  const { missing = "refuse" } = options;
  requireOneOf(action, "targets", targets, ["last", "sequence"]);
  requireOneOf(action, "missing", missing, ["refuse", "keep"]);
  const features = countFeatures(action, data);
  requireInteger(action, "windowLength", windowLength, 1);
  requireInteger(action, "horizon", horizon, 1);
  requireInteger(action, "stride", stride, 1);
  const predicted = typeof targetFeature === "number" ? [targetFeature] : targetFeature;
  requireFeatures(action, predicted, features);
  if (data.length < windowLength + horizon) {
    throw new RangeError(
      `Cannot ${action}: windowLength ${windowLength} and horizon ${horizon} need a series of at least ${windowLength + horizon} steps, got ${data.length}`,
    );
  }
  requireAllowed(action, data, missing);
  const count = Math.floor((data.length - windowLength - horizon) / stride) + 1;
  const valueAt = hasRows(data)
    ? (step: number, feature: number) => data[step]?.[feature] ?? Number.NaN
    : (step: number) => data[step] ?? Number.NaN;
  const sequence = targets === "sequence";
  const [firstTarget, targetSteps] = sequence ? [1, windowLength] : [windowLength, 1];
  const inputs = new Float32Array(count * windowLength * features);
  const following = new Float32Array(count * targetSteps * horizon * predicted.length);
  for (let k = 0, input = 0, target = 0; k < count; k++) {
    const start = k * stride;
    for (let step = start; step < start + windowLength; step++) {
      for (let feature = 0; feature < features; feature++) inputs[input++] = valueAt(step, feature);
    }
    for (let t = 0; t < targetSteps; t++) {
      const first = start + firstTarget + t;
      for (let h = 0; h < horizon; h++) {
        for (const feature of predicted) following[target++] = valueAt(first + h, feature);
      }
    }
  }
  const steps = sequence ? [windowLength] : [];
  const isOne = typeof targetFeature === "number";
  // With one feature a sequence's horizon stands where the model has its features, also if it is 1.
  const ahead = horizon > 1 || (sequence && isOne) ? [horizon] : [];
  return {
    inputs: { values: inputs, shape: [count, windowLength, features] },
    targets: {
      values: following,
      shape: [count, ...steps, ...ahead, ...(isOne ? [] : [predicted.length])],
    },
  };
}

function requireFeatures(action: string, predicted: readonly number[], features: number): void {
  for (const feature of predicted) requireInteger(action, "targetFeature", feature, 0);
  if (predicted.length === 0 || new Set(predicted).size < predicted.length) {
    throw new RangeError(
      `Cannot ${action}: targetFeature must name different features, got [${predicted.join(", ")}]`,
    );
  }
  const missing = predicted.find((feature) => feature >= features);
  if (missing !== undefined) {
    throw new RangeError(`Cannot ${action}: targetFeature must be below ${features}, got ${missing}`);
  }
}

function requireAllowed(action: string, data: NumericSeries | NumericRows, missing: MissingRule): void {
  data.forEach((row: number | NumericSeries, step: number) => {
    for (const value of typeof row === "number" ? [row] : row) {
      // Windows are float32: what overflows it would be infinite there.
      if (Number.isFinite(Math.fround(value)) || (missing === "keep" && Number.isNaN(value))) continue;
      throw new RangeError(
        `Cannot ${action}: values must be finite float32 numbers, got ${value} in step ${step}`,
      );
    }
  });
}
