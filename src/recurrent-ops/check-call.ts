import { quote, quoteShape, requireInteger } from "../arguments.js";
import * as tf from "../tensorflow.js";
import {
  type CellName,
  cellTraits,
  type DropoutMasks,
  type RecurrentCall,
  type RecurrentOptions,
  type RecurrentTensors,
} from "./call.js";

/**
 * Checks that tensors fit together and fills in the options.
 *
 * @param cell - the cell
 * @param tensors - what it computes with
 * @param options - how
 * @returns the complete call
 * @throws {RangeError} when a shape does not fit
 * @throws {TypeError} when a dtype does not, a tensor is missing, or a switch is neither true nor false
 */
export function checkCall(
  cell: CellName,
  tensors: RecurrentTensors,
  options: RecurrentOptions,
): RecurrentCall {
  const action = `run ${cell}`;
  checkOptions(action, options);
  const { x, kernel, recurrentKernel } = tensors;
  for (const [name, tensor] of Object.entries({ x, kernel, recurrentKernel })) {
    requireTensor(action, name, tensor);
  }
  if (x.rank !== 3)
    throw new RangeError(
      `Cannot ${action}: x must have shape [batch, time, features], got ${quoteShape((x as tf.Tensor).shape)}`,
    );
  const [batch, time, features] = x.shape;
  const sizes = { ...cellTraits[cell], batch, time, features, units: recurrentKernel.shape[0] };
  checkWeights(action, tensors, sizes, cell === "gru" ? [2] : []);
  checkState(action, tensors, sizes);
  checkDropout(action, tensors.dropoutMasks, sizes);
  return {
    ...tensors,
    cell,
    units: sizes.units,
    options: {
      activation: "tanh",
      recurrentActivation: "sigmoid",
      goBackwards: false,
      returnSequences: false,
      returnState: false,
      ...options,
    },
  };
}

/** Sizes of all axes, and how many gates and states there are. */
interface Sizes {
  readonly gates: number;
  readonly states: number;
  readonly batch: number;
  readonly time: number;
  readonly features: number;
  readonly units: number;
}

function checkOptions(action: string, options: RecurrentOptions): void {
  for (const name of ["goBackwards", "returnSequences", "returnState"] as const) {
    const value: unknown = options[name];
    if (value !== undefined && typeof value !== "boolean")
      throw new TypeError(`Cannot ${action}: ${name} must be true or false, got ${quote(value)}`);
  }
  const { threads, implementation, instructions } = options;
  if (threads !== undefined) requireInteger(action, "threads", threads, 1);
  if (implementation !== undefined && implementation !== "native" && implementation !== "tensorflow")
    throw new RangeError(
      `Cannot ${action}: implementation must be "native" or "tensorflow", got ${quote(implementation)}`,
    );
  if (instructions !== undefined && typeof instructions !== "string")
    throw new TypeError(`Cannot ${action}: instructions must be a string, got ${quote(instructions)}`);
}

function checkWeights(
  action: string,
  { x, kernel, recurrentKernel, bias }: RecurrentTensors,
  { batch, time, features, units, gates }: Sizes,
  biases: readonly number[],
): void {
  check(action, "x", x, [batch, time, features]);
  check(action, "kernel", kernel, [features, gates * units]);
  check(action, "recurrentKernel", recurrentKernel, [units, gates * units]);
  if (bias !== undefined) check(action, "bias", bias, [...biases, gates * units]);
}

function checkState(
  action: string,
  { mask, initialState }: RecurrentTensors,
  { batch, time, units, states }: Sizes,
): void {
  if (mask !== undefined) check(action, "mask", mask, [batch, time], "bool");
  if (initialState === undefined) return;
  if (!Array.isArray(initialState))
    throw new TypeError(
      `Cannot ${action}: initialState must be a list of tensors, got ${quote(initialState)}`,
    );
  if (initialState.length !== states)
    throw new RangeError(
      `Cannot ${action}: initialState must hold ${states} tensors, got ${initialState.length}`,
    );
  for (const [i, state] of initialState.entries()) check(action, `initialState[${i}]`, state, [batch, units]);
}

function checkDropout(
  action: string,
  { input = [], state = [] }: Partial<DropoutMasks> = {},
  { batch, features, units, gates }: Sizes,
): void {
  for (const [name, masks, size] of [
    ["input", input, features],
    ["state", state, units],
  ] as const) {
    if (masks.length > 0 && masks.length !== gates)
      throw new RangeError(
        `Cannot ${action}: dropoutMasks.${name} must hold ${gates} tensors, got ${masks.length}`,
      );
    for (const [i, each] of masks.entries()) check(action, `dropoutMasks.${name}[${i}]`, each, [batch, size]);
  }
}

function check(
  action: string,
  name: string,
  tensor: tf.Tensor,
  shape: readonly number[],
  dtype: tf.DataType = "float32",
): void {
  requireTensor(action, name, tensor);
  const fits = tensor.rank === shape.length && shape.every((size, i) => size === tensor.shape[i]);
  if (!fits || tensor.size === 0)
    throw new RangeError(
      `Cannot ${action}: ${name} must have shape ${quoteShape(shape)} and not be empty, got ${quoteShape(tensor.shape)}`,
    );
  if (tensor.dtype !== dtype)
    throw new TypeError(`Cannot ${action}: ${name} must be ${dtype}, got ${tensor.dtype}`);
}

function requireTensor(action: string, name: string, tensor: unknown): void {
  if (!(tensor instanceof tf.Tensor))
    throw new TypeError(`Cannot ${action}: ${name} must be a tensor, got ${quote(tensor)}`);
}
