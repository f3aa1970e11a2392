import { inspect } from "node:util";
import { requireOneOf } from "../arguments.js";
import { countFeatures, hasRows, type NumericRows, type NumericSeries } from "./arrays.js";

/** What a scaler does with NaN: `"refuse"` throws, `"keep"` fits on the other values and passes NaN through. */
export type MissingRule = "refuse" | "keep";

/**
 * What a scaler does with a feature that has one value in every row: `"refuse"` throws; `"zero"` shifts it and leaves
 * its scale at 1, as scikit-learn does, so that the fitted rows become 0, or the least of the range.
 */
export type ConstantRule = "refuse" | "zero";

/** What every scaler is told when it is created. */
export interface FeatureScalerOptions {
  /** `"refuse"` (the default) throws on NaN; `"keep"` fits on the other values and passes NaN through. */
  readonly missing?: MissingRule;
  /** `"refuse"` (the default) throws on a constant feature; `"zero"` keeps it, as scikit-learn does. */
  readonly constant?: ConstantRule;
}

/** What scalers have in common: each feature is fitted, scaled and restored by itself. */
export abstract class FeatureScaler<Column> {
  readonly #name: string;
  protected readonly missing: MissingRule;
  protected readonly constant: ConstantRule;
  #columns: readonly Column[] | undefined;

  protected constructor(name: string, options: FeatureScalerOptions) {
    this.#name = name;
    this.missing = options.missing ?? "refuse";
    this.constant = options.constant ?? "refuse";
    requireOneOf(`create ${name}`, "missing", this.missing, ["refuse", "keep"]);
    requireOneOf(`create ${name}`, "constant", this.constant, ["refuse", "zero"]);
  }

  /** What a saved scaler consists of. */
  abstract toJSON(): object;
  protected abstract settings(): object;
  protected abstract fitFeature(values: Float64Array, feature: number): Column;
  protected abstract scale(value: number, column: Column): number;
  protected abstract unscale(value: number, column: Column): number;

  /**
   * Learns from data how to scale each feature.
   *
   * @param data - a series `[n]` or rows `[n, features]`
   * @returns this scaler
   * @throws {RangeError} when there is no data, a feature is constant (unless kept), a value is infinite or (unless
   * kept) NaN, or the values span more or less than a float64 can scale
   * @throws {TypeError} when the data is no array of numbers, or of rows of numbers
   */
  fit(data: NumericSeries | NumericRows): this {
    const action = `fit ${this.#name}`;
    const features = countFeatures(action, data);
    if (data.length === 0) throw new RangeError(`Cannot ${action}: there must be at least one row, got 0`);
    this.#columns = Array.from({ length: features }, (_, feature) => {
      const column = Float64Array.from<number | NumericSeries>(data, (row, i) => {
        const value = typeof row === "number" ? row : (row[feature] ?? Number.NaN);
        this.#requireAllowed(action, value, i);
        return value;
      });
      return this.fitFeature(
        column.filter((value) => !Number.isNaN(value)),
        feature,
      );
    });
    return this;
  }

  /**
   * Scales data as fitted.
   *
   * @param data - a series `[n]` or rows `[n, features]`
   * @returns a new float64 series `[n]`, or new rows `[n, features]`
   * @throws {RangeError} when the scaler is not fitted, the number of features differs, or a value is infinite or
   * (unless kept) NaN
   * @throws {TypeError} when `fit` does
   */
  transform(data: NumericSeries): Float64Array;
  transform(data: NumericRows): number[][];
  transform(data: NumericSeries | NumericRows): Float64Array | number[][] {
    return this.#map(`transform with ${this.#name}`, data, (x, column) => this.scale(x, column));
  }

  /**
   * Turns scaled values back: the inverse of `transform`.
   *
   * @param data - scaled values, a series `[n]` or rows `[n, features]`
   * @returns a new float64 series `[n]`, or new rows `[n, features]`, in the units of the fitted data
   * @throws {RangeError | TypeError} when `transform` does
   */
  inverseTransform(data: NumericSeries): Float64Array;
  inverseTransform(data: NumericRows): number[][];
  inverseTransform(data: NumericSeries | NumericRows): Float64Array | number[][] {
    return this.#map(`invert with ${this.#name}`, data, (x, column) => this.unscale(x, column));
  }

  /**
   * Fits and transforms the same data.
   *
   * @param data - a series `[n]` or rows `[n, features]`
   * @returns as `transform`
   * @throws {RangeError | TypeError} when `fit` does
   */
  fitTransform(data: NumericSeries): Float64Array;
  fitTransform(data: NumericRows): number[][];
  fitTransform(data: NumericSeries | NumericRows): Float64Array | number[][] {
    this.fit(data);
    return hasRows(data) ? this.transform(data) : this.transform(data);
  }

  /** How a notebook and `console.log` show the scaler: with what it was fitted to. */
  [inspect.custom](): string {
    const constant = this.constant === "refuse" ? {} : { constant: this.constant };
    const unfitted = { ...this.settings(), missing: this.missing, ...constant, fitted: false };
    return `${this.#name} ${inspect(this.#columns === undefined ? unfitted : this.toJSON())}`;
  }

  protected requireFitted(action: string): readonly Column[] {
    if (this.#columns === undefined) {
      throw new RangeError(`Cannot ${action}: it must be fitted first, got no data yet; call fit(data)`);
    }
    return this.#columns;
  }

  /** Takes columns that another scaler was fitted to. */
  protected restore(columns: readonly Column[]): this {
    this.#columns = columns;
    return this;
  }

  /** The least and the greatest of a feature's values, which must differ unless constant features are kept. */
  protected requireRange(values: Float64Array, feature: number): [min: number, max: number] {
    const action = `fit ${this.#name}`;
    const min = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    const max = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    if (min > max) {
      throw new RangeError(`Cannot ${action}: feature ${feature} must have a value, got only NaN`);
    }
    if (min === max && this.constant === "refuse") {
      throw new RangeError(
        `Cannot ${action}: a series must not be constant, got ${min} in every row of feature ${feature}; create it with constant: 'zero' to keep such features`,
      );
    }
    return [min, max];
  }

  protected requireScalable(scalable: boolean, feature: number, min: number, max: number): void {
    if (scalable) return;
    throw new RangeError(
      `Cannot fit ${this.#name}: values must span a width that float64 can scale, got ${min} to ${max} in feature ${feature}`,
    );
  }

  #requireAllowed(action: string, value: number, row: number): void {
    if (Number.isFinite(value) || (this.missing === "keep" && Number.isNaN(value))) return;
    throw new RangeError(`Cannot ${action}: values must be finite numbers, got ${value} in row ${row}`);
  }

  #map(
    action: string,
    data: NumericSeries | NumericRows,
    scale: (value: number, column: Column) => number,
  ): Float64Array | number[][] {
    const columns = this.requireFitted(action);
    const features = countFeatures(action, data);
    if (data.length > 0 && features !== columns.length) {
      throw new RangeError(
        `Cannot ${action}: data must have ${columns.length} features as fitted, got ${features}`,
      );
    }
    const scaleRow = (row: NumericSeries, i: number): number[] =>
      columns.map((column, feature) => {
        const value = row[feature] ?? Number.NaN;
        this.#requireAllowed(action, value, i);
        return scale(value, column);
      });
    if (hasRows(data)) return data.map(scaleRow);
    return Float64Array.from(data, (value, i) => scaleRow([value], i)[0] ?? Number.NaN);
  }
}
