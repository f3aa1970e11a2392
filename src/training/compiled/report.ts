import type * as tf from "../../tensorflow.js";

/** Whether the steps of a training were one op each. */
export type StepReport =
  | { readonly compiled: true }
  | {
      readonly compiled: false;
      /** Why not */
      readonly reason: string;
    };

const reports = new WeakMap<tf.LayersModel, StepReport>();

/**
 * Says whether a model's training steps were compiled to one op each when it was last trained.
 *
 * @param model - a model
 * @returns whether, and if not, why not
 * @example
 * ```ts
 * import { layers, tf } from "rnnlab";
 * import { fit, trainingStep } from "rnnlab/training";
 * const model = tf.sequential({ layers: [layers.dense({ units: 1, inputShape: [1] })] });
 * model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
 * await fit(model, tf.ones([96, 1]), tf.ones([96, 1]), { epochs: 1, verbose: 0, compileStep: false });
 * console.log(trainingStep(model)); // { compiled: false, reason: 'compileStep is false' }
 * ```
 */
export function trainingStep(model: tf.LayersModel): StepReport {
  return reports.get(model) ?? { compiled: false, reason: "the model has not been trained by rnnlab" };
}

/** Whether rnnlab has trained a model. */
export function isTrained(model: tf.LayersModel): boolean {
  return reports.has(model);
}

/**
 * @param model - that is being trained
 * @param reason - why its steps are not compiled; nothing if they are
 */
export function reportStep(model: tf.LayersModel, reason?: string): void {
  reports.set(model, reason === undefined ? { compiled: true } : { compiled: false, reason });
}
