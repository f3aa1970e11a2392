import { inspect } from "node:util";
import { sharedLayers } from "./keras-layers.js";
import { type Config, isConfig, type KerasVersion, toCamel } from "./keras-values.js";
import type { Refuse } from "./refusal.js";

/** Name of a layer, number of its call, number of the output. */
export type Place = string;

/** One call of a layer. */
export interface Call {
  readonly name: string;
  readonly kind: string;
  readonly config: Config;
  /** Which call of its layer */
  index: number;
  readonly inputs: readonly Place[];
  readonly states: readonly Place[];
  readonly mask: Place | undefined;
  /** Whether it names a list of masks of nothing */
  readonly isUnmasked: boolean;
  /** Whether the layer trains, where the call says so for good */
  readonly training: boolean | undefined;
  /** What else the call says, as the layer here takes it */
  readonly told: Readonly<Record<string, boolean>>;
}

/**
 * The calls of a layer, as Keras 3 writes them (`{ args, kwargs }`) or Keras 2 (lists of sources, each with arguments).
 *
 * @param written - the layer's configuration
 * @param name - of the layer
 * @param version - of the Keras that wrote it
 * @param refuse - throws for arguments that have no counterpart, and names the layer
 * @returns its calls, in their order
 */
export function callsIn(written: Config, name: string, version: KerasVersion, refuse: Refuse): Call[] {
  const { class_name: kind, config, inbound_nodes: nodes = [] } = written;
  if (!Array.isArray(nodes))
    return refuse(`it must have a list of calls, got ${inspect(nodes, { depth: 0 })}`);
  return nodes.map((node: unknown, index) => {
    const own = isConfig(config) ? config : {};
    const call = { name, kind: String(kind), config: own, index };
    if (isConfig(node)) {
      const args = [node.args].flat(3);
      requireNoConstants(args, refuse);
      const kwargs = isConfig(node.kwargs) ? node.kwargs : {};
      return {
        ...call,
        ...keywords(call, args.flatMap(tensorPlaces), kwargs, version, tensorPlaces, refuse),
      };
    }
    const sources = Array.isArray(node) ? flat(node) : refuse("it must be called with a list");
    const kwargs = sources.map((source) => (Array.isArray(source) && isConfig(source[3]) ? source[3] : {}));
    const all = Object.assign({}, ...kwargs);
    return { ...call, ...keywords(call, placesOf(sources, refuse), all, version, listPlaces, refuse) };
  });
}

/** Sources one after the other: the states of several cells are lists in the list. */
function flat(sources: readonly unknown[]): unknown[] {
  const isList = (source: unknown) => Array.isArray(source) && Array.isArray(source[0]);
  return sources.flatMap((source) => (isList(source) ? flat(source as unknown[]) : [source]));
}

/** What stands in a call without a name besides tensors: none of the layers takes its options so. */
function requireNoConstants(args: readonly unknown[], refuse: Refuse): void {
  const isUsed = (arg: unknown) => arg !== null && arg !== false && arg !== undefined;
  const other = args.find((arg) => isUsed(arg) && tensorPlaces(arg).length === 0);
  if (other !== undefined) refuse(`it must be called with its input alone, got ${shown(other)} besides`);
}

/** What a layer is called with. */
function keywords(
  { kind, config }: Pick<Call, "kind" | "config">,
  positional: readonly Place[],
  kwargs: Config,
  version: KerasVersion,
  places: (argument: unknown) => Place[],
  refuse: Refuse,
): Pick<Call, "inputs" | "states" | "mask" | "isUnmasked" | "training" | "told"> {
  const { training, mask, initial_state: states, ...others } = kwargs;
  const { tensors = [], flags = [] } =
    (Object.hasOwn(sharedLayers, kind) && sharedLayers[kind]?.calledWith) || {};
  const named = new Map<string, Place>();
  // Until Keras 2.10 it was the layer that said so.
  const told: Record<string, boolean> =
    flags.includes("use_causal_mask") && config.causal === true ? { useCausalMask: true } : {};
  for (const [key, value] of Object.entries(others)) {
    if (value === null || value === undefined) continue;
    const [place, ...more] = tensors.includes(key) ? places(value) : [];
    if (place !== undefined && more.length === 0) {
      named.set(key, place);
      continue;
    }
    if (flags.includes(key) && typeof value === "boolean") {
      told[toCamel(key)] = value;
      continue;
    }
    refuse(`it must be called with its input alone, got the argument ${key}: ${shown(value)}`);
  }
  if (training != null && typeof training !== "boolean" && training !== 0 && training !== 1) {
    refuse(`it must be called with training true or false, got ${shown(training)}`);
  }
  // A model that is a layer has a list of masks, which may be of nothing.
  const isUnmasked = Array.isArray(mask) && mask.every((each) => each === null);
  const asked = isUnmasked ? null : mask;
  const masks = places(asked);
  if (asked != null && masks.length !== 1) {
    refuse(`it must be called with one mask, which a layer or an input gives, got ${shown(mask)}`);
  }
  const given = places(states);
  const count = Array.isArray(states) && Array.isArray(states[0]) ? states.length : 1;
  const isGiven = states != null && !(Array.isArray(states) && states.length === 0);
  if (isGiven && given.length < count) {
    refuse(`it must be called with states that layers give, got ${shown(states)}`);
  }
  if (version.major === 3 && training) {
    refuse(
      `it must be called without training: true, which Keras 3 follows when a model is called and not in predict(); got it`,
    );
  }
  // What Keras 3 notes otherwise is the default.
  const isTold = training != null && version.major === 2;
  return {
    inputs: withNamed(positional, tensors, named, refuse),
    states: given,
    mask: masks[0],
    isUnmasked,
    training: isTold ? Boolean(training) : undefined,
    told,
  };
}

/** The inputs in the order of their names; one that is missing is what the one before it is, as a key is the value. */
function withNamed(
  positional: readonly Place[],
  names: readonly string[],
  named: ReadonlyMap<string, Place>,
  refuse: Refuse,
): Place[] {
  if (names.length === 0) return [...positional];
  // Others follow each other otherwise when they have no names.
  if (positional.length > 3)
    refuse(`it must be called with masks by their names, got ${positional.length} inputs`);
  const inputs = [...positional];
  const last = names.reduce((most, each, i) => (named.has(each) ? i + 1 : most), 0);
  for (let i = inputs.length; i <= last; i++)
    inputs.push(named.get(names[i - 1] ?? "") ?? (inputs.at(-1) as Place));
  return inputs;
}

export function shown(value: unknown): string {
  return inspect(value, { depth: 2, breakLength: Number.POSITIVE_INFINITY }).slice(0, 100);
}

/** The places of Keras 3's tensors, one or a list of them. */
export function tensorPlaces(argument: unknown): Place[] {
  if (Array.isArray(argument)) return argument.flatMap(tensorPlaces);
  const config =
    isConfig(argument) && argument.class_name === "__keras_tensor__" ? argument.config : undefined;
  const history = isConfig(config) ? config.keras_history : undefined;
  return Array.isArray(history) ? [place(history[0], history[1], history[2])] : [];
}

/** The same as Keras 2 writes them. */
export function listPlaces(argument: unknown): Place[] {
  if (!Array.isArray(argument)) return [];
  const [name, call, output] = argument;
  if (typeof name === "string") return Number.isInteger(call) && call >= 0 ? [place(name, call, output)] : [];
  return argument.flatMap(listPlaces);
}

/** Places written as `[name, call, output]`, one or a list of them. */
export function placesOf(written: unknown, refuse: Refuse): Place[] {
  const values = isConfig(written) ? Object.values(written) : written;
  if (!Array.isArray(values)) return refuse(`inputs and outputs must be lists, got ${inspect(written)}`);
  // The states of several cells are lists in the list, as outputs, too.
  const list: unknown[] = typeof values[0] === "string" ? [values] : flat(values);
  return list.map((each) =>
    Array.isArray(each) && typeof each[0] === "string" && Number.isInteger(each[1]) && each[1] >= 0
      ? place(each[0], each[1], each[2])
      : refuse(`inputs and outputs must be written as name, call and output, got ${inspect(each)}`),
  );
}

export function place(name: unknown, call: unknown, output: unknown): Place {
  return `${name}[${call}][${output}]`;
}
