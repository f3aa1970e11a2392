import { inspect, isDeepStrictEqual } from "node:util";
import { isReadError } from "../../formats/read-error.js";
import { layerActivation } from "../../layers/activations.js";
import { messageOf } from "../../platform/message-of.js";
import * as tf from "../../tensorflow.js";
import { kindOf } from "../../tfjs/model-graph.js";
import { type SharedLayer, sharedCells, sharedLayers } from "./keras-layers.js";
import {
  type Config,
  className,
  fromKeras,
  isConfig,
  type KerasVersion,
  list,
  toCamel,
} from "./keras-values.js";
import { maskedOutputs } from "./masks.js";
import { buildGraph } from "./read-graph.js";
import { ofLayer, type Refuse } from "./refusal.js";

/** Options that say nothing about what a layer computes here. */
const immaterial = [
  "name",
  "trainable",
  "dtype",
  "input_length",
  "batch_input_shape",
  "implementation",
  "seed",
  // Of Attention in Keras 2: it is said of the calls
  "causal",
  // Of MultiHeadAttention in Keras 2: what it was built with
  "query_shape",
  "key_shape",
  "value_shape",
];
/** What helps where a layer is not among those that are read. */
const OTHERWISE = "build the model in Python of these, or compute this part outside of it, and save it again";
/** What helps where a layer of Keras's is not among those that are read. */
const instead: Readonly<Record<string, string>> = {
  Lambda: "write the function with layers, operators or keras.ops in a functional model, and save it again",
  CuDNNLSTM:
    'build the model in Python with LSTM(recurrent_activation="sigmoid") in its place; load_weights() converts the weights',
  CuDNNGRU:
    "build the model in Python with GRU(reset_after=True) in its place; load_weights() converts the weights",
  TensorFlowOpLayer:
    "build the model with TensorFlow 2.4 or later in Python, or with layers, and save it again",
};
/** Beyond this, a file is made to exhaust the stack. */
const DEEPEST = 20;
const inputTypes: Readonly<Record<string, "float32" | "int32" | "bool" | "string">> = {
  ...{ float32: "float32", float64: "float32" },
  ...{ int8: "int32", int16: "int32", int32: "int32", int64: "int32", uint8: "int32", bool: "bool" },
  string: "string",
};

/**
 * Builds models from Keras's configurations, those of Keras 3's `.keras` files and of the older `.h5` files. Only layers
 * of a list are built, and no code that a file names is run.
 */
export class ConfigReader {
  readonly #refuse: Refuse;
  readonly #version: KerasVersion;
  #depth = 0;

  /**
   * @param refuse - throws the error that names the file
   * @param version - of the Keras that wrote it
   */
  constructor(refuse: Refuse, version: KerasVersion) {
    this.#refuse = refuse;
    this.#version = version;
  }

  /**
   * Builds a model, with its weights as their initialisers make them.
   *
   * @param written - `{ class_name, config }`
   * @returns the model
   * @throws {RangeError} when something is not supported or malformed; it names that
   */
  model(written: unknown): tf.LayersModel {
    const model = this.#model(written);
    for (const { shape, dtype, sourceLayer } of model.inputs) {
      // predictText() takes a list of texts.
      if (shape.length > 1 || dtype === "string") continue;
      ofLayer(
        this.#refuse,
        "InputLayer",
        sourceLayer.name,
      )(
        `inputs must have an axis besides that of the batch, got shape [${shape.map((size) => size ?? "null").join(", ")}]`,
      );
    }
    const inputs = model.inputs.map(({ shape }) => ({ axes: shape.length, maskAxes: 0 }));
    maskedOutputs(model, inputs, this.#refuse, this.#version);
    return model;
  }

  #model(written: unknown): tf.LayersModel {
    const { kind, config } = this.#object(written, "a model");
    if (kind === "Sequential") return this.#sequential(config);
    if (kind === "Functional" || kind === "Model") return this.#graph(config);
    return this.#refuse(`the model must be Sequential or Functional, got ${kind}`, {
      help: "build it as a functional model in Python, give that the weights with set_weights(), and save it",
    });
  }

  /**
   * Builds a layer, or a model that is one.
   *
   * @param written - `{ class_name, config }`
   * @returns the layer
   * @throws {RangeError} when `model` does
   */
  layer(written: unknown): tf.layers.Layer {
    if (++this.#depth > DEEPEST) this.#refuse(`layers must be nested at most ${DEEPEST} deep, got more`);
    const layer = this.#layer(written);
    this.#depth -= 1;
    return layer;
  }

  #layer(written: unknown): tf.layers.Layer {
    const { kind, config } = this.#object(written, "a layer");
    if (kind === "Sequential" || kind === "Functional" || kind === "Model") return this.#model(written);
    if (kind === "InputLayer") return this.#input(config);
    return this.#shared(kind, config, "layers", sharedLayers);
  }

  /** Builds what RNN runs. */
  #cell(written: unknown): tf.layers.Layer {
    const { kind, config } = this.#object(written, "a cell");
    return this.#shared(kind, config, "cells of RNN", sharedCells);
  }

  #shared(
    kind: string,
    config: Config,
    what: string,
    known: Readonly<Record<string, SharedLayer>>,
  ): tf.layers.Layer {
    const shared = Object.hasOwn(known, kind) ? known[kind] : undefined;
    const name = typeof config.name === "string" ? config.name : "";
    const refuse = ofLayer(this.#refuse, kind, name);
    if (shared === undefined)
      return refuse(
        `${what} must be ${known === sharedCells ? list(Object.keys(known)) : "those that docs/keras-layers.md lists"}, got ${kind}`,
        {
          help: instead[kind] ?? OTHERWISE,
        },
      );
    const args: Record<string, unknown> = {
      ...(name && { name }),
      ...(config.trainable === false && { trainable: false }),
      ...argumentsOfVersion(kind, shared, config, this.#version),
    };
    const parts = this.#parts(kind, config, refuse);
    for (const [written, value] of Object.entries(config)) {
      const field = shared.older?.[written] ?? written;
      if (field === "dtype") requireSingle(value, refuse);
      if (shared.fields.includes(field)) {
        const isLayer =
          field.endsWith("activation") && isConfig(value) && activationLayers.includes(className(value));
        const argument = isLayer
          ? this.#activation(value)
          : Object.hasOwn(parts, field)
            ? parts[field]?.(value)
            : fromKeras(field, value, this.#version, refuse);
        if (argument !== undefined) args[toCamel(field)] = argument;
      } else if (![...immaterial, ...(shared.ignored ?? [])].includes(field))
        requireWithout(shared, field, value, refuse);
    }
    try {
      return shared.make(args as never);
    } catch (cause) {
      return refuse(`it must have arguments that its layer takes, got others: ${messageOf(cause)}`, {
        cause,
      });
    }
  }

  /** Reads options that are layers themselves. */
  #parts(
    kind: string,
    config: Config,
    refuse: Refuse,
  ): Readonly<Record<string, (value: unknown) => unknown>> {
    return {
      layer: (value) => this.layer(kind === "Bidirectional" ? unwrapped(value) : value),
      backward_layer: (value) => this.#backwardLayer(config.layer, value),
      cell: (value) => this.#cell(value),
      cells: (value) =>
        Array.isArray(value)
          ? value.map((each) => this.#cell(each))
          : refuse(`cells must be a list, got ${inspect(value, { depth: 0 })}`),
    };
  }

  /** A layer that stands for an activation. */
  #activation(written: unknown): string {
    const layer = this.layer(written);
    const { name: _, ...config } = layer.getConfig();
    return layerActivation({ className: layer.getClassName(), config });
  }

  /** The layer that reads back, where it is another one than the mirror image that Bidirectional makes by itself. */
  #backwardLayer(layer: unknown, backward: unknown): tf.layers.Layer | undefined {
    if (backward == null || mirrored(layer, true) === mirrored(backward, false)) return undefined;
    return this.layer(unwrapped(backward));
  }

  #graph(config: Config): tf.LayersModel {
    return buildGraph(config, this.#version, (each) => this.layer(each), this.#refuse);
  }

  #sequential(config: Config): tf.LayersModel {
    const written = Array.isArray(config.layers)
      ? config.layers
      : this.#refuse("a model must have a list of layers");
    const model = tf.sequential(typeof config.name === "string" ? { name: config.name } : {});
    const layers = written.map((each) => this.layer(each));
    const names = layers.map(({ name }) => name);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) this.#refuse(`layers must have names of their own, got ${twice} twice`);
    if (layers.length === 0) this.#refuse("a model must have layers, got none");
    if (layers[0]?.getClassName() !== "InputLayer") {
      // Keras before 3 writes the shape into the first layer, Keras 3 that of a model built by its first call beside them.
      const [first] = written as Config[];
      const inner = isConfig(first?.config) ? first.config.batch_input_shape : undefined;
      const shape = inner ?? config.build_input_shape;
      const isText = ["TextVectorization", "StringLookup"].includes(layers[0]?.getClassName() ?? "");
      const dtype = isText ? "string" : "float32";
      if (shape != null) layers.unshift(this.#input({ batch_shape: shape, dtype }));
      else if (!(layers[0] instanceof tf.LayersModel)) {
        this.#refuse("a model must have an input shape, got one that was never built", {
          help: "put an Input before the first layer, or call the model once, and save it again",
        });
      }
    }
    for (const layer of layers) {
      try {
        model.add(layer);
      } catch (cause) {
        if (isReadError(cause)) throw cause;
        ofLayer(
          this.#refuse,
          kindOf(layer),
          layer.name,
        )(`it must fit the layer before it, got what does not: ${messageOf(cause)}`, { cause });
      }
    }
    return model;
  }

  #input(config: Config): tf.layers.Layer {
    const refuse = ofLayer(this.#refuse, "InputLayer", String(config.name ?? ""));
    const shape = config.batch_shape ?? config.batch_input_shape;
    const odd = ["sparse", "ragged"].find((option) => config[option] === true);
    if (odd) refuse(`inputs must be dense tensors, got ${odd} ones`);
    const type = isConfig(config.dtype) ? "float32" : String(config.dtype ?? "float32");
    const dtype = inputTypes[type] ?? refuse(`inputs must be numbers or strings, got ${type}`);
    if (
      !Array.isArray(shape) ||
      shape.some((size) => size !== null && !(Number.isInteger(size) && size > 0))
    ) {
      return refuse(`inputs must have a shape of positive integers, got ${inspect(shape)}`);
    }
    return tf.layers.inputLayer({
      batchInputShape: shape,
      dtype,
      ...(typeof config.name === "string" ? { name: config.name } : {}),
    });
  }

  #object(written: unknown, what: string): { kind: string; config: Config } {
    // Keras before 2.2.3 writes the layers of a sequential model without a name around them.
    if (isConfig(written) && written.class_name === "Sequential" && Array.isArray(written.config)) {
      return { kind: "Sequential", config: { layers: written.config } };
    }
    if (!isConfig(written) || typeof written.class_name !== "string" || !isConfig(written.config)) {
      return this.#refuse(
        `${what} must be written as class_name and config, got ${inspect(written, { depth: 0 })}`,
      );
    }
    const { class_name: kind, config, module, registered_name: registered } = written;
    const isKeras =
      module === undefined || module === null || /^(tf_|tensorflow\.)?keras(\.|$)/.test(String(module));
    // Keras registers its own models by their names.
    if (isKeras && (registered == null || registered === kind)) return { kind, config };
    const custom = typeof registered === "string" ? registered : `${module}>${className(written)}`;
    return ofLayer(
      this.#refuse,
      kind,
      String(config.name ?? ""),
    )(`layers must be Keras's own, got the custom class ${custom}`, { help: OTHERWISE });
  }
}

/** What a layer did in the version that wrote the file, where others do something else. */
function argumentsOfVersion(
  kind: string,
  { mask }: SharedLayer,
  config: Config,
  { major, minor }: KerasVersion,
): Record<string, unknown> {
  return {
    // Keras up to 2.1.3 does not know the word.
    ...(kind.startsWith("GRU") && config.reset_after === undefined && { resetAfter: false }),
    // Those of Keras 2 do not know masks.
    ...(["Rescaling", "Identity"].includes(kind) && { keepsMask: major === 3 }),
    ...(mask === "merges" && { maskRule: major === 3 && minor >= 4 ? "any" : "all" }),
    ...(kind === "MultiHeadAttention" && {
      takesMasksAway: major === 3 && minor >= 8,
      allMasked: major === 3 && minor >= 10 ? "nothing" : "mean",
    }),
  };
}

/** What is not known here must not be in use. */
function requireWithout({ fixed = {} }: SharedLayer, field: string, value: unknown, refuse: Refuse): void {
  if (value === null || value === false || value === undefined) return;
  const isFixed = Object.hasOwn(fixed, field);
  if (isFixed && isDeepStrictEqual(fixed[field], value)) return;
  const allowed = isFixed ? inspect(fixed[field], { depth: 0 }) : "missing, None or False";
  refuse(
    `${field} must be ${allowed}, got ${inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY })}`,
  );
}

/** Layers without weights that may stand for an activation. */
const activationLayers = ["LeakyReLU", "ReLU", "ELU", "Softmax", "ThresholdedReLU"];

/** What Keras computes with fewer digits differs from what is computed here. */
function requireSingle(written: unknown, refuse: Refuse): void {
  const config = isConfig(written) && isConfig(written.config) ? written.config : {};
  const policy = config.default_policy ?? config.name;
  const name = String((isConfig(policy) ? (policy.config as Config).name : policy) ?? written);
  if (/float16|float8|int8_|int4_/.test(name))
    refuse(`dtype must be float32 or float64, got ${name}`, {
      help: 'build the model in Python with dtype="float32", give it the weights with set_weights(), and save it',
    });
}

/** A layer as Bidirectional was given it: both libraries put the direction before its name. */
function unwrapped(layer: unknown): unknown {
  if (!isConfig(layer) || !isConfig(layer.config)) return layer;
  // Keras's wrapper has it put out zeros at masked steps, ours does that by itself.
  const { name, zero_output_for_mask: _, ...config } = layer.config;
  return { ...layer, config: { ...config, name: String(name ?? "").replace(/^((for|back)ward_)+/, "") } };
}

/** A layer's configuration without what may differ between the two directions. */
function mirrored(layer: unknown, turn: boolean): string {
  const { config } = isConfig(layer) ? layer : {};
  return JSON.stringify(config, (key, value: unknown) => {
    if (key === "go_backwards") return Boolean(value) !== turn;
    return ["name", "seed", "dtype"].includes(key) || key.endsWith("_initializer") ? undefined : value;
  });
}
