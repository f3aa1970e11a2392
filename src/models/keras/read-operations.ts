import { type Operand, Operation, type OperationSpec } from "../../layers/operation.js";
import { operations } from "../../layers/operations.js";
import type * as tf from "../../tensorflow.js";
import { sharedLayers } from "./keras-layers.js";
import { type Config, isConfig, type KerasVersion } from "./keras-values.js";
import { listPlaces, type Place, place, shown, tensorPlaces } from "./read-calls.js";
import type { Refuse } from "./refusal.js";
import { tfFunctions } from "./tf-functions.js";

/** An operation between layers, with its inputs. */
export interface OperationCall {
  readonly name: string;
  readonly definition: OperationSpec;
  /** What stands for the operands that are null */
  readonly inputs: readonly Place[];
}

/** Tells an operation, which functional models have between their layers, from a layer. */
export function isOperation({ class_name: kind, module, config }: Config, { major }: KerasVersion): boolean {
  if (kind === "TFOpLambda") return true;
  if (module != null || major === 2) return String(module).includes(".ops.");
  // An .h5 file of Keras 3 does not name the module, and some layers share their names with ops.
  if (kind === "InputLayer" || !isConfig(config)) return false;
  // Layers say whether they are trained. The few that do not have a type of numbers, as the ops of their names have not.
  const isLayer = Object.hasOwn(sharedLayers, String(kind)) && config.dtype !== undefined;
  return config.trainable === undefined && !isLayer;
}

/**
 * Reads an operation: a class of `keras.ops` of Keras 3, or a function of TensorFlow's in Keras 2.
 *
 * @param written - of a functional model
 * @param refuse - throws for what has no counterpart
 * @returns what it computes, and of what
 */
export function readOperation(written: Config, refuse: Refuse): OperationCall {
  const { name, class_name: kind, config, inbound_nodes: nodes } = written;
  const own = isConfig(config) ? config : {};
  const [call, ...others] = Array.isArray(nodes) ? (nodes as unknown[]) : [];
  if (call === undefined || others.length > 0)
    refuse(`it must be computed once, got ${others.length + 1} calls`);
  const { operands, ...read } =
    kind === "TFOpLambda" ? readFunction(own, call, refuse) : readClass(String(kind), own, call, refuse);
  const inputs: Place[] = [];
  const values = operands.map((operand) => {
    if (typeof operand !== "string") return operand;
    inputs.push(operand);
    return null;
  });
  return { name: String(name), definition: { ...read, operands: values }, inputs };
}

/** Whether what comes out is what goes in: a cast of numbers to what they are. */
export function isNothing({ definition }: OperationCall, [x]: readonly tf.SymbolicTensor[]): boolean {
  return definition.operation === "Cast" && definition.options.dtype === x?.dtype;
}

/** Makes the layer that computes it. */
export function makeOperation({ name, definition }: OperationCall, refuse: Refuse): Operation {
  const { operation } = definition;
  if (!Object.hasOwn(operations, operation))
    refuse(`operations must be those that docs/keras-layers.md lists, got ${operation}`, {
      help: "compute this by a layer, or outside of the model, and save it again",
    });
  return new Operation({ name, definition });
}

/** An operation whose inputs are places among the operands. */
type Read = Omit<OperationSpec, "operands"> & { readonly operands: readonly (Operand | Place)[] };

function readClass(operation: string, config: Config, call: unknown, refuse: Refuse): Read {
  const { args, kwargs } = isConfig(call) ? call : {};
  const [first, ...rest] = Array.isArray(args) ? args : [];
  const isListed =
    rest.length === 0 && Array.isArray(first) && first.some((each) => tensorPlaces(each).length > 0);
  // Ops of masks have others, which are compared and not computed.
  if (!Object.hasOwn(operations, operation))
    return { operation, operands: tensorPlaces(args), options: config };
  const operands = (isListed ? first : [first, ...rest]).map((arg: unknown) => {
    if (isConfig(arg) && arg.class_name === "__numpy__" && isConfig(arg.config))
      return number(arg.config.value, refuse);
    return tensorPlaces(arg)[0] ?? number(arg, refuse);
  });
  for (const [key, value] of Object.entries(isConfig(kwargs) ? kwargs : {}))
    if (value !== null)
      refuse(`${operation} must be called without the argument ${key}, got ${shown(value)}`);
  const { name: _, ...options } = config;
  return { operation, operands, options: used(operation, options) };
}

function readFunction(config: Config, call: unknown, refuse: Refuse): Read {
  const called = String(config.function);
  const known = Object.hasOwn(tfFunctions, called) ? tfFunctions[called] : undefined;
  if (known === undefined) {
    // Only where its value is needed is it refused: a mask may be computed so.
    return { operation: `tf.${called}`, operands: listPlaces(call), options: {} };
  }
  const list = Array.isArray(call) ? (call as unknown[]) : [];
  const isListed = Array.isArray(list[0]);
  const sources = (isListed ? list : [list]) as unknown[][];
  const kwargs = isConfig(sources[0]?.[3]) ? sources[0][3] : {};
  const operands = sources.map((source) =>
    source[0] === "_CONSTANT_VALUE" ? number(source[2], refuse) : place(source[0], source[1], source[2]),
  );
  const { operands: more = [], options: names = {} } = known;
  for (const each of more) operands.push(listPlaces(kwargs[each])[0] ?? number(kwargs[each], refuse));
  const options: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(kwargs)) {
    if (key === "name" || more.includes(key) || value === null || value === false) continue;
    const option = Object.hasOwn(names, key) ? names[key] : undefined;
    if (option === undefined || listPlaces(value).length > 0)
      return refuse(`tf.${called} must be called without the argument ${key}, got ${shown(value)}`);
    options[option] = value;
  }
  return { operation: known.operation, operands, options };
}

/** Options without those that are missing, or switched off, where the operation does not know them. */
function used(operation: string, options: Config): Config {
  const known = Object.hasOwn(operations, operation) ? operations[operation]?.options : undefined;
  const isUsed = ([key, value]: [string, unknown]) =>
    known === undefined || key in known || (value !== null && value !== false);
  return Object.fromEntries(Object.entries(options).filter(isUsed));
}

function number(value: unknown, refuse: Refuse): Operand {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return Number(value);
  if (Array.isArray(value) && value.length > 0) return value.map((each) => number(each, refuse));
  return refuse(`operands must be numbers or what layers give, got ${shown(value)}`);
}
