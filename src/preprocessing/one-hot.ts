import { requireInteger } from "../arguments.js";
import { type NumericSeries, requireNumbers, type ShapedValues } from "./arrays.js";

/** How many classes there are. */
export interface OneHotOptions {
  /** Number of classes; the greatest label plus 1 unless given, which must then be at least 2. */
  readonly classes?: number;
}

/**
 * One row for each label, 1 in the column of its class and 0 elsewhere, as Keras's `to_categorical`.
 *
 * @param labels - class numbers from 0, `[n]`
 * @param options - the number of classes
 * @returns float32 `[n, classes]`; nothing to dispose of
 * @throws {RangeError} when there are no labels, one is no class number, or all are 0 and the number of classes is not
 * given
 * @throws {TypeError} when the labels are no array of numbers
 * @example
 * ```ts
 * import { oneHot } from "rnnlab/preprocessing";
 * console.log([...oneHot([2, 0]).values].join(" ")); // 0 0 1 1 0 0
 * ```
 */
export function oneHot(labels: NumericSeries, options: OneHotOptions = {}): ShapedValues<Float32Array> {
  const action = "encode one-hot";
  requireNumbers(action, "labels", labels);
  if (labels.length === 0) throw new RangeError(`Cannot ${action}: there must be at least one label, got 0`);
  let greatest = 0;
  for (const label of labels) {
    requireInteger(action, "every label", label, 0);
    greatest = Math.max(greatest, label);
  }
  const classes = options.classes ?? greatest + 1;
  requireInteger(action, "classes", classes, 1);
  if (greatest >= classes) {
    throw new RangeError(`Cannot ${action}: labels must be below ${classes} classes, got ${greatest}`);
  }
  if (options.classes === undefined && classes === 1) {
    throw new RangeError(
      `Cannot ${action}: labels must be of at least 2 classes, got only 0; give the number of classes`,
    );
  }
  const values = new Float32Array(labels.length * classes);
  labels.forEach((label, row) => {
    values[row * classes + label] = 1;
  });
  return { values, shape: [labels.length, classes] };
}
