import { FusedOptimizer, type OptimizerConfig } from "./fused-optimizer.js";
import { type OptimizerOptions, requireNumber } from "./options.js";

/** What {@link adam} takes. */
export interface AdamOptions extends OptimizerOptions {
  /** Share of the mean gradient that stays at each step, from 0 to less than 1; 0.9 unless given */
  readonly beta1?: number;
  /** Share of the mean squared gradient that stays at each step, from 0 to less than 1; 0.999 unless given */
  readonly beta2?: number;
  /** Added to the root of the mean squared gradient, not negative; 1e-7 unless given. See {@link Numerics} */
  readonly epsilon?: number;
}

/** Adam as {@link adam} makes it. */
export class AdamOptimizer extends FusedOptimizer {
  /** @nocollapse */
  static readonly className = "Adam";
  protected readonly rule = "adam";
  readonly #beta1: number;
  readonly #beta2: number;
  readonly #epsilon: number;

  /** @param options - as {@link adam} takes them */
  constructor(options: AdamOptions = {}) {
    super("Adam", options, 0.001);
    const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 } = options;
    for (const [option, value] of Object.entries({ beta1, beta2 })) {
      requireNumber("Adam", option, value, "from 0 to less than 1", value >= 0 && value < 1);
    }
    requireNumber("Adam", "epsilon", epsilon, "not negative", epsilon >= 0);
    this.#beta1 = beta1;
    this.#beta2 = beta2;
    this.#epsilon = epsilon;
  }

  protected coefficients(step: number): number[] {
    // In single precision as Keras and tfjs have it: 1 − β₂ᵗ, a small difference, feels it.
    const remaining = (beta: number) => 1 - Math.fround(Math.fround(beta) ** step);
    const root = Math.sqrt(remaining(this.#beta2));
    const size = (this.learningRate * root) / remaining(this.#beta1);
    const epsilon = this.numerics === "keras" ? this.#epsilon : this.#epsilon * root;
    return [this.#beta1, 1 - this.#beta1, this.#beta2, 1 - this.#beta2, size, epsilon];
  }

  override getConfig(): OptimizerConfig {
    return { ...super.getConfig(), beta1: this.#beta1, beta2: this.#beta2, epsilon: this.#epsilon };
  }
}

/**
 * Adaptive moments (Kingma and Ba, 2015): m' = β₁ m + (1 − β₁) g, v' = β₂ v + (1 − β₂) g²,
 * w' = w − η √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m' / (√v' + ε).
 *
 * @param options - learning rate (0.001 unless given), β₁, β₂, ε, clipping
 * @returns an optimiser for `model.compile()` and `minimize()`
 * @throws {RangeError} when a number is out of range
 * @throws {TypeError} when it is none
 * @example
 * ```ts
 * import { tf } from "rnnlab";
 * import { adam } from "rnnlab/optimizers";
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
 * model.compile({ optimizer: adam({ learningRate: 0.01, clipnorm: 1 }), loss: "meanSquaredError" });
 * ```
 */
export function adam(options: AdamOptions = {}): AdamOptimizer {
  return new AdamOptimizer(options);
}
