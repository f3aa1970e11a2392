import type { MergingLayer } from "../../layers/merging.js";
import { kindOf } from "../../model-graph.js";
import type * as tf from "../../tensorflow.js";
import { sharedLayers } from "./keras-layers.js";
import type { Call, Place } from "./read-calls.js";

/*
 * Masks as texts: what Keras's ops compute, and what layers here compute by themselves, so that the two can be compared.
 */

/** The mask that a layer makes. */
export function ownMask({ kind, config }: Call, input: Place): string {
  return kind === "Masking" ? `any(${input} != ${config.mask_value ?? 0}, axis -1)` : `${input} != 0`;
}

/**
 * The mask of what a layer merges.
 *
 * @param call - of the layer
 * @param layer - any
 * @param masks - of tensors
 * @returns nothing for other layers
 */
export function mergedMask(
  { inputs }: Call,
  layer: tf.layers.Layer,
  masks: ReadonlyMap<Place, string>,
): string | undefined {
  const kind = kindOf(layer);
  if (sharedLayers[kind]?.mask !== "merges") return undefined;
  const { maskRule } = layer as MergingLayer;
  const own = inputs.map((input) => masks.get(input));
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
 * What an op of a mask computes.
 *
 * @param call - of the op
 * @param ops - what those before it compute
 * @returns the text
 */
export function maskOp({ kind, inputs, constants, config }: Call, ops: ReadonlyMap<Place, string>): string {
  const values = inputs.map((input) => ops.get(input) ?? input);
  const [first = "", second] = values;
  if (kind === "NotEqual" || config.function === "math.not_equal")
    return inputs.length === 1 ? `${inputs[0]} != ${constants[0]}` : "unknown";
  if (kind === "ConvertToTensor") return ops.get(inputs[0] ?? "") ?? "unknown";
  if (kind === "ExpandDims") return `expand(${first}, ${config.axis})`;
  if (kind === "BroadcastTo") return `spread(${first})`;
  if (kind === "ZerosLike") return "zeros";
  if (kind === "OnesLike") return "ones";
  if (kind === "LogicalOr") return second === "zeros" ? `spread(${first})` : `or(${first}, ${second})`;
  if (kind === "Concatenate") return `concat(${values.join(", ")}, axis ${config.axis})`;
  return `${kind === "All" ? "all" : "any"}(${first}, axis ${config.axis ?? -1})`;
}
