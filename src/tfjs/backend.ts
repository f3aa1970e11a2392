import type { NodeJSKernelBackend } from "@tensorflow/tfjs-node/dist/nodejs_kernel_backend.js";
import type { Hidden } from "./hidden.js";
import * as tf from "./tensorflow.js";

/** tfjs-node's backend, with what lies below tensors. */
export type NodeBackend = Pick<NodeJSKernelBackend, "binding" | "executeMultipleOutputs" | "readSync"> &
  Hidden["backend"];

/** An op's attributes as the binding takes them. */
export type OpAttributes = Parameters<NodeJSKernelBackend["executeMultipleOutputs"]>[1];

/**
 * Gives the backend, whatever tfjs's types say about it.
 *
 * @returns tfjs-node's backend
 */
export function nodeBackend(): NodeBackend {
  return tf.backend() as NodeJSKernelBackend & Hidden["backend"];
}

/**
 * Makes attributes of an op.
 *
 * @param values - strings, integers and switches by name
 * @returns what the binding takes
 */
export function opAttributes(values: Readonly<Record<string, string | number | boolean>>): OpAttributes {
  const { TF_ATTR_STRING, TF_ATTR_INT, TF_ATTR_BOOL } = nodeBackend().binding;
  const types = { string: TF_ATTR_STRING, number: TF_ATTR_INT, boolean: TF_ATTR_BOOL };
  return Object.entries(values).map(([name, value]) => ({
    name,
    type: types[typeof value as keyof typeof types],
    value,
  }));
}

/**
 * Runs an op of TensorFlow, which puts nothing on the tape.
 *
 * @param name - its name
 * @param attributes - its attributes, where they are not what they are for missing ones
 * @param inputs - its inputs in order
 * @param outputs - how many outputs it has
 * @returns the outputs
 * @throws {Error} when the op refuses an argument
 */
export function runOp(
  name: string,
  attributes: Readonly<Record<string, string | number | boolean>>,
  inputs: tf.Tensor[],
  outputs: number,
): tf.Tensor[] {
  return nodeBackend().executeMultipleOutputs(name, opAttributes(attributes), inputs, outputs);
}
