import { AdamOptimizer, FusedOptimizer, RmsPropOptimizer, SgdOptimizer } from "../../optimizers/index.js";
import { nativeOps } from "../../recurrent-ops/index.js";
import type * as tf from "../../tensorflow.js";
import { isModel } from "../../tfjs/model-graph.js";
import { type Activation, isStock, registeredClass, type StockCell } from "../../tfjs/stock.js";
import { lossName } from "../loss-name.js";

// A recording is the step of one moment. It may take the place of later ones only if the code in between is known to do
// the same at each step: classes and functions of users are not.

// Layers, by their names in saved models, whose calls depend on nothing but their inputs, weights, kept states and drawn
// tensors.
const LAYERS = [
  ...["InputLayer", "Dropout", "SimpleRNN", "LSTM", "GRU", "Bidirectional", "TimeDistributed"],
  ...["Normalization", "GetItem"],
];
/** Those that may be tfjs's own, too, and not rnnlab's of the same name. */
const PLAIN_LAYERS = [
  ...["Dense", "Embedding", "Masking", "Activation", "ReLU", "LeakyReLU", "ELU", "Softmax"],
  ...["Reshape", "Flatten", "Permute", "RepeatVector", "GlobalAveragePooling1D", "GlobalMaxPooling1D"],
  "LayerNormalization",
  ...["Concatenate", "Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"],
];
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
  const { optimizer } = model;
  if (!nativeOps().available) return whyTestNotCompiled(model);
  if (!(optimizer instanceof FusedOptimizer) || !OPTIMIZERS.includes(optimizer.constructor))
    return "the optimiser is none of rnnlab/optimizers";
  if (overrides(optimizer, ["computeGradients", "applyGradients"]))
    return "a method of the optimiser is replaced";
  return whyTestNotCompiled(model);
}

/**
 * The same for a test, which needs no optimiser.
 *
 * @param model - a compiled model, not a sequential one but the one inside
 * @returns the reason; nothing if it may be compiled
 */
export function whyTestNotCompiled(model: tf.LayersModel): string | undefined {
  const ops = nativeOps();
  if (!ops.available) return ops.reason;
  const loss = model.outputs.findIndex((_, output) => typeof lossName(model, output) !== "string");
  if (loss >= 0) return `the loss of output ${model.outputNames[loss]} is a function of one's own`;
  return whyCallNotCompiled(model);
}

/**
 * The same for a prediction, which needs no loss.
 *
 * @param model - not a sequential one but the one inside
 * @returns the reason; nothing if it may be compiled
 */
export function whyCallNotCompiled(model: tf.LayersModel): string | undefined {
  const ops = nativeOps();
  if (!ops.available) return ops.reason;
  for (const layer of model.layers) {
    const reason = reasonOf(layer);
    if (reason !== undefined) return `layer ${layer.name} ${reason}`;
  }
  return undefined;
}

/**
 * Says by which functions a model is measured.
 *
 * @param model - a compiled model, not a sequential one but the one inside
 * @returns those of its losses and metrics; nothing where one of the metrics is a function of one's own
 */
export function knownMeasures(model: tf.LayersModel): readonly unknown[] | undefined {
  const { lossFunctions, metricsTensors } = model;
  const { metrics = [] } = model as { readonly metrics?: unknown };
  const named = typeof metrics === "object" && metrics !== null ? Object.values(metrics).flat() : [metrics];
  if (named.some((each) => typeof each !== "string")) return undefined;
  return [...lossFunctions, ...metricsTensors.flat()];
}

/** Layers that call others. */
interface Wrapping {
  readonly layer?: tf.layers.Layer;
  readonly forwardLayer?: tf.layers.Layer;
  readonly backwardLayer?: tf.layers.Layer;
}

function reasonOf(layer: tf.layers.Layer): string | undefined {
  if (isModel(layer)) return reasonIn(partsOf(layer));
  const kind = layer.getClassName();
  if (!isKnown(layer, kind)) return `is of class ${layer.constructor.name}`;
  if (overrides(layer, ["call", "apply", "computeMask", "calculateLosses", "resetStates"]))
    return "has a method that is replaced";
  const { cell, activation } = layer as tf.layers.Layer & {
    readonly cell?: StockCell;
    readonly activation?: Activation | null;
  };
  if (!hasKnownRegularizers(cell ?? layer)) return "has a regulariser of one's own";
  if (cell && cell.recurrentDropout > 0) return "has recurrent dropout";
  if (cell?.dropoutFunc) return "has a dropout of one's own";
  for (const own of [activation, cell?.activation, cell?.recurrentActivation]) {
    if (own && !(ACTIVATIONS.includes(own.getClassName()) && isRegistered(own, own.getClassName())))
      return `has the activation ${own.getClassName()}`;
  }
  return reasonIn(partsOf(layer));
}

/**
 * Gives the layers that a layer calls.
 *
 * @param layer - a layer or a model
 * @returns those of a model, or those that a layer wraps
 */
export function partsOf(layer: tf.layers.Layer): readonly tf.layers.Layer[] {
  if (isModel(layer)) return layer.layers;
  const { layer: inner, forwardLayer, backwardLayer } = layer as Wrapping;
  // What both directions were copied from is called by none.
  const wrapped = forwardLayer ? [forwardLayer, backwardLayer] : [inner];
  return wrapped.filter((each) => each !== undefined);
}

function reasonIn(layers: readonly tf.layers.Layer[]): string | undefined {
  for (const layer of layers) {
    const reason = reasonOf(layer);
    if (reason !== undefined) return `has the layer ${layer.name}, which ${reason}`;
  }
  return undefined;
}

/** Whether all penalties of weights are L1 and L2. A recurrent layer's are its cell's. */
function hasKnownRegularizers(layer: tf.layers.Layer): boolean {
  const regularizers = Object.entries(layer).flatMap(([name, value]) =>
    name.endsWith("Regularizer") && value ? [value as object] : [],
  );
  return (
    layer.losses.length <= regularizers.length && regularizers.every((each) => isRegistered(each, "L1L2"))
  );
}

/** Whether an object is of the very class that saved models have under a name, and not of one that extends it. */
function isRegistered(object: object, name: string): boolean {
  return object.constructor === registeredClass<unknown>(name);
}

function isKnown(layer: tf.layers.Layer, kind: string): boolean {
  if (PLAIN_LAYERS.includes(kind)) return isRegistered(layer, kind) || isStock(layer, kind);
  return LAYERS.includes(kind) && isRegistered(layer, kind);
}

function overrides(object: object, methods: readonly string[]): boolean {
  return methods.some((method) => Object.hasOwn(object, method));
}
