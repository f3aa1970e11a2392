import type * as tf from "../../tensorflow.js";
import { isModel, kindOf } from "../../tfjs/model-graph.js";
import type { Call, Place } from "./read-calls.js";
import { place } from "./read-calls.js";
import { ofLayer, type Refuse } from "./refusal.js";

type Taker = tf.layers.Layer & { readonly takesMasksAway?: boolean };

/** Layers whose output is their input while nothing is trained: in Keras 3 both are one tensor, with one mask. */
const passing = ["Dropout", "SpatialDropout1D", "GaussianNoise", "GaussianDropout", "AlphaDropout"];

function passesOn(layer: tf.layers.Layer): boolean {
  const kind = kindOf(layer);
  return passing.includes(kind) || (kind === "Activation" && layer.getConfig().activation === "linear");
}

/**
 * Makes sure that it is known which layers find a mask. From Keras 3.8 on MultiHeadAttention takes the masks off its
 * inputs: layers that are run later do not find them, and which are later depends on Keras where neither needs the other.
 *
 * @param calls - of a graph
 * @param layers - by name
 * @param isMasked - whether a tensor has a mask when it is made
 * @param refuse - throws
 */
export function requireKnownMasks(
  calls: readonly Call[],
  layers: ReadonlyMap<string, tf.layers.Layer>,
  isMasked: (tensor: Place) => boolean,
  refuse: Refuse,
): void {
  const users = new Map<Place, Call[]>();
  for (const call of calls)
    for (const input of new Set(call.inputs)) users.set(input, [...(users.get(input) ?? []), call]);
  const makers = new Map(calls.map((call) => [`${call.name}[${call.index}]`, call]));
  const makerOf = (tensor: Place): Call | undefined => makers.get(tensor.slice(0, tensor.lastIndexOf("[")));
  const needs = (call: Call, other: Call, seen = new Set<Call>()): boolean => {
    if (call === other) return true;
    if (seen.has(call)) return false;
    seen.add(call);
    return [...call.inputs, ...call.states].some((input) => {
      const maker = makerOf(input);
      return maker !== undefined && needs(maker, other, seen);
    });
  };
  for (const taker of calls) {
    const layer = layers.get(taker.name);
    if (layer === undefined || !takesMasksAway(layer)) continue;
    for (const tensor of new Set(taker.inputs.filter(isMasked))) {
      const others = (users.get(tensor) ?? []).filter((call) => call !== taker);
      const isClear = (call: Call) => !isModel(layer) && (needs(call, taker) || needs(taker, call));
      const unclear = others.find((call) => !isClear(call)) ?? passedOn(tensor, makerOf, layers, users);
      if (unclear === undefined) continue;
      ofLayer(
        refuse,
        unclear.kind,
        unclear.name,
      )(
        `it must not share a masked input with ${taker.name} unless one needs the other, since MultiHeadAttention takes the mask away from what Keras runs later, got ${tensor} for both`,
        { help: "save the model with Maximum()([x, x]) in between for one of them" },
      );
    }
  }
}

/** Whether the layers after it, or after a model that has it, find its inputs without masks. */
export function takesMasksAway(layer: tf.layers.Layer): boolean {
  return isModel(layer) ? layer.layers.some(takesMasksAway) : (layer as Taker).takesMasksAway === true;
}

/** Who else uses the input of a layer that passed it on. */
function passedOn(
  tensor: Place,
  makerOf: (tensor: Place) => Call | undefined,
  layers: ReadonlyMap<string, tf.layers.Layer>,
  users: ReadonlyMap<Place, Call[]>,
): Call | undefined {
  const maker = makerOf(tensor);
  const layer = maker && layers.get(maker.name);
  const [source] = maker?.inputs ?? [];
  if (maker === undefined || layer === undefined || source === undefined) return undefined;
  if (!passesOn(layer) || tensor !== place(maker.name, maker.index, 0)) return undefined;
  return users.get(source)?.find((call) => call !== maker) ?? passedOn(source, makerOf, layers, users);
}
