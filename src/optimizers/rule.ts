/** The formulas of the fused op, by the names that it knows. */
export type RuleName =
  | "sgd"
  | "sgdMomentum"
  | "rmsprop"
  | "rmspropMomentum"
  | "rmspropCentered"
  | "rmspropCenteredMomentum"
  | "adam";

/** What a formula keeps for each variable, by the names that tfjs gives it in saved weights, in the op's order. */
export const slotNames: Readonly<Record<RuleName, readonly string[]>> = {
  sgd: [],
  sgdMomentum: ["momentum"],
  rmsprop: ["rms"],
  rmspropMomentum: ["rms", "momentum"],
  rmspropCentered: ["rms", "mg"],
  rmspropCenteredMomentum: ["rms", "mg", "momentum"],
  adam: ["m", "v"],
};

/** One step, for one variable or for all. */
export interface Step {
  readonly rule: RuleName;
  /** Variables are multiplied by it first */
  readonly decay: number;
  /**
   * What the formula takes:
   * - sgd: learning rate;
   * - sgdMomentum: momentum, the gradient's share in it, and what of momentum and gradient a step has;
   * - rmsprop…: ρ, 1 − ρ, learning rate, ε, momentum;
   * - adam: β₁, 1 − β₁, β₂, 1 − β₂, step size, ε.
   */
  readonly coefficients: readonly number[];
}
