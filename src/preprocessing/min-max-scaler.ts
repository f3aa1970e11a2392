import {
  type ConstantRule,
  FeatureScaler,
  type FeatureScalerOptions,
  type MissingRule,
} from "./feature-scaler.js";

/** What a MinMaxScaler is told when it is created. */
export interface MinMaxScalerOptions extends FeatureScalerOptions {
  /** Range that the fitted data is mapped to, `[least, greatest]`; `[0, 1]` unless given. */
  readonly featureRange?: readonly [number, number];
}

/** What a fitted scaler is saved as. */
export interface MinMaxScalerState {
  readonly featureRange: readonly [number, number];
  readonly missing: MissingRule;
  /** Refused if missing, as in states that were saved before the option was there. */
  readonly constant?: ConstantRule;
  /** Least fitted value of each feature, `[features]`. */
  readonly dataMin: readonly number[];
  /** Greatest fitted value of each feature, `[features]`. */
  readonly dataMax: readonly number[];
}

interface Column {
  readonly min: number;
  readonly max: number;
  readonly factor: number;
  readonly offset: number;
}

/**
 * Maps every feature linearly to a range, as scikit-learn's MinMaxScaler does:
 * `x · s + (least − min · s)` with `s = (greatest − least) / (max − min)`.
 *
 * Fit it on the training rows only; later rows may then lie outside the range. Unlike scikit-learn it refuses a
 * constant feature, which has no range to map, unless `constant` is `"zero"`.
 *
 * @example
 * ```ts
 * import { MinMaxScaler } from "rnnlab/preprocessing";
 * const scaler = new MinMaxScaler().fit([10, 20, 30]);
 * console.log([...scaler.transform([10, 25, 40])].join(" ")); // 0 0.75 1.5
 * console.log([...scaler.inverseTransform([0.5])].join(" ")); // 20
 * ```
 */
export class MinMaxScaler extends FeatureScaler<Column> {
  readonly #featureRange: readonly [number, number];

  /**
   * @param options - the range and what to do with NaN and constant features
   * @throws {RangeError} when the range is not two finite increasing numbers, or `missing` or `constant` is neither
   * word
   */
  constructor(options: MinMaxScalerOptions = {}) {
    super("MinMaxScaler", options);
    const [least, greatest] = options.featureRange ?? [0, 1];
    if (!(Number.isFinite(least) && Number.isFinite(greatest) && least < greatest)) {
      throw new RangeError(
        `Cannot create MinMaxScaler: featureRange must be two finite increasing numbers, got [${least}, ${greatest}]`,
      );
    }
    this.#featureRange = [least, greatest];
  }

  /**
   * Restores a scaler from what `toJSON` gave.
   *
   * @param state - the saved state
   * @returns a fitted scaler that transforms exactly as the saved one
   * @throws {RangeError} when the state is not one that a fitted scaler has
   * @example
   * ```ts
   * import { MinMaxScaler } from "rnnlab/preprocessing";
   * const saved = JSON.stringify(new MinMaxScaler().fit([0, 4]));
   * console.log(MinMaxScaler.fromJSON(JSON.parse(saved)).transform([1])[0]); // 0.25
   * ```
   */
  static fromJSON(state: MinMaxScalerState): MinMaxScaler {
    const { featureRange, dataMin, dataMax }: Partial<MinMaxScalerState> = state ?? {};
    const increase = dataMin?.every?.((min, i) => {
      const max = dataMax?.[i] ?? Number.NaN;
      return state.constant === "zero" ? min <= max : min < max;
    });
    if (!Array.isArray(featureRange) || !increase || dataMin?.length !== dataMax?.length) {
      throw new RangeError(
        `Cannot restore MinMaxScaler: the state must be what toJSON gave, got ${JSON.stringify(state)}`,
      );
    }
    return new MinMaxScaler(state).fit([dataMin, dataMax]);
  }

  /**
   * What `JSON.stringify` saves.
   *
   * @returns the state that `MinMaxScaler.fromJSON` takes
   * @throws {RangeError} when the scaler is not fitted
   */
  toJSON(): MinMaxScalerState {
    const columns = this.requireFitted("save MinMaxScaler");
    return {
      featureRange: this.#featureRange,
      missing: this.missing,
      ...(this.constant === "refuse" ? {} : { constant: this.constant }),
      dataMin: columns.map(({ min }) => min),
      dataMax: columns.map(({ max }) => max),
    };
  }

  protected override settings(): object {
    return { featureRange: this.#featureRange };
  }

  protected override fitFeature(values: Float64Array, feature: number): Column {
    const [min, max] = this.requireRange(values, feature);
    const [least, greatest] = this.#featureRange;
    const factor = (greatest - least) / (min === max ? 1 : max - min);
    const offset = least - min * factor;
    this.requireScalable(factor > 0 && Number.isFinite(factor) && Number.isFinite(offset), feature, min, max);
    return { min, max, factor, offset };
  }

  protected override scale(value: number, { factor, offset }: Column): number {
    return value * factor + offset;
  }

  protected override unscale(value: number, { factor, offset }: Column): number {
    return (value - offset) / factor;
  }
}
