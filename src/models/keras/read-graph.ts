import { inspect } from "node:util";
import { isReadError } from "../../formats/read-error.js";
import { WithMask } from "../../layers/with-mask.js";
import * as tf from "../../tensorflow.js";
import { isModel, kindOf } from "../../tfjs/model-graph.js";
import { type Config, isConfig, type KerasVersion } from "./keras-values.js";
import { madeMask, maskOp, mergedMask } from "./mask-ops.js";
import { type Maskable, makesMask, maskedOutputs } from "./masks.js";
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
import { requireStateOrder } from "./state-order.js";
import { requireKnownMasks, takesMasksAway } from "./taken-masks.js";

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
  makeLayer: MakeLayer,
  refuse: Refuse,
): tf.LayersModel {
  const graph = new Graph(version, refuse);
  graph.read(config.layers, makeLayer);
  // Keras 2 does not count the call that a model is made with, but leaves its number out.
  const [inputs, outputs] = [placesOf(config.input_layers, refuse), placesOf(config.output_layers, refuse)];
  graph.run(outputs);
  return graph.model(inputs, outputs, typeof config.name === "string" ? config.name : undefined);
}

type MakeLayer = (written: unknown) => tf.layers.Layer;

/** A functional model that is being built: what is known of its layers, and of the tensors between them. */
class Graph {
  readonly #version: KerasVersion;
  readonly #refuse: Refuse;
  readonly #layers = new Map<string, tf.layers.Layer>();
  readonly #tensors = new Map<Place, tf.SymbolicTensor>();
  /** How the mask of a tensor is computed, and how many axes it has. */
  readonly #masks = new Map<Place, { readonly text: string; readonly axes: number }>();
  /** Tensors whose mask MultiHeadAttention has taken away, and what follows from them: Keras knows it as it built the model. */
  readonly #taken = new Set<Place>();
  readonly #operations = new Map<Place, OperationCall>();
  readonly #calls: Call[] = [];
  /** The first outputs of the calls that have been run. */
  readonly #done = new Set<Place>();

  constructor(version: KerasVersion, refuse: Refuse) {
    this.#version = version;
    this.#refuse = refuse;
  }

  /** Reads the layers and their calls. */
  read(written: unknown, makeLayer: MakeLayer): void {
    const refuse = this.#refuse;
    for (const each of Array.isArray(written) ? written : refuse("a model must have a list of layers")) {
      const layer = readSlice(each, refuse);
      if (isConfig(layer)) this.#readLayer(layer, makeLayer);
      else refuse(`layers must be objects, got ${inspect(layer)}`);
    }
  }

  #readLayer(written: Config, makeLayer: MakeLayer): void {
    const name = String(written.name);
    if (this.#layers.has(name)) this.#refuse(`layers must have names of their own, got ${name} twice`);
    const refuseIt = ofLayer(this.#refuse, String(written.class_name), name);
    if (isOperation(written, this.#version)) {
      this.#operations.set(place(name, 0, 0), readOperation(written, refuseIt));
      return;
    }
    const layer = makeLayer(written);
    this.#layers.set(name, layer);
    const [input] = layer.getClassName() === "InputLayer" ? [layer.output].flat() : [];
    if (input) this.#tensors.set(place(name, 0, 0), input);
    this.#calls.push(...callsIn(written, name, this.#version, refuseIt));
  }

  /** Runs the calls, each when its inputs are there. */
  run(outputs: readonly Place[]): void {
    this.#countCalls(outputs);
    for (let waiting = this.#calls; waiting.length > 0; ) {
      const later = waiting.filter((call) => {
        if (!this.#isReady(call)) return true;
        this.#run(call);
        this.#done.add(place(call.name, call.index, 0));
        return false;
      });
      if (later.length === waiting.length) {
        this.#refuse(
          `layers must follow each other from the inputs, got ${later[0]?.name}, which has no such inputs`,
        );
      }
      waiting = later;
    }
    requireKnownMasks(this.#calls, this.#layers, (tensor) => this.#masks.has(tensor), this.#refuse);
  }

  /** Nobody asks for what the call has put out that a nested model was made with: the others follow it. */
  #countCalls(outputs: readonly Place[]): void {
    const asked = [...this.#calls.flatMap(neededBy), ...outputs];
    for (const call of this.#calls) {
      const layer = this.#layers.get(call.name);
      if (layer === undefined || !isModel(layer) || asked.some((each) => each.startsWith(`${call.name}[0][`)))
        continue;
      if (call.index === 0) this.#done.add(place(call.name, 0, 0));
      call.index += 1;
    }
  }

  #isReady(call: Call): boolean {
    const isTurn = call.index === 0 || this.#done.has(place(call.name, call.index - 1, 0));
    return isTurn && neededBy(call).every((tensor) => this.#isKnown(tensor));
  }

  #isKnown(tensor: Place): boolean {
    const needed = this.#operations.get(tensor)?.inputs;
    return this.#tensors.has(tensor) || needed?.every((input) => this.#isKnown(input)) === true;
  }

  #textOf(tensor: Place): string {
    const operation = this.#operations.get(tensor);
    return operation === undefined ? tensor : maskOp(operation, (input) => this.#textOf(input));
  }

  /** Operations are computed where their values are needed: for a mask it may be enough to know what they are. */
  #tensorOf(tensor: Place): tf.SymbolicTensor {
    const known = this.#tensors.get(tensor);
    const operation = this.#operations.get(tensor);
    if (known !== undefined) return known;
    if (operation === undefined) return this.#refuse(`the model must have ${tensor}, got no such output`);
    const inputs = operation.inputs.map((input) => this.#tensorOf(input));
    if (isNothing(operation, inputs)) {
      // The tensor itself, with its mask, as in Keras.
      const [source = ""] = operation.inputs;
      const mask = this.#masks.get(source);
      if (mask !== undefined) this.#masks.set(tensor, mask);
      this.#tensors.set(tensor, inputs[0] as tf.SymbolicTensor);
      return inputs[0] as tf.SymbolicTensor;
    }
    const refuseIt = ofLayer(this.#refuse, operation.definition.operation, operation.name);
    const layer = makeOperation(operation, refuseIt);
    this.#layers.set(operation.name, layer);
    const [output] = apply(layer, inputs, {}, refuseIt) as [tf.SymbolicTensor];
    this.#tensors.set(tensor, output);
    return output;
  }

  #run(call: Call): void {
    const layer = this.#layers.get(call.name) as tf.layers.Layer;
    const refuseIt = ofLayer(this.#refuse, call.kind, call.name);
    const [first = ""] = call.inputs;
    const inputs = [...call.inputs, ...call.states].map((input) => this.#tensorOf(input));
    const mask = this.#masks.get(first)?.text;
    // A mask may be told by what computes it, or by the input that it is.
    const told = call.mask === undefined ? undefined : this.#textOf(call.mask);
    const isKept = told === mask && !this.#taken.has(first);
    const given = call.mask !== undefined && !isKept ? this.#tensorOf(call.mask) : undefined;
    this.#requireMasks(call, layer, mask, given, refuseIt);
    requireStateOrder(layer, call.states.length > 0, this.#version, refuseIt);
    if (given) {
      const masking = new WithMask({ name: `${call.name}_mask_${call.index}` });
      inputs.splice(0, 1, ...apply(masking, [inputs[0] as tf.SymbolicTensor, given], {}, refuseIt));
    }
    const maskAxes = maskedOutputs(layer, this.#maskable(call, given), this.#refuse, this.#version);
    const isLost = given === undefined && call.inputs.some((input) => this.#taken.has(input));
    if (takesMasksAway(layer)) for (const input of call.inputs) this.#taken.add(input);
    const args = {
      ...call.told,
      ...(call.training === undefined ? {} : { training: call.training }),
      // Keras 3 hands a mask on only to what is called with one tensor. The output has it all the same.
      ...(this.#version.major === 3 && mask !== undefined && call.states.length > 0 && call.mask === undefined
        ? { withoutMask: true }
        : {}),
    };
    apply(layer, inputs, args, refuseIt).forEach((output, i) => {
      const key = place(call.name, call.index, i);
      this.#tensors.set(key, output);
      if (isLost) this.#taken.add(key);
      const axes = maskAxes[i] ?? 0;
      if (axes === 0) return;
      const passed = isModel(layer) ? undefined : (told ?? mask);
      const merged = mergedMask(call, layer, (tensor) => this.#masks.get(tensor)?.text);
      const kept = merged ?? passed ?? `the mask of ${key}`;
      this.#masks.set(key, { text: makesMask(layer) ? madeMask(call, first) : kept, axes });
    });
  }

  #maskable({ inputs }: Call, given: tf.SymbolicTensor | undefined): Maskable[] {
    return inputs.map((input, i) => ({
      axes: this.#tensorOf(input).shape.length,
      maskAxes: (i === 0 ? given?.shape.length : undefined) ?? this.#masks.get(input)?.axes ?? 0,
    }));
  }

  /** Masks that Keras would use, or leave out, where this would not. */
  #requireMasks(
    call: Call,
    layer: tf.layers.Layer,
    mask: string | undefined,
    given: tf.SymbolicTensor | undefined,
    refuseIt: Refuse,
  ): void {
    const { major, minor } = this.#version;
    const isMasked = mask !== undefined || given !== undefined;
    if (major === 2 && minor < 12 && call.training && kindOf(layer) === "BatchNormalization" && isMasked)
      refuseIt(
        "it must not be called with training=True after a mask, which Keras leaves out of account before 2.12, got both",
      );
    if (
      call.isUnmasked &&
      !isModel(layer) &&
      this.#maskable(call, given).some(({ maskAxes }) => maskAxes > 0)
    )
      refuseIt("it must be called with the masks of its inputs, got mask=[None, …] for inputs that have one");
  }

  /** Makes the model when all calls have been run. */
  model(
    inputPlaces: readonly Place[],
    outputPlaces: readonly Place[],
    name: string | undefined,
  ): tf.LayersModel {
    const [inputs, outputs] = [inputPlaces, outputPlaces].map((places) =>
      places.map((tensor) => this.#tensorOf(tensor)),
    ) as [tf.SymbolicTensor[], tf.SymbolicTensor[]];
    try {
      const model = tf.model({ inputs, outputs, ...(name === undefined ? {} : { name }) });
      // Keras's files count layers in this order.
      const order = [...this.#layers.values()];
      model.layers.sort((a, b) => order.indexOf(a) - order.indexOf(b));
      return model;
    } catch (cause) {
      return this.#refuse(
        `the model must lead from its inputs to its outputs, got ${(cause as Error).message}`,
        { cause },
      );
    }
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
