import type { MergingLayer } from "../../layers/merging.js";
import type * as tf from "../../tensorflow.js";
import { kindOf } from "../../tfjs/model-graph.js";
import { sharedLayers } from "./keras-layers.js";
import type { Call, Place } from "./read-calls.js";
import type { OperationCall } from "./read-operations.js";

/*
 * Masks as texts: what Keras's ops compute, and what layers here compute by themselves, so that the two can be compared.
 */

/** The mask that a layer makes. */
export function madeMask({ kind, config }: Call, input: Place): string {
  return kind === "Masking" ? `any(${input} != ${config.mask_value ?? 0}, axis -1)` : `${input} != 0`;
}

/**
 * The mask of what a layer merges.
 *
 * @param call - of the layer
 * @param layer - any
 * @param maskOf - gives the mask of a tensor, if it has one
 * @returns nothing for other layers
 */
export function mergedMask(
  { inputs }: Call,
  layer: tf.layers.Layer,
  maskOf: (tensor: Place) => string | undefined,
): string | undefined {
  const kind = kindOf(layer);
  if (sharedLayers[kind]?.mask !== "merges") return undefined;
  const { maskRule } = layer as MergingLayer;
  const own = inputs.map(maskOf);
  if (kind !== "Concatenate") {
    const given = own.filter((mask) => mask !== undefined);
    if (maskRule === "any") return given.reduce((before, mask) => `or(${before}, ${mask})`);
    return `all(concat(${given.map((mask) => `expand(${mask}, 0)`).join(", ")}, axis 0), axis 0)`;
  }
  const parts = own.map((mask) => {
    if (mask === undefined) return "ones";
    return maskRule === "any" ? `spread(expand(${mask}, -1))` : `expand(${mask}, -1)`;
  });
  return `${maskRule}(concat(${parts.join(", ")}, axis ${layer.getConfig().axis}), axis -1)`;
}

/**
 * What an operation computes, if it is one that Keras writes beside the layers for a mask.
 *
 * @param call - of the operation
 * @param textOf - what its inputs are
 * @returns the text; one of its own for other operations
 */
export function maskOp(
  { name, definition, inputs }: OperationCall,
  textOf: (input: Place) => string,
): string {
  const { operation, operands, options } = definition;
  const values = inputs.map(textOf);
  const [first = "", second] = values;
  if (operation === "NotEqual" && inputs.length === 1) return `${inputs[0]} != ${operands[1]}`;
  if (operation === "ConvertToTensor" && first !== inputs[0]) return first;
  if (operation === "ExpandDims") return `expand(${first}, ${options.axis})`;
  if (operation === "BroadcastTo") return `spread(${first})`;
  if (operation === "ZerosLike") return "zeros";
  if (operation === "OnesLike") return "ones";
  if (operation === "LogicalOr") return second === "zeros" ? `spread(${first})` : `or(${first}, ${second})`;
  if (operation === "Concatenate") return `concat(${values.join(", ")}, axis ${options.axis})`;
  if (operation === "All" || operation === "Any")
    return `${operation.toLowerCase()}(${first}, axis ${options.axis ?? -1})`;
  return `the operation ${name}`;
}
