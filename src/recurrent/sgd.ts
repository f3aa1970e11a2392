import type { Parameter } from "./parameter.js";

/** What an optimizer does with the gradients. */
export interface Optimizer {
  /**
   * @param parameters - with the gradients of one batch, which are set to zero afterwards
   */
  step(parameters: readonly Parameter[]): void;
}

/** How {@link Sgd} steps. */
export interface SgdStepOptions {
  /** Length η of a step, a positive number */
  readonly learningRate: number;
  /** Greatest norm of all gradients together; longer ones are shortened to it. None unless given */
  readonly clipNorm?: number;
}

/**
 * Stochastic gradient descent, `w ← w − η ∂L/∂w`.
 *
 * @example
 * ```ts
 * import { Matrix, Parameter, Sgd } from "rnnlab/recurrent";
 * const w = new Parameter("w", Matrix.from([1]));
 * w.gradient.add(Matrix.from([2]));
 * new Sgd({ learningRate: 0.1 }).step([w]);
 * console.log(w.value.at(0, 0), w.gradient.at(0, 0)); // 0.8 0
 * ```
 */
export class Sgd implements Optimizer {
  readonly learningRate: number;
  readonly clipNorm: number;

  /**
   * @param options - the learning rate, and the greatest norm of the gradients
   * @throws {RangeError} when either is not positive
   */
  constructor(options: SgdStepOptions) {
    this.learningRate = options.learningRate;
    this.clipNorm = options.clipNorm ?? Number.POSITIVE_INFINITY;
    if (!(this.learningRate > 0 && Number.isFinite(this.learningRate))) {
      throw new RangeError(
        `Cannot create Sgd: learningRate must be a positive number, got ${this.learningRate}`,
      );
    }
    if (!(this.clipNorm > 0)) {
      throw new RangeError(`Cannot create Sgd: clipNorm must be a positive number, got ${this.clipNorm}`);
    }
  }

  /**
   * Takes one step and sets the gradients to zero.
   *
   * @param parameters - weights with their gradients; the weights change in place
   * @throws {RangeError} when a gradient is not finite: it names the parameter, and no weight has changed
   */
  step(parameters: readonly Parameter[]): void {
    for (const { name, gradient } of parameters) {
      if (!gradient.values.every(Number.isFinite)) {
        throw new RangeError(
          `Cannot take SGD step: gradients must be finite, got NaN or infinity in ${name}; lower the learning rate, or look for NaN in the targets`,
        );
      }
    }
    const norm = Math.hypot(...parameters.map(({ gradient }) => gradient.norm()));
    const factor = norm > this.clipNorm ? this.clipNorm / norm : 1;
    for (const { value, gradient } of parameters) {
      value.add(gradient.scale(-this.learningRate * factor));
      gradient.values.fill(0);
    }
  }
}
