import { quoteShape, typeName } from "../../arguments.js";
import * as tf from "../../tensorflow.js";
import { innerModel } from "../../tfjs/model-graph.js";
import { lossName } from "../loss-name.js";

// The samples are cut into batches: how many there are is another question than their shape.
const fits = (shape: readonly number[], expected: readonly (number | null)[]): boolean =>
  shape.length === expected.length &&
  expected.every((size, axis) => axis === 0 || size === null || size === shape[axis]);

/**
 * Makes sure that a model can be trained at all.
 *
 * @throws {Error} unless the model is compiled, with a loss that tfjs knows
 * @throws {TypeError} when it is no model
 */
export function requireCompiled(model: tf.LayersModel): void {
  if (!(model instanceof tf.LayersModel))
    throw new TypeError(`Cannot fit: the model must be one of tfjs, got ${typeName(model)}`);
  // Set by compile(), once it has understood its arguments; until then it is undefined, whatever its type says.
  if ((model.metricsNames as string[] | undefined) !== undefined) return;
  throw new Error(
    'Cannot fit: the model must be compiled, got one that is not; call model.compile({ optimizer: "adam", loss: "meanSquaredError" })',
  );
}

/**
 * Brings targets into the form of a model's outputs, and makes sure first that the data are what the model takes and
 * gives: TensorFlow would broadcast a wrong target in silence. Loss and metrics compute with float32, as in Keras,
 * whatever numbers the targets are given as.
 *
 * @param model - a compiled model
 * @param inputs - `[n, …]` for each input of the model
 * @param targets - `[n, …]` for each output of the model; `[n]` passes for an output of `[n, 1]`; class numbers `[n]`,
 *   or without the last axis, for the sparse cross-entropy
 * @returns float32 targets of the outputs' shapes, which the caller disposes of
 * @throws {RangeError} when the shapes do not fit, or a number is no class; it names both shapes or the number
 */
export function shapedTargets(
  model: tf.LayersModel,
  inputs: readonly tf.Tensor[],
  targets: readonly tf.Tensor[],
): tf.Tensor[] {
  requireCount("inputs", model.inputs.length, inputs.length);
  requireCount("outputs", model.outputs.length, targets.length);
  for (const [i, { shape }] of inputs.entries()) {
    const expected = model.inputs[i]?.shape ?? [];
    if (fits(shape, expected)) continue;
    const which = inputs.length === 1 ? "inputs" : `inputs of ${model.inputNames[i]}`;
    throw new RangeError(
      `Cannot fit: ${which} must have shape ${quoteShape(expected)}, got ${quoteShape(shape)}`,
    );
  }
  const shapes = targets.map((target, i) => targetShape(model, target, i));
  const samples = inputs[0]?.shape[0];
  for (const { shape } of [...inputs, ...targets]) {
    if (shape[0] === samples) continue;
    throw new RangeError(
      `Cannot fit: inputs and targets must have as many samples, got ${samples} and ${shape[0]}`,
    );
  }
  requireClassNumbers(model, targets);
  return targets.map((target, i) => tf.tidy(() => target.reshape(shapes[i] as number[]).cast("float32")));
}

/**
 * The targets of the sparse cross-entropy must be numbers of classes: TensorFlow would cut 1.5 down to 1, and say of
 * others neither which nor where.
 */
function requireClassNumbers(model: tf.LayersModel, targets: readonly tf.Tensor[]): void {
  for (const [i, target] of targets.entries()) {
    if (lossName(innerModel(model), i) !== "sparseCategoricalCrossentropy") continue;
    const classes = model.outputs[i]?.shape.at(-1) ?? Number.POSITIVE_INFINITY;
    const numbers = target.dataSync();
    const wrong = numbers.findIndex(
      (number) => !(Number.isInteger(number) && number >= 0 && number < classes),
    );
    if (wrong < 0) continue;
    const sample = Math.floor(wrong / (target.size / (target.shape[0] ?? 1)));
    throw new RangeError(
      `Cannot fit: targets${ofOutput(model, i)} must be class numbers from 0 to ${classes - 1}, got ${numbers[wrong]} for sample ${sample}`,
    );
  }
}

/**
 * Makes sure that samples can be cut into batches that the model takes: one of a fixed batch size, such as a stateful
 * one, takes no other.
 *
 * @param model - a model
 * @param samples - how many there are
 * @param batchSize - samples a batch
 * @throws {RangeError} when there are none, or the batches are not of the model's size
 */
export function requireBatches(model: tf.LayersModel, samples: number, batchSize: number): void {
  if (samples === 0) throw new RangeError("Cannot fit: there must be samples, got 0");
  const fixed = fixedBatchSize(model);
  if (fixed === undefined || (batchSize === fixed && samples % fixed === 0)) return;
  throw new RangeError(
    `Cannot fit: the model takes batches of ${fixed} samples only, got ${samples} samples in batches of ${batchSize}`,
  );
}

/**
 * @param model - a model
 * @returns the number of samples that each batch must have; undefined if it takes any
 */
export function fixedBatchSize(model: tf.LayersModel): number | undefined {
  return model.inputs.map(({ shape }) => shape[0]).find((size) => size != null) ?? undefined;
}

function requireCount(what: string, expected: number, got: number): void {
  if (expected === got) return;
  throw new RangeError(
    `Cannot fit: there must be data for ${expected} ${what} of the model, got ${got}; several are given as an array`,
  );
}

function targetShape(model: tf.LayersModel, { shape }: tf.Tensor, index: number): number[] {
  const modelOutput = model.outputs[index]?.shape ?? [];
  const isSparse = lossName(innerModel(model), index) === "sparseCategoricalCrossentropy";
  const output = isSparse ? [...modelOutput.slice(0, -1), 1] : modelOutput;
  if (fits(shape, output)) return shape;
  const expanded = [...shape, 1];
  if (fits(expanded, output)) return expanded;
  throw new RangeError(
    `Cannot fit: targets${ofOutput(model, index)} must have shape ${quoteShape(output)} as the model's output, got ${quoteShape(shape)}`,
  );
}

function ofOutput({ outputs, outputNames }: tf.LayersModel, index: number): string {
  return outputs.length === 1 ? "" : ` of ${outputNames[index]}`;
}
