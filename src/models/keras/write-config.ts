import { activationLayer } from "../../layers/activations.js";
import { keptTexts } from "../../layers/kept-text.js";
import * as tf from "../../tensorflow.js";
import { isModel, kindOf } from "../../tfjs/model-graph.js";
import type { StockStack } from "../../tfjs/stock.js";
import { type SharedLayer, sharedCells, sharedLayers } from "./keras-layers.js";
import { type Config, kerasObject, toCamel, toKeras } from "./keras-values.js";
import { followsOthers, maskSource } from "./mask-sources.js";
import { type Wrapper, wrappedLayer } from "./wrapped-layer.js";
import { writeGraph } from "./write-graph.js";
import { requireKnownWidths } from "./write-widths.js";

type Shape = readonly (number | null)[];
/**
 * Describes a model as Keras 3 does in a `.keras` file.
 *
 * @param model - a built model
 * @returns what `config.json` holds
 * @throws {RangeError} when Keras does not have something; it names that
 */
export function toKerasConfig(model: tf.LayersModel): Config {
  requireKnownWidths(model.layers, (rule) => {
    throw new RangeError(`Cannot write model for Keras: ${rule}`);
  });
  return describe(model);
}

function describe(layer: tf.layers.Layer): Config {
  const kind = kindOf(layer);
  if (isModel(layer)) {
    if (kind === "Sequential") return kerasObject("keras", kind, sequential(layer));
    return {
      ...kerasObject("keras.src.models.functional", "Functional", writeGraph(layer, describe)),
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
  const isAfterMask = layer.inboundNodes.some(
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
  // Keras would put zeros at other steps than the masked ones where it unrolls a layer that reads back.
  if (own.zeroOutputForMask === true) config.unroll = false;
  // Keras 3 would have both layers read back unless it is told of the second one.
  if ((layer as Wrapper).forwardLayer?.getConfig().goBackwards === true)
    config.backward_layer = describePart(layer, "backward_layer");
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

/** A layer under the name that its wrapper was given it with: both libraries put the direction before it. */
function inner(layer: tf.layers.Layer): Config {
  const written = describe(layer) as { config: Config };
  // Bidirectional has them put out zeros without being asked.
  const rolled = layer instanceof tf.RNN && layer.returnSequences ? { unroll: false } : {};
  const name = layer.name.replace(/^((for|back)ward_)+/, "");
  return { ...written, config: { ...written.config, ...rolled, name } };
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
