import { quote } from "../arguments.js";
import * as tf from "../tensorflow.js";

type Shape = (number | null)[];

/** What layers for categories give: numbers, or rows of zeros and ones, or counts. */
export type OutputMode = "int" | "oneHot" | "multiHot" | "count";
const modes: readonly string[] = ["int", "oneHot", "multiHot", "count"];

/** Says what a mode must be, and is not. */
export function modeRule(mode: string): string | undefined {
  return modes.includes(mode)
    ? undefined
    : `output_mode must be int, one_hot, multi_hot or count, got ${mode}`;
}

/** @throws {RangeError} when a mode is unknown */
export function requireMode(layer: string, mode: string): void {
  const rule = modeRule(mode);
  if (rule !== undefined) throw new RangeError(`Cannot build ${layer}: ${rule}`);
}

/**
 * Numbers of categories as Keras's layers give them.
 *
 * @param numbers - whole numbers `[batch, n]`
 * @param width - how many categories there are
 * @param mode - what is given
 * @returns `[batch, n]`, or `[batch, width]`, or `[batch, n, width]` for `"oneHot"` of several
 */
export function encoded(numbers: tf.Tensor, width: number, mode: OutputMode): tf.Tensor {
  if (mode === "int") return numbers;
  const rows = tf.oneHot(tf.cast(numbers, "int32"), width, 1, 0, "float32");
  if (mode === "oneHot") return numbers.shape.at(-1) === 1 ? tf.squeeze(rows, [rows.rank - 2]) : rows;
  const counts = tf.sum(rows, 1);
  return mode === "count" ? counts : tf.minimum(counts, 1);
}

/**
 * The shape of what {@link encoded} gives.
 *
 * @throws {RangeError} when rows of another input than `[batch, n]` are to be counted, for which Keras 3 itself computes
 * another shape than it says
 */
export function encodedShape(shape: Shape, width: number, mode: OutputMode): Shape {
  if (mode === "int") return shape;
  if (mode !== "oneHot" && shape.length !== 2)
    throw new RangeError(
      `Cannot count categories: input must have shape [batch, n] with output_mode multi_hot or count, got ${quote(shape)}`,
    );
  return mode === "oneHot" && shape.at(-1) !== 1 ? [...shape, width] : [...shape.slice(0, -1), width];
}
