import { quoteShape } from "../arguments.js";
import { nativeOps } from "../recurrent-ops/index.js";
import * as tf from "../tensorflow.js";
import { nativeStep, settingsOf, type Update } from "./native-step.js";
import { type Clipping, clippingOf, type Numerics, type OptimizerOptions, requireNumber } from "./options.js";
import { withRowGradients } from "./row-gradient.js";
import { type RuleName, type Step, slotNames } from "./rule.js";
import { type NamedTensors, Slots } from "./slots.js";
import { clipGradients, tensorflowStep } from "./tensorflow-step.js";

type Gradients = Parameters<tf.Optimizer["applyGradients"]>[0];

/** An optimiser's options as they are saved with a model. */
export type OptimizerConfig = Record<string, number | string | boolean>;

/**
 * An optimiser that takes each step as one fused op over all variables where the native ops are built, and with
 * TensorFlow's own ops elsewhere. It goes wherever a tfjs optimiser goes: `model.compile({ optimizer })`,
 * `optimizer.minimize()`.
 *
 * Variables get new memory at each step, so that clones and saved weights stay what they are; what the optimiser keeps
 * for itself, such as moments, is changed in place and given away only as a copy.
 */
export abstract class FusedOptimizer extends tf.Optimizer {
  /** Whose formula is computed where Keras and tfjs differ */
  readonly numerics: Numerics;
  /** The formula */
  protected abstract readonly rule: RuleName;
  readonly #name: string;
  readonly #options: OptimizerOptions;
  readonly #clipping: Clipping;
  readonly #weightDecay: number;
  readonly #slots: Slots;
  #learningRate = 0;

  /**
   * tfjs counts every optimiser as an instance of each of its classes; here `instanceof` means what it says.
   *
   * @param value - anything
   * @returns whether it was made by this class or one that extends it
   */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: the class that instanceof asks about, which may extend this one
    return Function.prototype[Symbol.hasInstance].call(this, value);
  }

  /**
   * @param name - of the optimiser, for errors
   * @param options - what all optimisers take
   * @param learningRate - where the options have none
   */
  constructor(name: string, options: OptimizerOptions, learningRate: number) {
    super();
    this.#name = name;
    this.#slots = new Slots(name);
    this.#options = options;
    this.#clipping = clippingOf(name, options);
    const { weightDecay = 0, numerics = "keras", implementation } = options;
    requireNumber(name, "weightDecay", weightDecay, "not negative", weightDecay >= 0);
    this.#weightDecay = weightDecay;
    if (numerics !== "keras" && numerics !== "tfjs") {
      throw new RangeError(`Cannot make ${name}: numerics must be "keras" or "tfjs", got ${numerics}`);
    }
    this.numerics = numerics;
    const ops = nativeOps();
    if (implementation === "native" && !ops.available) throw new Error(`Cannot make ${name}: ${ops.reason}`);
    this.learningRate = options.learningRate ?? learningRate;
  }

  /** Size of a step; it can be set between steps. */
  get learningRate(): number {
    return this.#learningRate;
  }
  set learningRate(value: number) {
    requireNumber(
      this.#name,
      "learningRate",
      value,
      "finite and not negative",
      value >= 0 && value < Infinity,
    );
    this.#learningRate = value;
  }

  /**
   * What the formula takes (rule.ts).
   *
   * @param step - the number of this step, from 1
   * @returns the coefficients
   */
  protected abstract coefficients(step: number): number[];

  /**
   * Computes gradients as tfjs does. That of a table with some rows looked up stays packed until somebody
   * other than the optimiser uses it.
   *
   * @param f - gives the scalar to minimise
   * @param varList - all trainable variables unless given
   * @returns the scalar and the gradients by name; the caller disposes of them
   */
  override computeGradients(f: () => tf.Scalar, varList?: tf.Variable[]) {
    return withRowGradients(() => super.computeGradients(f, varList));
  }

  /**
   * Takes a step.
   *
   * @param variableGradients - by variable, each of its variable's shape; variables without one are left alone
   * @throws {Error} when there is no variable of such a name, or a shape does not fit
   */
  applyGradients(variableGradients: Gradients): void {
    const named = Array.isArray(variableGradients)
      ? variableGradients
      : Object.entries(variableGradients).map(([name, tensor]) => ({ name, tensor }));
    const updates = named.flatMap(({ name, tensor }) => {
      // Where a variable has no part in the loss, tfjs has nothing here, whatever its types say.
      const gradient = tensor as tf.Tensor | null | undefined;
      if (gradient === null || gradient === undefined) return [];
      const variable = this.#variable(name, gradient);
      return [{ variable, gradient, slots: this.#slots.of(variable, this.rule) }];
    });
    if (updates.length > 0) {
      const step = this.#step(1);
      const values = this.#isNative
        ? nativeStep(step, this.#clipping, updates)
        : this.#tensorflowStep(step, updates);
      this.endSteps(
        updates.map(({ variable }) => variable),
        values,
        1,
      );
    } else this.incrementIterations();
  }

  /** Whether steps are the fused op's. */
  get #isNative(): boolean {
    return nativeOps().available && this.#options.implementation !== "tensorflow";
  }

  /** The next step, or one after it, counted from 1. */
  #step(next: number): Step {
    return {
      rule: this.rule,
      decay: 1 - this.#weightDecay * this.#learningRate,
      coefficients: this.coefficients(this.iterations + next),
    };
  }

  /**
   * Gives what the fused op takes for the next steps beside variables and gradients, for a caller that computes them
   * itself.
   *
   * @param variables - those that have a gradient
   * @param count - how many steps
   * @returns the numbers of {@link settingsOf}, step by step, and the slots of all variables, which steps change in place
   */
  beginSteps(
    variables: readonly tf.Variable[],
    count: number,
  ): { readonly settings: number[]; readonly slots: tf.Tensor[] } {
    const steps = Array.from({ length: count }, (_, i) => settingsOf(this.#step(i + 1), this.#clipping));
    return {
      settings: steps.flat(),
      slots: variables.flatMap((variable) => this.#slots.of(variable, this.rule)),
    };
  }

  /**
   * Ends steps that the caller has computed.
   *
   * @param variables - those that the steps were for
   * @param values - what they are after the last one, which is disposed of
   * @param count - how many steps
   */
  endSteps(variables: readonly tf.Variable[], values: readonly tf.Tensor[], count: number): void {
    for (const [i, variable] of variables.entries()) variable.assign(values[i] as tf.Tensor);
    tf.dispose([...values]);
    for (let step = 0; step < count; step++) this.incrementIterations();
  }

  #variable(name: string, gradient: tf.Tensor): tf.Variable {
    const variable = tf.engine().registeredVariables[name];
    if (variable === undefined) throw new Error(`Cannot apply gradients: there is no variable ${name}`);
    if (!tf.util.arraysEqual(variable.shape, gradient.shape)) {
      throw new RangeError(
        `Cannot apply gradients: that of ${name} must have shape ${quoteShape(variable.shape)}, got ${quoteShape(gradient.shape)}`,
      );
    }
    return variable;
  }

  #tensorflowStep(step: Step, updates: readonly Update[]): tf.Tensor[] {
    const results = tf.tidy(() => {
      const gradients = clipGradients(
        updates.map(({ gradient }) => gradient),
        this.#clipping,
      );
      return updates.map(({ variable, slots }, i) =>
        tensorflowStep(step, variable, gradients[i] as tf.Tensor, slots),
      );
    });
    return results.map(([value, ...slots], i) => {
      this.#slots.replace((updates[i] as Update).variable, slots);
      return value as tf.Tensor;
    });
  }

  /** Disposes of what the optimiser keeps; used again, it starts anew. */
  override dispose(): void {
    this.#slots.dispose();
    this.iterations_ = 0;
  }

  /**
   * Copies what the optimiser keeps, in tfjs's order: the number of steps, then each kind of slot for all variables.
   *
   * @returns the copies with their names; the caller disposes of them
   */
  override async getWeights(): Promise<NamedTensors> {
    return [await this.saveIterations(), ...this.#slots.copies(this.rule)];
  }

  /**
   * Continues from what `getWeights()` gave, for as many variables in the same order.
   *
   * @param weightValues - the number of steps, then each kind of slot for all variables
   * @throws {RangeError} when they are not as many for each kind; at the next step, if a shape does not fit
   */
  override async setWeights(weightValues: NamedTensors): Promise<void> {
    const kinds = slotNames[this.rule].length;
    const count = weightValues.length - 1;
    if (kinds === 0 ? count !== 0 : count < 0 || count % kinds !== 0) {
      throw new RangeError(
        `Cannot set weights of ${this.#name}: they must be the number of steps and ${kinds} for each variable, got ${weightValues.length}`,
      );
    }
    this.#slots.restore(await this.extractIterations(weightValues), this.rule);
  }

  /**
   * @returns the options, by names that the stock tfjs optimiser of this class takes too where it has them
   */
  getConfig(): OptimizerConfig {
    const { learningRate: _, implementation: __, ...given } = this.#options;
    return { learningRate: this.#learningRate, numerics: this.numerics, ...given };
  }
}
