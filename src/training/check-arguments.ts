import { typeName } from "../arguments.js";
import type { ShapedValues } from "../preprocessing/index.js";
import * as tf from "../tensorflow.js";

// Types say all of this, but plain JavaScript and notebooks of other kernels have none.

/**
 * Makes sure that options were given.
 *
 * @param options - anything
 * @throws {TypeError} unless they are an object with callbacks, if it has any, that are objects
 */
export function requireOptions(options: unknown): void {
  if (typeof options !== "object" || options === null || options instanceof tf.Tensor) {
    throw new TypeError(
      `Cannot fit: options must be an object such as { epochs: 10 }, got ${typeName(options)}`,
    );
  }
  const { callbacks, onEpochEnd } = options as Record<string, unknown>;
  for (const callback of [callbacks ?? []].flat()) {
    if (typeof callback === "object" && callback !== null) continue;
    throw new TypeError(
      `Cannot fit: callbacks must be objects with methods such as onEpochEnd, got ${typeName(callback)}`,
    );
  }
  if (!["undefined", "function"].includes(typeof onEpochEnd))
    throw new TypeError(`Cannot fit: onEpochEnd must be a function, got ${typeName(onEpochEnd)}`);
}

/**
 * Makes sure that something can be trained on.
 *
 * @param name - of the data, for the error
 * @param data - what was given: a tensor or values with their shape, or an array of them
 * @returns the data of each input or output
 * @throws {TypeError} when another type was given; it names that
 */
export function requireSamples(name: string, data: unknown): (tf.Tensor | ShapedValues)[] {
  const all = [data].flat();
  if (all.every(isSamples)) return all;
  throw new TypeError(
    `Cannot fit: ${name} must be a tensor or { values, shape }, or an array of them for a model with several, got ${typeName(data)}; tf.tensor() makes a tensor`,
  );
}

/**
 * Makes sure that a batch has tensors.
 *
 * @param name - of the data, for the error
 * @param data - what was given: a tensor, or an array of them
 * @returns the tensor of each input or output
 * @throws {TypeError} when another type was given; it names that
 */
export function requireTensors(name: string, data: unknown): tf.Tensor[] {
  const all = [data].flat();
  if (all.every((each) => each instanceof tf.Tensor)) return all;
  throw new TypeError(
    `Cannot fit: ${name} must be a tensor, or an array of them for a model with several, got ${typeName(data)}`,
  );
}

/**
 * Makes sure that data come in pairs.
 *
 * @param name - of the option
 * @param pair - anything
 * @throws {TypeError} unless it is an array of two
 */
export function requirePair(name: string, pair: unknown): void {
  if (Array.isArray(pair) && pair.length === 2) return;
  throw new TypeError(`Cannot fit: ${name} must be [inputs, targets], got ${typeName(pair)}`);
}

function isSamples(value: unknown): value is tf.Tensor | ShapedValues {
  const { values, shape } = (value ?? {}) as Partial<ShapedValues>;
  return value instanceof tf.Tensor || (ArrayBuffer.isView(values) && Array.isArray(shape));
}
