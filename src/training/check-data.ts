import type * as tf from "../tensorflow.js";

const show = (shape: readonly (number | null)[]): string =>
  `[${shape.map((size) => size ?? "n").join(", ")}]`;

const fits = (shape: readonly number[], expected: readonly (number | null)[]): boolean =>
  shape.length === expected.length && expected.every((size, axis) => size === null || size === shape[axis]);

/**
 * Makes sure that a model can be trained at all.
 *
 * @throws Error unless the model is compiled, with a loss that tfjs knows
 */
export function requireCompiled(model: tf.LayersModel): void {
  // Set by compile(), once it has understood its arguments; until then it is undefined, whatever its type says.
  if ((model.metricsNames as string[] | undefined) !== undefined) return;
  throw new Error(
    'Cannot fit: the model must be compiled, got one that is not; call model.compile({ optimizer: "adam", loss: "meanSquaredError" })',
  );
}

/**
 * Compares data with what a model takes and gives, before TensorFlow broadcasts a wrong target in silence.
 *
 * @param model - a model with one input and one output
 * @param inputs - `[n, …]` as the model's input
 * @param targets - `[n, …]` as the model's output; `[n]` passes for an output of `[n, 1]`; class numbers `[n]`, or
 *   without the last axis, for the sparse cross-entropy
 * @returns the shape that the targets must be brought to
 * @throws RangeError naming both shapes, if they do not fit
 */
export function targetShape(model: tf.LayersModel, inputs: tf.Tensor, targets: tf.Tensor): number[] {
  if (model.inputs.length !== 1 || model.outputs.length !== 1) {
    throw new RangeError(
      `Cannot fit: the model must have one input and one output, got ${model.inputs.length} and ${model.outputs.length}`,
    );
  }
  const input = model.inputs[0]?.shape ?? [];
  const modelOutput = model.outputs[0]?.shape ?? [];
  const sparse = model.loss === "sparseCategoricalCrossentropy";
  const output = sparse ? [...modelOutput.slice(0, -1), 1] : modelOutput;
  if (!fits(inputs.shape, input)) {
    throw new RangeError(`Cannot fit: inputs must have shape ${show(input)}, got ${show(inputs.shape)}`);
  }
  const expanded = [...targets.shape, 1];
  const shape = fits(targets.shape, output) ? targets.shape : fits(expanded, output) ? expanded : undefined;
  if (shape === undefined) {
    throw new RangeError(
      `Cannot fit: targets must have shape ${show(output)} as the model's output, got ${show(targets.shape)}`,
    );
  }
  if (shape[0] !== inputs.shape[0]) {
    throw new RangeError(
      `Cannot fit: inputs and targets must have as many samples, got ${inputs.shape[0]} and ${shape[0]}`,
    );
  }
  return shape;
}
