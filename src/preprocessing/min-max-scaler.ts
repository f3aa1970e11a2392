import { inspect } from "node:util";
import { countFeatures, hasRows, type NumericRows, type NumericSeries, requireOneOf } from "./arrays.js";

/** What a MinMaxScaler is told when it is created. */
export interface MinMaxScalerOptions {
  /** Range that the fitted data is mapped to, `[least, greatest]`; `[0, 1]` unless given. */
  readonly featureRange?: readonly [number, number];
  /** `"refuse"` (the default) throws on NaN; `"keep"` fits on the other values and passes NaN through. */
  readonly missing?: "refuse" | "keep";
}

/** What a fitted scaler is saved as. */
export interface MinMaxScalerState {
  readonly featureRange: readonly [number, number];
  readonly missing: "refuse" | "keep";
  /** Least fitted value of each feature, `[features]`. */
  readonly dataMin: readonly number[];
  /** Greatest fitted value of each feature, `[features]`. */
  readonly dataMax: readonly number[];
}

interface Column {
  readonly min: number;
  readonly max: number;
  readonly scale: number;
  readonly offset: number;
}

/**
 * Maps every feature linearly to a range, as scikit-learn's MinMaxScaler does:
 * `x · s + (least − min · s)` with `s = (greatest − least) / (max − min)`.
 *
 * Fit it on the training rows only; later rows may then lie outside the range. Unlike scikit-learn it refuses a
 * constant feature, which has no range to map.
 *
 * @example
 * ```ts
 * import { MinMaxScaler } from "rnnlab/preprocessing";
 * const scaler = new MinMaxScaler().fit([10, 20, 30]);
 * console.log([...scaler.transform([10, 25, 40])].join(" ")); // 0 0.75 1.5
 * console.log([...scaler.inverseTransform([0.5])].join(" ")); // 20
 * ```
 */
export class MinMaxScaler {
  readonly #featureRange: readonly [number, number];
  readonly #missing: "refuse" | "keep";
  #columns: readonly Column[] | undefined;

  /**
   * @param options - the range and what to do with NaN
   * @throws RangeError if the range is not two finite increasing numbers, or `missing` is neither word
   */
  constructor(options: MinMaxScalerOptions = {}) {
    const [least, greatest] = options.featureRange ?? [0, 1];
    if (!(Number.isFinite(least) && Number.isFinite(greatest) && least < greatest)) {
      throw new RangeError(
        `Cannot create MinMaxScaler: featureRange must be two finite increasing numbers, got [${least}, ${greatest}]`,
      );
    }
    this.#featureRange = [least, greatest];
    this.#missing = options.missing ?? "refuse";
    requireOneOf("create MinMaxScaler", "missing", this.#missing, ["refuse", "keep"]);
  }

  /**
   * Restores a scaler from what `toJSON` gave.
   *
   * @param state - the saved state
   * @returns a fitted scaler that transforms exactly as the saved one
   * @throws RangeError if the state is not one that a fitted scaler has
   * @example
   * ```ts
   * import { MinMaxScaler } from "rnnlab/preprocessing";
   * const saved = JSON.stringify(new MinMaxScaler().fit([0, 4]));
   * console.log(MinMaxScaler.fromJSON(JSON.parse(saved)).transform([1])[0]); // 0.25
   * ```
   */
  static fromJSON(state: MinMaxScalerState): MinMaxScaler {
    const { featureRange, dataMin, dataMax }: Partial<MinMaxScalerState> = state ?? {};
    const increase = dataMin?.every?.((min, i) => min < (dataMax?.[i] ?? Number.NaN));
    if (!Array.isArray(featureRange) || !increase || dataMin?.length !== dataMax?.length) {
      throw new RangeError(
        `Cannot restore MinMaxScaler: the state must be what toJSON gave, got ${JSON.stringify(state)}`,
      );
    }
    return new MinMaxScaler(state).fit([dataMin, dataMax]);
  }

  /**
   * Finds each feature's least and greatest value.
   *
   * @param data - a series `[n]` or rows `[n, features]`
   * @returns this scaler
   * @throws RangeError if there is no data, a feature is constant, a value is infinite or (unless kept) NaN, or the
   * values span more or less than a float64 can scale
   * @throws TypeError if the data is no array of numbers, or of rows of numbers
   */
  fit(data: NumericSeries | NumericRows): this {
    const action = "fit MinMaxScaler";
    const features = countFeatures(action, data);
    if (data.length === 0) throw new RangeError(`Cannot ${action}: there must be at least one row, got 0`);
    this.#columns = Array.from({ length: features }, (_, feature) => this.#fitColumn(action, data, feature));
    return this;
  }

  /**
   * Scales data with the fitted minimum and maximum.
   *
   * @param data - a series `[n]` or rows `[n, features]`
   * @returns a new float64 series `[n]`, or new rows `[n, features]`
   * @throws RangeError if the scaler is not fitted, the number of features differs, or a value is infinite or
   * (unless kept) NaN
   * @throws TypeError as `fit`
   */
  transform(data: NumericSeries): Float64Array;
  transform(data: NumericRows): number[][];
  transform(data: NumericSeries | NumericRows): Float64Array | number[][] {
    return this.#map("transform with MinMaxScaler", data, (x, { scale, offset }) => x * scale + offset);
  }

  /**
   * Turns scaled values back: the inverse of `transform`.
   *
   * @param data - scaled values, a series `[n]` or rows `[n, features]`
   * @returns a new float64 series `[n]`, or new rows `[n, features]`, in the units of the fitted data
   * @throws RangeError and TypeError as `transform`
   */
  inverseTransform(data: NumericSeries): Float64Array;
  inverseTransform(data: NumericRows): number[][];
  inverseTransform(data: NumericSeries | NumericRows): Float64Array | number[][] {
    return this.#map("invert with MinMaxScaler", data, (x, { scale, offset }) => (x - offset) / scale);
  }

  /**
   * Fits and transforms the same data.
   *
   * @param data - a series `[n]` or rows `[n, features]`
   * @returns as `transform`
   * @throws RangeError and TypeError as `fit`
   */
  fitTransform(data: NumericSeries): Float64Array;
  fitTransform(data: NumericRows): number[][];
  fitTransform(data: NumericSeries | NumericRows): Float64Array | number[][] {
    this.fit(data);
    return hasRows(data) ? this.transform(data) : this.transform(data);
  }

  /**
   * What `JSON.stringify` saves.
   *
   * @returns the state that `MinMaxScaler.fromJSON` takes
   * @throws RangeError if the scaler is not fitted
   */
  toJSON(): MinMaxScalerState {
    const columns = this.#requireFitted("save MinMaxScaler");
    return {
      featureRange: this.#featureRange,
      missing: this.#missing,
      dataMin: columns.map(({ min }) => min),
      dataMax: columns.map(({ max }) => max),
    };
  }

  /** How a notebook and `console.log` show the scaler: with the ranges that it was fitted on. */
  [inspect.custom](): string {
    const settings = { featureRange: this.#featureRange, missing: this.#missing };
    return `MinMaxScaler ${inspect(this.#columns === undefined ? { ...settings, fitted: false } : this.toJSON())}`;
  }

  #requireFitted(action: string): readonly Column[] {
    if (this.#columns === undefined) {
      throw new RangeError(`Cannot ${action}: it must be fitted first, got no data yet; call fit(data)`);
    }
    return this.#columns;
  }

  #fitColumn(action: string, data: NumericSeries | NumericRows, feature: number): Column {
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    data.forEach((row, i) => {
      const value = typeof row === "number" ? row : (row[feature] ?? Number.NaN);
      this.#requireAllowed(action, value, i);
      if (value < min) min = value;
      if (value > max) max = value;
    });
    if (min > max)
      throw new RangeError(`Cannot ${action}: feature ${feature} must have a value, got only NaN`);
    if (min === max) {
      throw new RangeError(
        `Cannot ${action}: a series must not be constant, got ${min} in every row of feature ${feature}`,
      );
    }
    const [least, greatest] = this.#featureRange;
    const scale = (greatest - least) / (max - min);
    const offset = least - min * scale;
    if (!(scale > 0 && Number.isFinite(scale) && Number.isFinite(offset))) {
      throw new RangeError(
        `Cannot ${action}: values must span a width that float64 can scale, got ${min} to ${max} in feature ${feature}`,
      );
    }
    return { min, max, scale, offset };
  }

  #requireAllowed(action: string, value: number, row: number): void {
    if (Number.isFinite(value) || (this.#missing === "keep" && Number.isNaN(value))) return;
    throw new RangeError(`Cannot ${action}: values must be finite numbers, got ${value} in row ${row}`);
  }

  #map(
    action: string,
    data: NumericSeries | NumericRows,
    scale: (value: number, column: Column) => number,
  ): Float64Array | number[][] {
    const columns = this.#requireFitted(action);
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
