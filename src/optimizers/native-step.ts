import * as tf from "../tensorflow.js";
import { nodeBackend, opAttributes } from "../tfjs/backend.js";
import type { Clipping } from "./options.js";
import { packedRows } from "./row-gradient.js";
import { type Step, slotNames } from "./rule.js";

/** One variable's part in a step. */
export interface Update {
  readonly variable: tf.Variable;
  readonly gradient: tf.Tensor;
  readonly slots: readonly tf.Tensor[];
}

/**
 * Gives the numbers that the fused op takes.
 *
 * @param step - the formula and what it takes
 * @param clipping - of the gradients
 * @returns decay, limit and six coefficients
 */
export function settingsOf(step: Step, clipping: Clipping): number[] {
  const coefficients = Array.from({ length: 6 }, (_, i) => step.coefficients[i] ?? 0);
  return [step.decay, clipping.limit, ...coefficients];
}

/**
 * Takes a step for all variables with the fused op, which changes the slots in place.
 *
 * @param step - the formula and what it takes
 * @param clipping - of the gradients
 * @param updates - the variables with their gradients and slots
 * @returns the variables after the step, which the caller disposes of
 * @throws {Error} when the op refuses an argument
 */
export function nativeStep(step: Step, clipping: Clipping, updates: readonly Update[]): tf.Tensor[] {
  const backend = nodeBackend();
  const settings = tf.tensor1d(settingsOf(step, clipping));
  const attributes = opAttributes({
    rule: step.rule,
    clip: clipping.by,
    variables_count: updates.length,
    slots_count: updates.length * slotNames[step.rule].length,
  });
  try {
    const handles = backend.binding.executeOp(
      "RnnlabOptimizer",
      attributes,
      [
        ...backend.getInputTensorIds([settings, ...updates.map(({ variable }) => variable)]),
        ...updates.map(
          ({ gradient }) => packedRows(gradient) ?? (backend.getInputTensorIds([gradient])[0] as number),
        ),
        ...backend.getInputTensorIds(updates.flatMap(({ slots }) => slots)),
      ],
      updates.length,
    );
    return handles.map((handle) => backend.createOutputTensor(handle));
  } finally {
    settings.dispose();
  }
}
