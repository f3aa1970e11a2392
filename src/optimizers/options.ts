/**
 * Whose formula is computed where Keras and tfjs differ.
 *
 * - Adam: Keras adds epsilon to √v ("epsilon hat"), tfjs to √(v / (1 − β₂ᵗ)), after the bias is corrected.
 * - RMSprop, centred: Keras has √(v − a² + ε), tfjs √(v − a² − ε).
 * - SGD with momentum: Keras's momentum has the learning rate in it, tfjs multiplies by it afterwards. The two differ
 *   only once the learning rate changes.
 */
export type Numerics = "keras" | "tfjs";

/** What all optimisers take. */
export interface OptimizerOptions {
  /** Size of a step, not negative; it can be set again between steps */
  readonly learningRate?: number;
  /** The gradient of each variable is scaled down to this norm, positive */
  readonly clipnorm?: number;
  /** All gradients together are scaled down to this norm, positive */
  readonly globalClipnorm?: number;
  /** Each number of a gradient is brought into −clipvalue … clipvalue, positive */
  readonly clipvalue?: number;
  /** The variables lose this share, times the learning rate, before each step (Loshchilov and Hutter, 2019) */
  readonly weightDecay?: number;
  /** Whose formula is computed where they differ; "keras" unless given */
  readonly numerics?: Numerics;
  /** "native" or "tensorflow" to insist on one; the fused op where it is built, unless given */
  readonly implementation?: "native" | "tensorflow";
}

/** How gradients are clipped before a step. */
export interface Clipping {
  readonly by: "none" | "value" | "norm" | "globalNorm";
  readonly limit: number;
}

/**
 * Reads how gradients are clipped.
 *
 * @param optimizer - named in the error
 * @param options - at most one of the three is given
 * @returns the clipping
 * @throws {RangeError} when several are given or one is not positive
 */
export function clippingOf(optimizer: string, options: OptimizerOptions): Clipping {
  const given = (
    [
      ["norm", "clipnorm"],
      ["globalNorm", "globalClipnorm"],
      ["value", "clipvalue"],
    ] as const
  ).flatMap(([by, option]) => {
    const limit = options[option];
    return limit === undefined ? [] : [{ by, option, limit }];
  });
  const [first, second] = given;
  if (first === undefined) return { by: "none", limit: Number.POSITIVE_INFINITY };
  if (second !== undefined) {
    throw new RangeError(
      `Cannot make ${optimizer}: only one of clipnorm, globalClipnorm and clipvalue can be given, got ${first.option} and ${second.option}`,
    );
  }
  requireNumber(optimizer, first.option, first.limit, "positive", first.limit > 0);
  return { by: first.by, limit: first.limit };
}

/**
 * Refuses a number that cannot be.
 *
 * @param optimizer - named in the error
 * @param option - named in the error
 * @param value - what was given
 * @param rule - what it must be, in words
 * @param holds - whether it is
 * @throws {TypeError} when it is not a number
 * @throws {RangeError} when the rule does not hold
 */
export function requireNumber(
  optimizer: string,
  option: string,
  value: unknown,
  rule: string,
  holds: boolean,
): void {
  if (typeof value !== "number") {
    throw new TypeError(`Cannot make ${optimizer}: ${option} must be a number, got ${typeof value}`);
  }
  if (!holds) throw new RangeError(`Cannot make ${optimizer}: ${option} must be ${rule}, got ${value}`);
}
