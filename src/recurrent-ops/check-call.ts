import { quote } from "../arguments.js";
import * as tf from "../tensorflow.js";
import {
  type CellName,
  cells,
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
 * @throws RangeError if a shape does not fit
 * @throws TypeError if a dtype does not, a tensor is missing, or a switch is neither true nor false
 */
export function checkCall(
  cell: CellName,
  tensors: RecurrentTensors,
  options: RecurrentOptions,
): RecurrentCall {
  const { gates, states } = cells[cell];
  const { x, kernel, recurrentKernel, bias, initialState, mask, dropoutMasks } = tensors;
  const requireTensor = (name: string, tensor: unknown): void => {
    if (!(tensor instanceof tf.Tensor))
      throw new TypeError(`Cannot run ${cell}: ${name} must be a tensor, got ${quote(tensor)}`);
  };
  const check = (
    name: string,
    tensor: tf.Tensor,
    shape: readonly number[],
    dtype: tf.DataType = "float32",
  ) => {
    requireTensor(name, tensor);
    const fits = tensor.rank === shape.length && shape.every((size, i) => size === tensor.shape[i]);
    if (!fits || tensor.size === 0)
      throw new RangeError(
        `Cannot run ${cell}: ${name} must have shape [${shape.join(", ")}] and not be empty, got [${tensor.shape.join(", ")}]`,
      );
    if (tensor.dtype !== dtype)
      throw new TypeError(`Cannot run ${cell}: ${name} must be ${dtype}, got ${tensor.dtype}`);
  };
  for (const name of ["goBackwards", "returnSequences", "returnState"] as const) {
    const value: unknown = options[name];
    if (value !== undefined && typeof value !== "boolean")
      throw new TypeError(`Cannot run ${cell}: ${name} must be true or false, got ${quote(value)}`);
  }
  const { threads, implementation, instructions } = options;
  if (threads !== undefined && !(Number.isInteger(threads) && threads > 0))
    throw new RangeError(`Cannot run ${cell}: threads must be a positive integer, got ${quote(threads)}`);
  if (implementation !== undefined && implementation !== "native" && implementation !== "tensorflow")
    throw new RangeError(
      `Cannot run ${cell}: implementation must be "native" or "tensorflow", got ${quote(implementation)}`,
    );
  if (instructions !== undefined && typeof instructions !== "string")
    throw new TypeError(`Cannot run ${cell}: instructions must be a string, got ${quote(instructions)}`);
  for (const name of ["x", "kernel", "recurrentKernel"] as const) requireTensor(name, tensors[name]);
  if (x.rank !== 3)
    throw new RangeError(
      `Cannot run ${cell}: x must have shape [batch, time, features], got [${(x as tf.Tensor).shape.join(", ")}]`,
    );
  const [batch, time, features] = x.shape;
  const units = recurrentKernel.shape[0];
  check("x", x, [batch, time, features]);
  check("kernel", kernel, [features, gates * units]);
  check("recurrentKernel", recurrentKernel, [units, gates * units]);
  if (bias !== undefined) check("bias", bias, cell === "gru" ? [2, gates * units] : [gates * units]);
  if (mask !== undefined) check("mask", mask, [batch, time], "bool");
  if (initialState !== undefined && !Array.isArray(initialState))
    throw new TypeError(
      `Cannot run ${cell}: initialState must be a list of tensors, got ${quote(initialState)}`,
    );
  if (initialState && initialState.length !== states)
    throw new RangeError(
      `Cannot run ${cell}: initialState must hold ${states} tensors, got ${initialState.length}`,
    );
  initialState?.forEach((state, i) => {
    check(`initialState[${i}]`, state, [batch, units]);
  });
  const { input = [], state = [] } = dropoutMasks ?? {};
  for (const [name, masks, size] of [
    ["input", input, features],
    ["state", state, units],
  ] as const) {
    if (masks.length > 0 && masks.length !== gates)
      throw new RangeError(
        `Cannot run ${cell}: dropoutMasks.${name} must hold ${gates} tensors, got ${masks.length}`,
      );
    masks.forEach((each, i) => {
      check(`dropoutMasks.${name}[${i}]`, each, [batch, size]);
    });
  }
  return {
    ...tensors,
    cell,
    units,
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
