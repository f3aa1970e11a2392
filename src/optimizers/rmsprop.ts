import { FusedOptimizer, type OptimizerConfig } from "./fused-optimizer.js";
import { type OptimizerOptions, requireNumber } from "./options.js";
import type { RuleName } from "./rule.js";

/** What {@link rmsprop} takes. */
export interface RmsPropOptions extends OptimizerOptions {
  /** Share of the mean squared gradient that stays at each step, from 0 to less than 1; 0.9 unless given */
  readonly rho?: number;
  /** Share of the last step that is added to the next, from 0 to less than 1; 0 unless given */
  readonly momentum?: number;
  /** Added to the mean squared gradient, not negative; 1e-7 unless given. See {@link Numerics} */
  readonly epsilon?: number;
  /** Whether the square of the mean gradient is subtracted: an estimate of the variance; false unless given */
  readonly centered?: boolean;
}

/** RMSprop as {@link rmsprop} makes it. */
export class RmsPropOptimizer extends FusedOptimizer {
  /** @nocollapse */
  static readonly className = "RMSProp";
  protected readonly rule: RuleName;
  readonly #rho: number;
  readonly #momentum: number;
  readonly #epsilon: number;
  readonly #centered: boolean;

  /** @param options - as {@link rmsprop} takes them */
  constructor(options: RmsPropOptions = {}) {
    super("RMSprop", options, 0.001);
    const { rho = 0.9, momentum = 0, epsilon = 1e-7, centered = false } = options;
    for (const [option, value] of Object.entries({ rho, momentum })) {
      requireNumber("RMSprop", option, value, "from 0 to less than 1", value >= 0 && value < 1);
    }
    requireNumber("RMSprop", "epsilon", epsilon, "not negative", epsilon >= 0);
    this.#rho = rho;
    this.#momentum = momentum;
    this.#epsilon = epsilon;
    this.#centered = centered;
    this.rule = `rmsprop${centered ? "Centered" : ""}${momentum > 0 ? "Momentum" : ""}`;
  }

  protected coefficients(): number[] {
    const sign = this.numerics === "tfjs" && this.#centered ? -1 : 1;
    return [this.#rho, 1 - this.#rho, this.learningRate, sign * this.#epsilon, this.#momentum];
  }

  override getConfig(): OptimizerConfig {
    return {
      ...super.getConfig(),
      rho: this.#rho,
      decay: this.#rho,
      momentum: this.#momentum,
      epsilon: this.#epsilon,
      centered: this.#centered,
    };
  }
}

/**
 * Gradients divided by the root of their mean square (Hinton, Srivastava and Swersky, 2012): v' = ρ v + (1 − ρ) g²,
 * w' = w − η g / √(v' + ε).
 *
 * @param options - learning rate (0.001 unless given), ρ, momentum, ε, `centered`, clipping
 * @returns an optimiser for `model.compile()` and `minimize()`
 * @throws {RangeError} when a number is out of range
 * @throws {TypeError} when it is none
 * @example
 * ```ts
 * import { tf } from "rnnlab";
 * import { rmsprop } from "rnnlab/optimizers";
 * const x = tf.variable(tf.scalar(3));
 * rmsprop({ learningRate: 0.1 }).minimize(() => x.square().asScalar(), false, [x]);
 * ```
 */
export function rmsprop(options: RmsPropOptions = {}): RmsPropOptimizer {
  return new RmsPropOptimizer(options);
}
