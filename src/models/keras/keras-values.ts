import type { Refuse } from "./refusal.js";

/** A JSON object of a configuration. */
export type Config = Readonly<Record<string, unknown>>;

/** The Keras that wrote a file, as far as it is known; what is not known of its version counts as the newest. */
export interface KerasVersion {
  readonly major: 2 | 3;
  readonly minor: number;
  readonly patch: number;
}

/** Activations by Keras's names, those that both know. */
const activations: Readonly<Record<string, string>> = {
  celu: "celu",
  elu: "elu",
  exponential: "exponential",
  gelu: "gelu",
  hard_shrink: "hardShrink",
  hard_sigmoid: "hardSigmoid6",
  hard_silu: "hardSilu",
  hard_swish: "hardSilu",
  hard_tanh: "hardTanh",
  leaky_relu: "leakyRelu",
  linear: "linear",
  log_sigmoid: "logSigmoid",
  log_softmax: "logSoftmax",
  mish: "mish",
  relu: "relu",
  relu6: "relu6",
  selu: "selu",
  sigmoid: "sigmoid",
  silu: "swish",
  soft_shrink: "softShrink",
  softmax: "softmax",
  softplus: "softplus",
  softsign: "softsign",
  sparse_plus: "sparsePlus",
  sparse_sigmoid: "sparseSigmoid",
  squareplus: "squareplus",
  swish: "swish",
  tanh: "tanh",
  tanh_shrink: "tanhShrink",
};
/** Keras 3 has given the name to a slope of 1/6, it was 1/5 before. */
const activationsBefore: typeof activations = { ...activations, hard_sigmoid: "hardSigmoid" };

/** Initialisers by Keras's names. They have no part in what a loaded model computes. */
const initializers: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      ...["Zeros", "Ones", "Constant", "RandomUniform", "RandomNormal", "TruncatedNormal", "VarianceScaling"],
      ...["Orthogonal", "Identity", "GlorotUniform", "GlorotNormal", "HeNormal", "HeUniform"],
    ].map((name) => [name, name]),
  ),
  LecunNormal: "LeCunNormal",
  LecunUniform: "LeCunUniform",
};
const distributions: Readonly<Record<string, string>> = {
  truncated_normal: "truncatedNormal",
  untruncated_normal: "normal",
};
/** Options whose values are names of Keras's. */
const named = ["standardize", "split", "output_mode", "data_format"];
const constraints = ["MaxNorm", "UnitNorm", "NonNeg", "MinMaxNorm"];

/**
 * Turns the value of a layer's option in a Keras file into what tfjs takes.
 *
 * @param field - the option's name in Keras
 * @param value - as the file has it
 * @param version - of the Keras that wrote the file
 * @param refuse - for what tfjs does not have
 * @returns an argument of the layer; undefined for its default
 */
export function fromKeras(field: string, value: unknown, version: KerasVersion, refuse: Refuse): unknown {
  const kind = field.slice(field.lastIndexOf("_") + 1);
  if (kind === "activation") {
    const name = value === null ? "linear" : isConfig(value) ? className(value) : String(value);
    const known = version.major === 3 ? activations : activationsBefore;
    return known[name] ?? refuse(`${field} must be ${list(Object.keys(activations))}, got ${name}`);
  }
  // Of Normalization, Bidirectional and TextVectorization, none is another value than the default.
  if (value === null)
    return ["axis", "merge_mode", "standardize", "split"].includes(field) ? null : undefined;
  if (named.includes(field)) {
    if (typeof value === "string") return toCamel(value);
    return refuse(
      `${field} must be one of Keras's own names, got ${isConfig(value) ? className(value) : "a function"}`,
    );
  }
  if (field === "vocabulary" && !Array.isArray(value))
    return refuse(`vocabulary must be written in the file, got ${value}`);
  if (kind === "initializer") {
    if (!isConfig(value)) return typeof value === "string" ? toCamel(value) : undefined;
    const name = initializers[className(value)];
    return name && { className: name, config: camelConfig(configOf(value)) };
  }
  if (kind === "regularizer") return toL1L2(field, value, refuse);
  // Keras 2 writes the one axis of BatchNormalization as a list.
  if (field === "axis" && Array.isArray(value) && value.length === 1) return value[0];
  if (
    field === "padding" &&
    typeof value === "string" &&
    !["valid", "same", "causal"].includes(String(value))
  ) {
    return refuse(`padding must be valid, same or causal, got ${value}`);
  }
  if (kind === "constraint") {
    const name = isConfig(value) ? className(value) : String(value);
    if (!isConfig(value) || !constraints.includes(name)) {
      return refuse(`${field} must be ${list(constraints)}, got ${name}`);
    }
    return { className: name, config: camelConfig(configOf(value)) };
  }
  return value;
}

/**
 * The inverse of {@link fromKeras}.
 *
 * @param field - the option's name in Keras
 * @param value - from the configuration of tfjs's layer
 * @param refuse - for what Keras does not have
 * @returns what Keras writes; undefined for its default
 */
export function toKeras(field: string, value: unknown, refuse: Refuse): unknown {
  const kind = field.slice(field.lastIndexOf("_") + 1);
  if (kind === "activation") {
    const found = Object.entries(activations).find(([, name]) => name === (value ?? "linear"));
    return found?.[0] ?? refuse(`${toCamel(field)} must be one that Keras 3 has, too, got ${value}`);
  }
  if (field === "axis" && Array.isArray(value) && value.length === 1) return value[0];
  if (named.includes(field)) return typeof value === "string" ? toSnake(value) : value;
  if (!isConfig(value)) return value;
  const { className: name, config } = value as { className: string; config: Config };
  if (kind === "initializer") {
    const found = Object.entries(initializers).find(([, own]) => own === name);
    return found && kerasObject("keras.initializers", found[0], snakeConfig(config));
  }
  if (kind === "regularizer") return kerasObject("keras.regularizers", "L1L2", config);
  return kerasObject("keras.constraints", name, snakeConfig(config));
}

/**
 * Tells which Keras wrote a file.
 *
 * @param written - the version as the file has it; none stands for Keras 1, as in Keras
 * @param refuse - for a Keras whose files are not read
 * @returns its version
 */
export function kerasVersion(written: string | undefined, refuse: Refuse): KerasVersion {
  const newest = Number.POSITIVE_INFINITY;
  const [major = 1, minor = newest, patch = newest] = (written ?? "1")
    .split(".")
    .map((part) => Number.parseInt(part, 10));
  if (major === 2 || major === 3) return { major, minor, patch };
  const found =
    written === undefined ? "a file without a version, as Keras 1 wrote them" : `Keras ${written}`;
  return refuse(`a model must be from Keras 2 or 3, got ${found}`, {
    help: "load it with Keras 2.0 to 2.3 in Python and save it again",
  });
}

/** What Keras 3 writes for an object. */
export function kerasObject(module: string, name: string, config: Config): Config {
  return { module, class_name: name, config, registered_name: null };
}

export function isConfig(value: unknown): value is Config {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Tells the class of what is written in a file; a function, too, is an object there. */
export function className(value: Config): string {
  return value.class_name === "function" ? String(value.config) : String(value.class_name);
}

export function toCamel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function toSnake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function configOf(value: Config): Config {
  return isConfig(value.config) ? value.config : {};
}

function camelConfig(config: Config): Config {
  const entries = Object.entries(config).map(([key, value]) => {
    if (key === "mode") return [key, toCamel(String(value))];
    return [toCamel(key), key === "distribution" ? (distributions[String(value)] ?? value) : value];
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== null));
}

function snakeConfig(config: Config): Config {
  const entries = Object.entries(config).map(([key, value]) => {
    if (key === "mode") return [key, toSnake(String(value))];
    const found = key === "distribution" && Object.entries(distributions).find(([, own]) => own === value);
    return [toSnake(key), found ? found[0] : (value ?? null)];
  });
  return Object.fromEntries(entries);
}

function toL1L2(field: string, value: unknown, refuse: Refuse): unknown {
  const name = isConfig(value) ? className(value) : String(value);
  const { l1 = 0, l2 = 0 } = isConfig(value) ? configOf(value) : {};
  if (isConfig(value) && ["L1", "L2", "L1L2"].includes(name))
    return { className: "L1L2", config: { l1, l2 } };
  return refuse(`${field} must be L1, L2 or L1L2, got ${name}`);
}

export function list(names: readonly string[]): string {
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
