import { briefly } from "../arguments.js";
/** A series of numbers, `[n]`: a plain array or a typed array, such as a tensor's `dataSync()`. */
export type NumericSeries = readonly number[] | Float32Array | Float64Array | Int32Array | Uint8Array;

/** Rows of numbers, `[n, features]`: every row has the same length. */
export type NumericRows = readonly NumericSeries[];

/** Numbers in row-major order with their shape: what `tf.tensor(values, shape)` takes. */
export interface ShapedValues<Values extends Float32Array | Int32Array = Float32Array | Int32Array> {
  readonly values: Values;
  readonly shape: number[];
}

/** Says whether the data has rows of features, `[n, features]`, rather than one number a step, `[n]`. */
export function hasRows(data: NumericSeries | NumericRows): data is NumericRows {
  return isArray(data) && isArray(data[0]);
}

/**
 * The number of features in a step: 1 for a series.
 *
 * @throws {TypeError} unless the data is an array of numbers, or of rows of numbers
 * @throws {RangeError} when the rows differ in length, or are empty
 */
export function countFeatures(action: string, data: NumericSeries | NumericRows): number {
  if (!hasRows(data)) {
    requireNumbers(action, "data", data);
    return 1;
  }
  data.forEach((row, i) => {
    requireNumbers(action, `row ${i}`, row);
  });
  const features = data[0]?.length ?? 0;
  if (features === 0) throw new RangeError(`Cannot ${action}: rows must have at least one feature, got 0`);
  const odd = data.findIndex((row) => row.length !== features);
  if (odd !== -1) {
    throw new RangeError(
      `Cannot ${action}: every row must have ${features} features, got ${data[odd]?.length} in row ${odd}`,
    );
  }
  return features;
}

/** @throws {TypeError} unless the values are an array or typed array of numbers, which may be NaN */
export function requireNumbers(action: string, name: string, values: NumericSeries): void {
  if (!isArray(values)) {
    throw new TypeError(`Cannot ${action}: ${name} must be an array of numbers, got ${briefly(values)}`);
  }
  for (let i = 0; i < values.length; i++) {
    if (typeof values[i] !== "number") {
      throw new TypeError(
        `Cannot ${action}: ${name} must be an array of numbers, got ${briefly(values[i])} at index ${i}`,
      );
    }
  }
}

function isArray(value: unknown): boolean {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/**
 * @throws {TypeError} when `requireNumbers` does
 * @throws {RangeError} when a value is NaN or infinite: it names the first such place
 */
export function requireFinite(action: string, name: string, values: NumericSeries): void {
  requireNumbers(action, name, values);
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new RangeError(
        `Cannot ${action}: ${name} must be finite numbers, got ${values[i]} at index ${i}`,
      );
    }
  }
}
