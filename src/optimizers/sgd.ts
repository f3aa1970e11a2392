import { FusedOptimizer, type OptimizerConfig } from "./fused-optimizer.js";
import { type OptimizerOptions, requireNumber } from "./options.js";
import type { RuleName } from "./rule.js";

/** What {@link sgd} takes. */
export interface SgdOptions extends OptimizerOptions {
  /** Share of the last step that is added to the next, from 0 to 1; 0 unless given */
  readonly momentum?: number;
  /** Whether the gradient is taken as if after the momentum's step; false unless given */
  readonly nesterov?: boolean;
}

/** Gradient descent as {@link sgd} makes it. */
export class SgdOptimizer extends FusedOptimizer {
  /** @nocollapse */
  static readonly className = "SGD";
  protected readonly rule: RuleName;
  readonly #momentum: number;
  readonly #nesterov: boolean;

  /** @param options - as {@link sgd} takes them */
  constructor(options: SgdOptions = {}) {
    super("SGD", options, 0.01);
    const { momentum = 0, nesterov = false } = options;
    requireNumber("SGD", "momentum", momentum, "from 0 to 1", momentum >= 0 && momentum <= 1);
    this.#momentum = momentum;
    this.#nesterov = nesterov;
    this.rule = momentum > 0 ? "sgdMomentum" : "sgd";
  }

  protected coefficients(): number[] {
    const rate = this.learningRate;
    if (this.rule === "sgd") return [rate];
    const momentum = this.#momentum;
    const [share, factor] = this.numerics === "keras" ? [-rate, 1] : [1, -rate];
    return this.#nesterov ? [momentum, share, factor * momentum, -rate] : [momentum, share, factor, 0];
  }

  /** @returns the name of the stock tfjs class that does the same */
  override getClassName(): string {
    return this.rule === "sgd" ? "SGD" : "Momentum";
  }

  override getConfig(): OptimizerConfig {
    const nesterov = this.#nesterov;
    return { ...super.getConfig(), momentum: this.#momentum, nesterov, useNesterov: nesterov };
  }
}

/**
 * Gradient descent: w' = w − η g; with momentum (Polyak, 1964) v' = μ v − η g, w' = w + v', or, with `nesterov`
 * (Sutskever et al., 2013), w' = w + μ v' − η g.
 *
 * @param options - learning rate (0.01 unless given), momentum, `nesterov`, clipping
 * @returns an optimiser for `model.compile()` and `minimize()`
 * @throws {RangeError} when a number is out of range
 * @throws {TypeError} when it is none
 * @example
 * ```ts
 * import { tf } from "rnnlab";
 * import { sgd } from "rnnlab/optimizers";
 * const x = tf.variable(tf.scalar(3));
 * sgd({ learningRate: 0.25 }).minimize(() => x.square().asScalar(), false, [x]);
 * console.log(x.dataSync()[0]); // 1.5
 * ```
 */
export function sgd(options: SgdOptions = {}): SgdOptimizer {
  return new SgdOptimizer(options);
}
