import type { ItemKey } from "../../layers/get-item.js";
import type { MergingLayer } from "../../layers/merging.js";
import { Operation } from "../../layers/operation.js";
import { cellsOf } from "../../layers/recurrent-cells.js";
import * as tf from "../../tensorflow.js";
import { kindOf, type LayerNode, nodesByDepth } from "../../tfjs/model-graph.js";
import { sharedLayers } from "./keras-layers.js";
import { type Config, kerasObject, toCamel } from "./keras-values.js";
import { followsOthers, joinsMasks, maskSource, mergesOthers } from "./mask-sources.js";
import { writeKey } from "./slices.js";
import type { Wrapper } from "./wrapped-layer.js";
import { requireNewAttention } from "./write-attention.js";
import { writeOperands, writeOperation } from "./write-operations.js";

/** Where a tensor is in a graph of Keras's: its layer, which of the layer's calls, and which of their outputs. */
type Place = readonly [layer: string, call: number, output: number];

/**
 * Describes a functional model as Keras 3 does.
 *
 * @param model - the model
 * @param describe - describes a layer
 * @returns its configuration
 * @throws {RangeError} when Keras computes something otherwise, or does not have it
 */
export function writeGraph(model: tf.LayersModel, describe: (layer: tf.layers.Layer) => Config): Config {
  requireNewAttention(model, (tensor) => maskSource(tensor) !== undefined, refuse);
  return new GraphWriter(model).write(describe);
}

class GraphWriter {
  readonly #used: ReadonlySet<LayerNode>;
  /** What Keras computes on the way besides the layers: masks. */
  readonly #ops: Config[] = [];

  constructor(readonly model: tf.LayersModel) {
    this.#used = new Set(nodesByDepth(model).flat());
  }

  write(describe: (layer: tf.layers.Layer) => Config): Config {
    const { name, inputs, outputs } = this.model;
    const layers = this.model.layers.map((layer) => ({
      ...asOp(layer, describe),
      name: layer.name,
      inbound_nodes: this.#calls(layer)
        .filter((call) => call.inputTensors.length > 0 && kindOf(layer) !== "InputLayer")
        .map((call) => this.#inbound(layer, call)),
    }));
    return {
      name,
      trainable: true,
      layers: [...layers, ...this.#ops],
      input_layers: this.#ends(inputs),
      output_layers: this.#ends(outputs),
    };
  }

  #ends(tensors: readonly tf.SymbolicTensor[]): unknown {
    const places = tensors.map((tensor) => this.#place(tensor));
    return places.length === 1 ? places[0] : places;
  }

  #calls(layer: tf.layers.Layer): LayerNode[] {
    return layer.inboundNodes.filter((call) => this.#used.has(call));
  }

  #place({ sourceLayer, nodeIndex, tensorIndex }: tf.SymbolicTensor): Place {
    // Keras numbers the calls within the model, tfjs all that there ever were.
    const call = sourceLayer.inboundNodes[nodeIndex];
    return [sourceLayer.name, call === undefined ? 0 : this.#calls(sourceLayer).indexOf(call), tensorIndex];
  }

  #tensor(tensor: tf.SymbolicTensor): Config {
    return written(tensor.shape, tensor.dtype, this.#place(tensor));
  }

  #addOp(kind: string, config: Config, args: readonly unknown[]): void {
    const op = { ...numpyObject(kind, config), name: config.name };
    this.#ops.push({ ...op, inbound_nodes: [{ args, kwargs: {} }] });
  }

  /** How a layer is called: what with, and with which options. */
  #inbound(layer: tf.layers.Layer, call: LayerNode): Config {
    requireSameAsKeras(layer, call);
    const [first, ...others] = call.inputTensors.map((tensor) => this.#tensor(tensor));
    if (kindOf(layer) === "GetItem") {
      const { key } = layer.getConfig() as tf.serialization.ConfigDict & { readonly key: ItemKey };
      return { args: [first, writeKey(key)], kwargs: {} };
    }
    if (layer instanceof Operation) return { args: writeOperands(layer, [first, ...others]), kwargs: {} };
    if (others.length === 0) return { args: [first], kwargs: {} };
    const { tensors, flags } = sharedLayers[kindOf(layer)]?.calledWith ?? {};
    if (flags) {
      const told = flags.flatMap((flag) => (call.callArgs?.[toCamel(flag)] === true ? [[flag, true]] : []));
      if (!tensors) return { args: [[first, ...others]], kwargs: Object.fromEntries(told) };
      const named = others.map((each, i) => [tensors[i], each]);
      return { args: [first], kwargs: Object.fromEntries([...named, ...told]) };
    }
    if (!isRecurrent(layer)) return { args: [[first, ...others]], kwargs: {} };
    const kwargs = { initial_state: byCells(layer, others), ...this.#maskFor(layer, call) };
    return { args: [first], kwargs };
  }

  /** Keras leaves the mask out where there are initial states, unless it is told of it as an input. */
  #maskFor(layer: tf.layers.Layer, call: LayerNode): Config {
    const source = maskSource(call.inputTensors[0]);
    if (source === undefined || call.callArgs?.withoutMask === true) return {};
    const { tensor, value, isOfFeatures } = source;
    const name = `${layer.name}_mask_${this.#calls(layer).indexOf(call)}`;
    this.#addOp("NotEqual", { name }, [this.#tensor(tensor), value]);
    const mask = written(tensor.shape, "bool", [name, 0, 0]);
    if (!isOfFeatures) return { mask };
    this.#addOp("Any", { name: `${name}_steps`, axis: -1, keepdims: false }, [mask]);
    return { mask: written(tensor.shape.slice(0, -1), "bool", [`${name}_steps`, 0, 0]) };
  }
}

/** Refuses calls that Keras 3 follows in another way. */
function requireSameAsKeras(layer: tf.layers.Layer, { inputTensors, callArgs }: LayerNode): void {
  const { name } = layer;
  if (callArgs?.training === true)
    refuse(
      `layers must be called without training: true, which Keras 3 does not follow in predict(), got it for ${name}`,
    );
  if (inputTensors.length < 2 || kindOf(layer) === "GetItem" || layer instanceof Operation) return;
  if ((layer as Partial<MergingLayer>).maskRule !== "any" && mergesOthers(layer, inputTensors))
    refuse(
      `${name} must not merge masks that differ, nor multiply or compare what is masked, which Keras does otherwise from 3.4 on; got inputs with such masks`,
    );
  if (/^concatenate(_\d+)?$/.test(name) && joinsMasks(layer, inputTensors))
    refuse(
      `${name} must have another name, which Keras gives to what concatenates the masks; set layer.name, for example to "joined"`,
    );
  if (isRecurrent(layer) && callArgs?.withoutMask !== true && followsOthers(inputTensors[0]))
    refuse(`${name} must not have an initialState and follow masks that were merged, got both`);
}

function refuse(rule: string): never {
  throw new RangeError(`Cannot write model for Keras: ${rule}`);
}

function asOp(layer: tf.layers.Layer, describe: (layer: tf.layers.Layer) => Config): Config {
  if (layer instanceof Operation) return writeOperation(layer);
  return kindOf(layer) === "GetItem" ? numpyObject("GetItem", { name: layer.name }) : describe(layer);
}

function numpyObject(kind: string, config: Config): Config {
  return { ...kerasObject("keras.src.ops.numpy", kind, config), registered_name: kind };
}

function written(shape: readonly (number | null)[], dtype: string, history: Place): Config {
  return { class_name: "__keras_tensor__", config: { shape, dtype, keras_history: history } };
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
