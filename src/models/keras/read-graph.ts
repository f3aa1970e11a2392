import { inspect } from "node:util";
import { isReadError } from "../../datasets/formats/index.js";
import * as tf from "../../tensorflow.js";
import { type Config, isConfig } from "./keras-values.js";
import { keepsMask, makesMask, refusesMask } from "./masks.js";

/** Name of a layer, number of its call, number of the output. */
type Place = string;

interface Call {
  readonly name: string;
  readonly kind: string;
  readonly config: Config;
  /** Which call of its layer */
  readonly index: number;
  readonly inputs: readonly Place[];
  readonly constants: readonly unknown[];
  readonly states: readonly Place[];
  readonly mask: Place | undefined;
}

/** Ops that Keras writes beside the layers where a mask is computed. */
const maskOps = ["NotEqual", "Any"];

/**
 * Builds a functional model from its configuration. Keras 3 writes masks as ops of their own, here layers compute them:
 * so a mask in the file must be the one that the layers give.
 *
 * @param config - `{ name, layers, input_layers, output_layers }`
 * @param makeLayer - builds a layer from `{ class_name, config }`
 * @param refuse - throws the error that names the file
 * @returns the model
 */
export function buildGraph(
  config: Config,
  makeLayer: (written: unknown) => tf.layers.Layer,
  refuse: (rule: string, cause?: unknown) => never,
): tf.LayersModel {
  const layers = new Map<string, tf.layers.Layer>();
  const tensors = new Map<Place, tf.SymbolicTensor>();
  /** How the mask of a tensor is computed, and what the ops compute */
  const masks = new Map<Place, string>();
  const ops = new Map<Place, string>();
  const calls: Call[] = [];
  for (const written of Array.isArray(config.layers)
    ? config.layers
    : refuse("a model must have a list of layers")) {
    const name = isConfig(written)
      ? String(written.name)
      : refuse(`layers must be objects, got ${inspect(written)}`);
    if (layers.has(name)) refuse(`layers must have names of their own, got ${name} twice`);
    if (!maskOps.includes(String(written.class_name))) {
      const layer = makeLayer(written);
      layers.set(name, layer);
      const [input] = layer.getClassName() === "InputLayer" ? [layer.output].flat() : [];
      if (input) tensors.set(place(name, 0, 0), input);
    }
    calls.push(...callsIn(written, name, refuse));
  }

  const run = (call: Call): void => {
    const layer = layers.get(call.name);
    const [first = ""] = call.inputs;
    if (layer === undefined) {
      ops.set(place(call.name, call.index, 0), maskOp(call, ops));
      return;
    }
    const mask = masks.get(first);
    if (call.mask !== undefined && ops.get(call.mask) !== mask) {
      refuse(
        `${call.name} must use the mask of its input, got another one, which TensorFlow.js cannot give it`,
      );
    }
    if (mask !== undefined && call.states.length > 0 && call.mask === undefined) {
      refuse(
        `${call.name} must be given the mask of its input, since Keras leaves it out where there is an initial_state, got no mask`,
      );
    }
    if (mask !== undefined && refusesMask(call.kind, call.config)) {
      refuse(`${call.kind} must not follow a mask, got one that does: it would count masked steps`);
    }
    const inputs = [...call.inputs, ...call.states].map(
      (input) =>
        tensors.get(input) ?? refuse(`${call.name} must compute with layers' outputs, got the op ${input}`),
    );
    const outputs = apply(layer, inputs, refuse);
    outputs.forEach((output, i) => {
      tensors.set(place(call.name, call.index, i), output);
    });
    const own = makesMask(call.kind, call.config) ? ownMask(call, first) : undefined;
    const passed = keepsMask(call.kind, call.config) ? mask : undefined;
    const output = own ?? passed;
    if (output !== undefined) masks.set(place(call.name, call.index, 0), output);
  };

  const done = new Set<Place>();
  for (let waiting = calls; waiting.length > 0; ) {
    const later = waiting.filter((call) => {
      const needed = [...call.inputs, ...call.states, ...(call.mask === undefined ? [] : [call.mask])];
      const isReady = needed.every((each) => tensors.has(each) || ops.has(each));
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
  const ends = (written: unknown) =>
    placesOf(written, refuse).map(
      (each) => tensors.get(each) ?? refuse(`the model must have ${each}, got no such output`),
    );
  const [inputs, outputs] = [ends(config.input_layers), ends(config.output_layers)];
  try {
    return tf.model({ inputs, outputs, ...(typeof config.name === "string" ? { name: config.name } : {}) });
  } catch (cause) {
    return refuse(
      `the model must lead from its inputs to its outputs, got ${(cause as Error).message}`,
      cause,
    );
  }
}

function apply(
  layer: tf.layers.Layer,
  inputs: readonly tf.SymbolicTensor[],
  refuse: (rule: string, cause?: unknown) => never,
): tf.SymbolicTensor[] {
  try {
    const [only] = inputs;
    const outputs = layer.apply(inputs.length === 1 && only ? only : [...inputs]);
    return [outputs].flat() as tf.SymbolicTensor[];
  } catch (cause) {
    if (isReadError(cause)) throw cause;
    return refuse(`${layer.name} must fit its inputs, got what does not: ${(cause as Error).message}`, cause);
  }
}

/** The calls of a layer, as Keras 3 writes them (`{ args, kwargs }`) or Keras 2 (lists of sources). */
function callsIn(written: Config, name: string, refuse: (rule: string) => never): Call[] {
  const { class_name: kind, config, inbound_nodes: nodes = [] } = written;
  if (!Array.isArray(nodes))
    return refuse(`${name} must have a list of calls, got ${inspect(nodes, { depth: 0 })}`);
  return nodes.map((node: unknown, index) => {
    const call = { name, kind: String(kind), config: isConfig(config) ? config : {}, index };
    if (isConfig(node)) {
      const { training, mask, initial_state: states, ...others } = isConfig(node.kwargs) ? node.kwargs : {};
      const odd = Object.entries(others).find(([, value]) => value !== null);
      if (odd || training === true) {
        return refuse(`${name} must be called with its input alone, got ${odd ? odd[0] : "training: true"}`);
      }
      const args = [node.args].flat(3);
      return {
        ...call,
        inputs: args.flatMap(tensorPlaces),
        constants: args.filter((arg) => tensorPlaces(arg).length === 0),
        states: [states].flat().flatMap(tensorPlaces),
        mask: [mask].flat().flatMap(tensorPlaces)[0],
      };
    }
    return { ...call, inputs: placesOf(node, refuse), constants: [], states: [], mask: undefined };
  });
}

function tensorPlaces(argument: unknown): Place[] {
  const config =
    isConfig(argument) && argument.class_name === "__keras_tensor__" ? argument.config : undefined;
  const history = isConfig(config) ? config.keras_history : undefined;
  return Array.isArray(history) ? [place(history[0], history[1], history[2])] : [];
}

/** Places written as `[name, call, output]`, one or a list of them. */
function placesOf(written: unknown, refuse: (rule: string) => never): Place[] {
  const values = isConfig(written) ? Object.values(written) : written;
  if (!Array.isArray(values)) return refuse(`inputs and outputs must be lists, got ${inspect(written)}`);
  const list: unknown[] = typeof values[0] === "string" ? [values] : values;
  return list.map((each) =>
    Array.isArray(each) && typeof each[0] === "string"
      ? place(each[0], each[1], each[2])
      : refuse(`inputs and outputs must be written as name, call and output, got ${inspect(each)}`),
  );
}

function place(name: unknown, call: unknown, output: unknown): Place {
  return `${name}[${call}][${output}]`;
}

/** The mask that a layer makes, written as what Keras's ops compute. */
function ownMask({ kind, config }: Call, input: Place): string {
  return kind === "Masking" ? `any(${input} != ${config.mask_value ?? 0}, axis -1)` : `${input} != 0`;
}

function maskOp({ kind, inputs, constants, config }: Call, ops: ReadonlyMap<Place, string>): string {
  const [input = ""] = inputs;
  if (kind === "NotEqual" && inputs.length === 1) return `${input} != ${constants[0]}`;
  return `any(${ops.get(input) ?? input}, axis ${config.axis})`;
}
