import { inspect } from "node:util";
import { isReadError } from "../../formats/read-error.js";
import { WithMask } from "../../layers/with-mask.js";
import { isModel } from "../../model-graph.js";
import * as tf from "../../tensorflow.js";
import { type Config, isConfig, type KerasVersion } from "./keras-values.js";
import { maskOp, mergedMask, ownMask } from "./mask-ops.js";
import { makesMask, maskedOutputs } from "./masks.js";
import { type Call, callsIn, type Place, place, placesOf } from "./read-calls.js";
import {
  isNothing,
  isOperation,
  makeOperation,
  type OperationCall,
  readOperation,
} from "./read-operations.js";
import { ofLayer, type Refuse } from "./refusal.js";
import { readSlice } from "./slices.js";
import { requireKnownMasks } from "./taken-masks.js";

/**
 * Builds a functional model from its configuration. Masks that are computed by ops of their own must be those that
 * layers give here; one that an input gives is taken as it is.
 *
 * @param config - `{ name, layers, input_layers, output_layers }`
 * @param version - of the Keras that wrote it
 * @param makeLayer - builds a layer from `{ class_name, config }`
 * @param refuse - throws the error that names the file
 * @returns the model
 */
export function buildGraph(
  config: Config,
  version: KerasVersion,
  makeLayer: (written: unknown) => tf.layers.Layer,
  refuse: Refuse,
): tf.LayersModel {
  const layers = new Map<string, tf.layers.Layer>();
  const tensors = new Map<Place, tf.SymbolicTensor>();
  /** How the mask of a tensor is computed */
  const masks = new Map<Place, string>();
  const operations = new Map<Place, OperationCall>();
  const calls: Call[] = [];
  for (const each of Array.isArray(config.layers)
    ? config.layers
    : refuse("a model must have a list of layers")) {
    const written = readSlice(each, refuse);
    if (!isConfig(written)) return refuse(`layers must be objects, got ${inspect(written)}`);
    const name = String(written.name);
    if (layers.has(name)) refuse(`layers must have names of their own, got ${name} twice`);
    const refuseIt = ofLayer(refuse, String(written.class_name), name);
    if (isOperation(written, version)) {
      operations.set(place(name, 0, 0), readOperation(written, refuseIt));
      continue;
    }
    const layer = makeLayer(written);
    layers.set(name, layer);
    const [input] = layer.getClassName() === "InputLayer" ? [layer.output].flat() : [];
    if (input) tensors.set(place(name, 0, 0), input);
    calls.push(...callsIn(written, name, version, refuseIt));
  }

  const textOf = (tensor: Place): string => {
    const operation = operations.get(tensor);
    return operation === undefined ? tensor : maskOp(operation, textOf);
  };
  /** Operations are computed where their values are needed: for a mask it may be enough to know what they are. */
  const tensorOf = (tensor: Place): tf.SymbolicTensor => {
    const known = tensors.get(tensor);
    const operation = operations.get(tensor);
    if (known !== undefined) return known;
    if (operation === undefined) return refuse(`the model must have ${tensor}, got no such output`);
    const inputs = operation.inputs.map(tensorOf);
    if (isNothing(operation, inputs)) {
      // The tensor itself, with its mask, as in Keras.
      const [source = ""] = operation.inputs;
      const mask = masks.get(source);
      if (mask !== undefined) masks.set(tensor, mask);
      tensors.set(tensor, inputs[0] as tf.SymbolicTensor);
      return inputs[0] as tf.SymbolicTensor;
    }
    const refuseIt = ofLayer(refuse, operation.definition.operation, operation.name);
    const layer = makeOperation(operation, refuseIt);
    layers.set(operation.name, layer);
    const [output] = apply(layer, inputs, {}, refuseIt) as [tf.SymbolicTensor];
    tensors.set(tensor, output);
    return output;
  };
  const isKnown = (tensor: Place): boolean =>
    tensors.has(tensor) || operations.get(tensor)?.inputs.every(isKnown) === true;

  const run = (call: Call): void => {
    const layer = layers.get(call.name) as tf.layers.Layer;
    const refuseIt = ofLayer(refuse, call.kind, call.name);
    const [first = ""] = call.inputs;
    const inputs = [...call.inputs, ...call.states].map(tensorOf);
    const mask = masks.get(first);
    // A mask may be told by what computes it, or by the input that it is.
    const told = call.mask === undefined ? undefined : textOf(call.mask);
    const given = call.mask !== undefined && told !== mask ? tensorOf(call.mask) : undefined;
    if (version.major === 3 && mask !== undefined && call.states.length > 0 && call.mask === undefined) {
      refuseIt(
        "it must be given the mask of its input, since Keras leaves it out where there is an initial_state, got no mask",
        { help: "call the layer with mask=, too, and save the model again" },
      );
    }
    if (given) {
      const masking = new WithMask({ name: `${call.name}_mask_${call.index}` });
      inputs.splice(0, 1, ...apply(masking, [inputs[0] as tf.SymbolicTensor, given], {}, refuseIt));
    }
    const isMasked = call.inputs.map((input, i) => masks.has(input) || (i === 0 && given !== undefined));
    const masked = maskedOutputs(layer, isMasked, refuse, version);
    const args = { ...call.told, ...(call.training === undefined ? {} : { training: call.training }) };
    apply(layer, inputs, args, refuseIt).forEach((output, i) => {
      const key = place(call.name, call.index, i);
      tensors.set(key, output);
      if (!masked[i]) return;
      const passed = isModel(layer) ? undefined : (told ?? mask);
      const merged = mergedMask(call, layer, masks);
      masks.set(key, makesMask(layer) ? ownMask(call, first) : (merged ?? passed ?? `the mask of ${key}`));
    });
  };

  const done = new Set<Place>();
  // Keras 2 does not count the call that a model is made with, but leaves its number out.
  const ends = (written: unknown): Place[] => placesOf(written, refuse);
  const [inputPlaces, outputPlaces] = [ends(config.input_layers), ends(config.output_layers)];
  const asked = [...calls.flatMap(neededBy), ...outputPlaces];
  for (const call of calls) {
    const layer = layers.get(call.name);
    if (layer === undefined || !isModel(layer) || asked.some((each) => each.startsWith(`${call.name}[0][`)))
      continue;
    if (call.index === 0) done.add(place(call.name, 0, 0));
    call.index += 1;
  }
  for (let waiting = calls; waiting.length > 0; ) {
    const later = waiting.filter((call) => {
      const isReady = neededBy(call).every(isKnown);
      if (!isReady || (call.index > 0 && !done.has(place(call.name, call.index - 1, 0)))) return true;
      run(call);
      done.add(place(call.name, call.index, 0));
      return false;
    });
    if (later.length === waiting.length) {
      refuse(
        `layers must follow each other from the inputs, got ${later[0]?.name}, which has no such inputs`,
      );
    }
    waiting = later;
  }
  requireKnownMasks(calls, layers, (tensor) => masks.has(tensor), refuse);
  const [inputs, outputs] = [inputPlaces.map(tensorOf), outputPlaces.map(tensorOf)];
  try {
    const name = typeof config.name === "string" ? { name: config.name } : {};
    const model = tf.model({ inputs, outputs, ...name });
    // Keras's files count layers in this order.
    const order = [...layers.values()];
    model.layers.sort((a, b) => order.indexOf(a) - order.indexOf(b));
    return model;
  } catch (cause) {
    return refuse(`the model must lead from its inputs to its outputs, got ${(cause as Error).message}`, {
      cause,
    });
  }
}

function neededBy({ inputs, states, mask }: Call): Place[] {
  return [...inputs, ...states, ...(mask === undefined ? [] : [mask])];
}

function apply(
  layer: tf.layers.Layer,
  inputs: readonly tf.SymbolicTensor[],
  args: object,
  refuse: Refuse,
): tf.SymbolicTensor[] {
  try {
    const [only] = inputs;
    const outputs = layer.apply(inputs.length === 1 && only ? only : [...inputs], args);
    return [outputs].flat() as tf.SymbolicTensor[];
  } catch (cause) {
    if (isReadError(cause)) throw cause;
    return refuse(`it must fit its inputs, got what does not: ${(cause as Error).message}`, { cause });
  }
}
