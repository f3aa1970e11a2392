import { AdamOptimizer, FusedOptimizer, RmsPropOptimizer, SgdOptimizer } from "../../optimizers/index.js";
import { nativeOps } from "../../recurrent-ops/index.js";
import type * as tf from "../../tensorflow.js";
import { isModel } from "../../tfjs/model-graph.js";
import { type Activation, registeredClass, type StockCell, stock } from "../../tfjs/stock.js";
import { lossName } from "../loss-name.js";

// A recording is the step of one moment. It may take the place of later ones only if the code in between is known to do
// the same at each step: classes of users, functions of users, random numbers and kept states are not.

/** Layers, by their names in saved models, whose calls depend on nothing but their inputs and weights. */
const LAYERS = ["InputLayer", "Dense", "SimpleRNN", "LSTM", "GRU", "Reshape", "Activation"];
const ACTIVATIONS = [
  "linear",
  "relu",
  "tanh",
  "sigmoid",
  "softmax",
  "hardSigmoid",
  "hardSigmoid6",
  "elu",
  "softplus",
];
const OPTIMIZERS: readonly unknown[] = [AdamOptimizer, RmsPropOptimizer, SgdOptimizer];

/**
 * Says why a model's training step is not compiled, as far as the model tells.
 *
 * @param model - a compiled model, not a sequential one but the one inside
 * @returns the reason; nothing if it may be compiled
 */
export function whyNotCompiled(model: tf.LayersModel): string | undefined {
  const ops = nativeOps();
  if (!ops.available) return ops.reason;
  const { optimizer } = model;
  if (!(optimizer instanceof FusedOptimizer) || !OPTIMIZERS.includes(optimizer.constructor))
    return "the optimiser is none of rnnlab/optimizers";
  if (overrides(optimizer, ["computeGradients", "applyGradients"]))
    return "a method of the optimiser is replaced";
  const loss = model.outputs.findIndex((_, output) => typeof lossName(model, output) !== "string");
  if (loss >= 0) return `the loss of output ${model.outputNames[loss]} is a function of one's own`;
  for (const layer of model.layers) {
    const reason = reasonOf(layer);
    if (reason !== undefined) return `layer ${layer.name} ${reason}`;
  }
  return undefined;
}

function reasonOf(layer: tf.layers.Layer): string | undefined {
  const kind = layer.getClassName();
  if (isModel(layer)) return "is a model itself";
  if (!LAYERS.includes(kind) || !isKnown(layer, kind)) return `is of class ${layer.constructor.name}`;
  if (overrides(layer, ["call", "apply", "computeMask", "calculateLosses"]))
    return "has a method that is replaced";
  if (layer.losses.length > 0) return "has a regulariser";
  if (layer.stateful) return "is stateful";
  const { cell, activation } = layer as tf.layers.Layer & {
    readonly cell?: StockCell;
    readonly activation?: Activation | null;
  };
  if (cell && (cell.dropout > 0 || cell.recurrentDropout > 0)) return "has dropout";
  for (const own of [activation, cell?.activation, cell?.recurrentActivation]) {
    if (own && !(ACTIVATIONS.includes(own.getClassName()) && isRegistered(own, own.getClassName())))
      return `has the activation ${own.getClassName()}`;
  }
  return undefined;
}

/** Whether an object is of the very class that saved models have under a name, and not of one that extends it. */
function isRegistered(object: object, name: string): boolean {
  return object.constructor === registeredClass<unknown>(name);
}

/** tfjs's own Dense computes the same as rnnlab's. */
function isKnown(layer: tf.layers.Layer, kind: string): boolean {
  return isRegistered(layer, kind) || layer.constructor === stock.Dense;
}

function overrides(object: object, methods: readonly string[]): boolean {
  return methods.some((method) => Object.hasOwn(object, method));
}
