import {
  type ConstantRule,
  FeatureScaler,
  type FeatureScalerOptions,
  type MissingRule,
} from "./feature-scaler.js";

/** What a StandardScaler is told when it is created. */
export interface StandardScalerOptions extends FeatureScalerOptions {}

/** What a fitted scaler is saved as. */
export interface StandardScalerState {
  readonly missing: MissingRule;
  /** Refused if missing, as in states that were saved before the option was there. */
  readonly constant?: ConstantRule;
  /** Mean of each feature, `[features]`. */
  readonly mean: readonly number[];
  /** Standard deviation of each feature, `[features]`; 1 for one that is constant. */
  readonly scale: readonly number[];
}

interface Column {
  readonly mean: number;
  readonly deviation: number;
}

/**
 * Gives every feature mean 0 and standard deviation 1, as scikit-learn's StandardScaler does: `(x − μ) / σ` with
 * `σ² = Σ (x − μ)² / n`.
 *
 * Fit it on the training rows only. Unlike scikit-learn it refuses a constant feature, which has no deviation,
 * unless `constant` is `"zero"`.
 *
 * @example
 * ```ts
 * import { StandardScaler } from "rnnlab/preprocessing";
 * const scaler = new StandardScaler().fit([1, 3, 5, 7]);
 * console.log([...scaler.transform([4])].join(" ")); // 0
 * console.log([...scaler.inverseTransform([0])].join(" ")); // 4
 * ```
 */
export class StandardScaler extends FeatureScaler<Column> {
  /**
   * @param options - what to do with NaN and constant features
   * @throws {RangeError} when `missing` or `constant` is neither word
   */
  constructor(options: StandardScalerOptions = {}) {
    super("StandardScaler", options);
  }

  /**
   * Restores a scaler from what `toJSON` gave.
   *
   * @param state - the saved state
   * @returns a fitted scaler that transforms exactly as the saved one
   * @throws {RangeError} when the state is not one that a fitted scaler has
   * @example
   * ```ts
   * import { StandardScaler } from "rnnlab/preprocessing";
   * const saved = JSON.stringify(new StandardScaler().fit([0, 4]));
   * console.log(StandardScaler.fromJSON(JSON.parse(saved)).transform([4])[0]); // 1
   * ```
   */
  static fromJSON(state: StandardScalerState): StandardScaler {
    const { mean, scale }: Partial<StandardScalerState> = state ?? {};
    const columns = Array.isArray(mean)
      ? mean.map((value: number, i) => ({ mean: value, deviation: scale?.[i] ?? Number.NaN }))
      : [];
    const whole = columns.every((column) => Number.isFinite(column.mean) && column.deviation > 0);
    if (columns.length === 0 || columns.length !== scale?.length || !whole) {
      throw new RangeError(
        `Cannot restore StandardScaler: the state must be what toJSON gave, got ${JSON.stringify(state)}`,
      );
    }
    return new StandardScaler(state).restore(columns);
  }

  /**
   * What `JSON.stringify` saves.
   *
   * @returns the state that `StandardScaler.fromJSON` takes
   * @throws {RangeError} when the scaler is not fitted
   */
  toJSON(): StandardScalerState {
    const columns = this.requireFitted("save StandardScaler");
    return {
      missing: this.missing,
      ...(this.constant === "refuse" ? {} : { constant: this.constant }),
      mean: columns.map(({ mean }) => mean),
      scale: columns.map(({ deviation }) => deviation),
    };
  }

  protected override settings(): object {
    return {};
  }

  protected override fitFeature(values: Float64Array, feature: number): Column {
    const [min, max] = this.requireRange(values, feature);
    if (min === max) return { mean: min, deviation: 1 };
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    this.requireScalable(deviation > 0 && Number.isFinite(deviation), feature, min, max);
    return { mean, deviation };
  }

  protected override scale(value: number, { mean, deviation }: Column): number {
    return (value - mean) / deviation;
  }

  protected override unscale(value: number, { mean, deviation }: Column): number {
    return value * deviation + mean;
  }
}
