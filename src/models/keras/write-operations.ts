import type { Operand, Operation } from "../../layers/operation.js";
import { operations } from "../../layers/operations.js";
import { type Config, kerasObject } from "./keras-values.js";

/** What Keras 3 writes for an operation between layers. */
export function writeOperation({ name, definition }: Operation): Config {
  const { operation, options } = definition;
  const { transpose_b: isTurned, ...others } = options;
  if (isTurned)
    throw new RangeError(
      `Cannot write model for Keras: ${name} must multiply without transpose_b, which Keras 3 does not have, got true`,
    );
  const { module } = operations[operation] ?? {};
  return {
    ...kerasObject(`keras.src.ops.${module}`, operation, { name, ...others }),
    registered_name: operation,
  };
}

/**
 * What Keras 3 calls an operation with.
 *
 * @param layer - the operation
 * @param inputs - as they are written
 * @returns its arguments
 */
export function writeOperands({ definition }: Operation, inputs: readonly unknown[]): unknown[] {
  const left = [...inputs];
  const args = definition.operands.map((operand) => (operand === null ? left.shift() : constant(operand)));
  return operations[definition.operation]?.isList ? [args] : args;
}

function constant(operand: Operand): unknown {
  if (!Array.isArray(operand)) return operand;
  return { class_name: "__numpy__", config: { value: operand, dtype: "float32" } };
}
