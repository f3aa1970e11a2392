import { activationLayer } from "../../layers/activations.js";
import type { ItemKey } from "../../layers/get-item.js";
import { keptTexts } from "../../layers/kept-text.js";
import type { MergingLayer } from "../../layers/merging.js";
import { Operation } from "../../layers/operation.js";
import { cellsOf } from "../../layers/recurrent-cells.js";
import type { StockStack } from "../../layers/stock.js";
import { callsOf, isModel, kindOf, type LayerNode, nodesByDepth } from "../../model-graph.js";
import * as tf from "../../tensorflow.js";
import { type SharedLayer, sharedCells, sharedLayers } from "./keras-layers.js";
import { type Config, kerasObject, toCamel, toKeras } from "./keras-values.js";
import { keepsMask, makesMask } from "./masks.js";
import { writeKey } from "./slices.js";
import { requireNewAttention } from "./write-attention.js";
import { writeOperands, writeOperation } from "./write-operations.js";

type Shape = readonly (number | null)[];
type Wrapper = tf.layers.Layer & {
  readonly layer?: tf.layers.Layer;
  readonly forwardLayer?: tf.layers.Layer;
  readonly backwardLayer?: tf.layers.Layer;
};

/**
 * Describes a model as Keras 3 does in a `.keras` file.
 *
 * @param model - a built model
 * @returns what `config.json` holds
 * @throws RangeError that names what Keras does not have
 */
export function toKerasConfig(model: tf.LayersModel): Config {
  return describe(model);
}

function describe(layer: tf.layers.Layer): Config {
  const kind = kindOf(layer);
  if (isModel(layer)) {
    if (kind === "Sequential") return kerasObject("keras", kind, sequential(layer));
    return {
      ...kerasObject("keras.src.models.functional", "Functional", functional(layer)),
      registered_name: kind,
    };
  }
  if (kind === "InputLayer") {
    const { name } = layer;
    const { batchInputShape, dtype } = layer as tf.layers.Layer & { batchInputShape: Shape };
    return kerasObject("keras.layers", kind, {
      batch_shape: batchInputShape,
      dtype: layer.dtype ?? dtype,
      name,
    });
  }
  return describeShared(layer, sharedLayers);
}

function describeShared(layer: tf.layers.Layer, known: Readonly<Record<string, SharedLayer>>): Config {
  const kind = kindOf(layer);
  const { name, trainable } = layer;
  const shared = Object.hasOwn(known, kind) ? known[kind] : undefined;
  const refuse = (rule: string): never => {
    throw new RangeError(`Cannot write model for Keras: ${rule}`);
  };
  if (shared === undefined || shared.onlyRead) {
    const written = Object.keys(known).filter((each) => !known[each]?.onlyRead);
    return refuse(`layers must be among ${written.join(", ")}, got ${kind} ("${name}")`);
  }
  const isAfterMask = callsOf(layer).some(
    ({ inputTensors: [x] }) => maskSource(x) !== undefined || followsOthers(x),
  );
  if (shared.mask === "keeps" && !layer.supportsMasking && isAfterMask)
    return refuse(
      `${kind} ("${name}") must not follow a mask, which ends there in Keras 2 but not in 3, got one that does`,
    );
  // Some of Keras's layers without weights do not know the word. Hashing gives whole numbers.
  const config: Record<string, unknown> = {
    name,
    ...(kind === "Hashing" ? {} : { dtype: "float32" }),
    ...(trainable ? {} : { trainable }),
  };
  const own = keptTexts<Config>(layer.getConfig());
  for (const field of shared.fields) {
    const value = own[toCamel(field)];
    if (value === undefined) continue;
    const written =
      describePart(layer, field) ?? toKeras(field, value, (rule) => refuse(`${kind} ("${name}"): ${rule}`));
    if (written !== undefined) config[field] = written;
  }
  // Unlike ours, tfjs's own GRU is of the older kind and does not say so.
  if (kind.startsWith("GRU")) config.reset_after = own.resetAfter === true;
  return kerasObject("keras.layers", kind, config);
}

/** An option that is a layer or cell itself. */
function describePart(layer: tf.layers.Layer, field: string): unknown {
  if (field.endsWith("activation")) {
    const activation = activationLayer(layer.getConfig()[toCamel(field)]);
    return activation && describe(activation);
  }
  if (field === "cell") return describeShared((layer as tf.RNN).cell, sharedCells);
  if (field === "cells") return (layer as StockStack).cells.map((cell) => describeShared(cell, sharedCells));
  const wrapped = wrappedLayer(layer, field);
  return wrapped && inner(wrapped);
}

function wrappedLayer(wrapper: Wrapper, field: string): tf.layers.Layer | undefined {
  if (field === "layer") return wrapper.forwardLayer ?? wrapper.layer;
  return field === "backward_layer" ? wrapper.backwardLayer : undefined;
}

/** A layer under the name that its wrapper was given it with: both libraries put the direction before it. */
function inner(layer: tf.layers.Layer): Config {
  const written = describe(layer) as { config: Config };
  return { ...written, config: { ...written.config, name: layer.name.replace(/^((for|back)ward_)+/, "") } };
}

function sequential(model: tf.LayersModel): Config {
  const layers = model.layers.filter((layer) => kindOf(layer) !== "InputLayer").map(describe);
  const [input] = model.inputs;
  const { name } = model;
  const inputLayer = { batch_shape: input?.shape, dtype: input?.dtype, name: input?.sourceLayer.name };
  return {
    name,
    trainable: true,
    layers: [kerasObject("keras.layers", "InputLayer", inputLayer), ...layers],
  };
}

function functional(model: tf.LayersModel): Config {
  requireNewAttention(
    model,
    (tensor) => maskSource(tensor) !== undefined,
    (rule) => {
      throw new RangeError(`Cannot write model for Keras: ${rule}`);
    },
  );
  const used = new Set(nodesByDepth(model).flat());
  const calls = (layer: tf.layers.Layer) => callsOf(layer).filter((call) => used.has(call));
  const place = (tensor: tf.SymbolicTensor) => {
    const { sourceLayer, nodeIndex, tensorIndex } = tensor;
    // Keras numbers the calls within the model, tfjs all that there ever were.
    const call = callsOf(sourceLayer)[nodeIndex];
    return [sourceLayer.name, call === undefined ? 0 : calls(sourceLayer).indexOf(call), tensorIndex];
  };
  const input = (tensor: tf.SymbolicTensor) => written(tensor.shape, tensor.dtype, place(tensor));
  const ops: Config[] = [];
  const op = (kind: string, config: Config, args: readonly unknown[]) => {
    const object = { ...kerasObject("keras.src.ops.numpy", kind, config), registered_name: kind };
    ops.push({ ...object, name: config.name, inbound_nodes: [{ args, kwargs: {} }] });
  };
  /** Keras leaves the mask out where there are initial states, unless it is told of it as an input. */
  const maskFor = (layer: tf.layers.Layer, call: LayerNode): Config => {
    const source = maskSource(call.inputTensors[0]);
    if (source === undefined) return {};
    const { tensor, value, isOfFeatures } = source;
    const name = `${layer.name}_mask_${calls(layer).indexOf(call)}`;
    op("NotEqual", { name }, [input(tensor), value]);
    const mask = written(tensor.shape, "bool", [name, 0, 0]);
    if (!isOfFeatures) return { mask };
    op("Any", { name: `${name}_steps`, axis: -1, keepdims: false }, [mask]);
    return { mask: written(tensor.shape.slice(0, -1), "bool", [`${name}_steps`, 0, 0]) };
  };
  const inbound = (layer: tf.layers.Layer, call: LayerNode): Config => {
    const [first, ...others] = call.inputTensors.map(input);
    if (call.callArgs?.training === true) {
      throw new RangeError(
        `Cannot write model for Keras: layers must be called without training: true, which Keras 3 does not follow in predict(), got it for ${layer.name}`,
      );
    }
    if (kindOf(layer) === "GetItem") {
      const { key } = layer.getConfig() as unknown as { key: ItemKey };
      return { args: [first, writeKey(key)], kwargs: {} };
    }
    if (layer instanceof Operation) return { args: writeOperands(layer, [first, ...others]), kwargs: {} };
    if (others.length === 0) return { args: [first], kwargs: {} };
    if ((layer as Partial<MergingLayer>).maskRule !== "any" && mergesOthers(layer, call.inputTensors))
      throw new RangeError(
        `Cannot write model for Keras: ${layer.name} must not merge masks that differ, nor multiply or compare what is masked, which Keras does otherwise from 3.4 on; got inputs with such masks`,
      );
    if (/^concatenate(_\d+)?$/.test(layer.name) && joinsMasks(layer, call.inputTensors))
      throw new RangeError(
        `Cannot write model for Keras: ${layer.name} must have another name, which Keras gives to what concatenates the masks; set layer.name, for example to "joined"`,
      );
    const { tensors, flags } = sharedLayers[kindOf(layer)]?.calledWith ?? {};
    if (flags) {
      const told = flags.flatMap((flag) => (call.callArgs?.[toCamel(flag)] === true ? [[flag, true]] : []));
      if (!tensors) return { args: [[first, ...others]], kwargs: Object.fromEntries(told) };
      const named = others.map((each, i) => [tensors[i], each]);
      return { args: [first], kwargs: Object.fromEntries([...named, ...told]) };
    }
    if (!isRecurrent(layer)) return { args: [[first, ...others]], kwargs: {} };
    if (followsOthers(call.inputTensors[0]))
      throw new RangeError(
        `Cannot write model for Keras: ${layer.name} must not have an initialState and follow masks that were merged, got both`,
      );
    return { args: [first], kwargs: { initial_state: byCells(layer, others), ...maskFor(layer, call) } };
  };
  const asOp = (layer: tf.layers.Layer): Config => {
    if (layer instanceof Operation) return writeOperation(layer);
    if (kindOf(layer) !== "GetItem") return describe(layer);
    return {
      ...kerasObject("keras.src.ops.numpy", "GetItem", { name: layer.name }),
      registered_name: "GetItem",
    };
  };
  const layers = model.layers.map((layer) => ({
    ...asOp(layer),
    name: layer.name,
    inbound_nodes: calls(layer)
      .filter((call) => call.inputTensors.length > 0 && kindOf(layer) !== "InputLayer")
      .map((call) => inbound(layer, call)),
  }));
  const ends = (tensors: readonly tf.SymbolicTensor[]) => {
    const places = tensors.map(place);
    return places.length === 1 ? places[0] : places;
  };
  return {
    name: model.name,
    trainable: true,
    layers: [...layers, ...ops],
    input_layers: ends(model.inputs),
    output_layers: ends(model.outputs),
  };
}

function written(shape: Shape, dtype: string, history: readonly unknown[]): Config {
  return { class_name: "__keras_tensor__", config: { shape, dtype, keras_history: history } };
}

type MaskSource = { tensor: tf.SymbolicTensor; value: number; isOfFeatures: boolean };

/** The source of masks that are one; nothing if some differ or are missing. */
function commonSource(sources: readonly (MaskSource | undefined)[]): MaskSource | undefined {
  const [first] = sources;
  const isFirst = (each: MaskSource | undefined) =>
    each?.tensor === first?.tensor && each?.value === first?.value;
  return sources.every(isFirst) ? first : undefined;
}

/** Whether Keras concatenates masks beside a layer. */
function joinsMasks(layer: tf.layers.Layer, inputs: readonly tf.SymbolicTensor[]): boolean {
  return (
    kindOf(layer) === "Concatenate" &&
    inputs.some((input) => maskSource(input) !== undefined || followsOthers(input))
  );
}

/** Whether a layer merges masks that are not one. */
function mergesOthers(layer: tf.layers.Layer, inputs: readonly tf.SymbolicTensor[]): boolean {
  if (sharedLayers[kindOf(layer)]?.mask !== "merges") return false;
  const sources = inputs.map(maskSource);
  return (
    inputs.some((input, i) => sources[i] !== undefined || followsOthers(input)) && !commonSource(sources)
  );
}

/** Whether the mask of a tensor is merged from several, which need not be one. */
function followsOthers(output: tf.SymbolicTensor | undefined): boolean {
  const layer = output?.sourceLayer;
  if (layer === undefined || isModel(layer) || makesMask(layer)) return false;
  const inputs = callsOf(layer)[output?.nodeIndex ?? 0]?.inputTensors ?? [];
  return mergesOthers(layer, inputs) || (keepsMask(layer) && followsOthers(inputs[0]));
}

/** Where the mask of a tensor comes from: what is compared with which value, for each step or each feature of it. */
function maskSource(output: tf.SymbolicTensor | undefined): MaskSource | undefined {
  const layer = output?.sourceLayer;
  const tensor = layer && callsOf(layer)[output.nodeIndex]?.inputTensors[0];
  if (tensor === undefined || layer === undefined || isModel(layer)) return undefined;
  const [kind, config] = [kindOf(layer), layer.getConfig()];
  if (sharedLayers[kind]?.mask === "merges") {
    const inputs = callsOf(layer)[output?.nodeIndex ?? 0]?.inputTensors ?? [];
    return commonSource(inputs.map(maskSource));
  }
  if (kind === "Embedding")
    return config.maskZero === true ? { tensor, value: 0, isOfFeatures: false } : undefined;
  if (kind === "Masking") return { tensor, value: Number(config.maskValue ?? 0), isOfFeatures: true };
  const keeps = kind === "InputLayer" ? false : keepsMask(layer);
  const both = kind === "Bidirectional" && wrappedLayer(layer, "layer")?.getConfig().returnSequences === true;
  return keeps || both ? maskSource(tensor) : undefined;
}

/** The states of several cells are lists in the list, those of one are not. */
function byCells(layer: Wrapper, states: readonly Config[]): unknown[] {
  const running = layer.forwardLayer ?? layer;
  if (kindOf(running) !== "RNN" || kindOf((running as tf.RNN).cell) !== "StackedRNNCells") return [...states];
  const sizes = cellsOf(running as tf.RNN).map(({ stateSize }) => stateSize);
  const left = [...states];
  return (layer.forwardLayer ? [...sizes, ...sizes] : sizes).map((size) => {
    const own = left.splice(0, [size].flat().length);
    return Array.isArray(size) ? own : own[0];
  });
}

function isRecurrent(layer: tf.layers.Layer): boolean {
  return layer instanceof tf.RNN || kindOf(layer) === "Bidirectional";
}
