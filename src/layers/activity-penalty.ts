import * as tf from "../tensorflow.js";
import { hidden } from "../tfjs/hidden.js";
import { replaceMembers } from "../tfjs/patches.js";
import { type CallArguments, stock } from "../tfjs/stock.js";
import { currentTape } from "../tfjs/tape.js";

/** What `activityRegularizer` may be: one of tfjs's or of the user's, its name, or its saved configuration. */
export type ActivityRegularizer = ConstructorParameters<typeof stock.Dense>[0]["activityRegularizer"];
type Regularizer = tf.serialization.Serializable & { apply(x: tf.Tensor): tf.Scalar };

// Penalties are computed while a model is called, on the tape, and asked for afterwards. They are those of one pass.
let pass: object | undefined;
const penalties = new Map<tf.layers.Layer, tf.Scalar[]>();
const regularizers = new WeakMap<tf.layers.Layer, Regularizer>();
let test: object | undefined;

/**
 * Makes what a layer puts out cost something, as in Keras: for each of its outputs, what the regulariser gives divided
 * by the size of the batch. tfjs has the option and refuses it when the layer is called. The penalties are among what
 * `calculateLosses()` of the layer or its model gives, which tfjs's own training adds, too.
 *
 * @param layer - a layer that was not given the regulariser
 * @param regularizer - what it is, if there is any
 */
export function penaliseActivity(layer: tf.layers.Layer, regularizer: ActivityRegularizer | null): void {
  if (regularizer == null) return;
  // tfjs exports none of what turns a name or a configuration into a regulariser, but this constructor does it.
  const dense = new stock.Dense({ units: 1, activityRegularizer: regularizer });
  const { activityRegularizer: found } = hidden("dense", dense);
  regularizers.set(layer, found);
  const { apply, calculateLosses, getConfig } = layer;
  replaceMembers("a layer with activityRegularizer", layer, {
    apply(inputs, args) {
      const outputs = apply.call(layer, inputs, args);
      recordActivity(layer, outputs, args);
      return outputs;
    },
    getConfig: () => ({
      ...getConfig.call(layer),
      activityRegularizer: { className: found.getClassName(), config: found.getConfig() },
    }),
    calculateLosses: () => [...calculateLosses.call(layer), ...takePenalties(layer)],
  });
}

/** Each is asked for once, by whoever adds the losses up: tfjs asks a layer as often as it is used. */
function takePenalties(layer: tf.layers.Layer): tf.Scalar[] {
  const kept = penalties.get(layer) ?? [];
  penalties.delete(layer);
  const own = kept.map((penalty) => penalty.clone());
  tf.dispose(kept);
  return own;
}

/**
 * Computes the penalties of a layer's outputs, in a training step or within {@link testActivity}.
 *
 * @param layer - the layer; nothing happens unless it has a regulariser
 * @param outputs - what it has put out
 * @param args - what it was called with
 */
export function recordActivity(layer: tf.layers.Layer, outputs: unknown, args?: CallArguments | null): void {
  const regularizer = regularizers.get(layer);
  const current = test ?? (args?.training ? currentTape() : undefined);
  if (regularizer === undefined || current == null) return;
  if (current !== pass) dropActivity();
  pass = current;
  const tensors = [outputs].flat().filter((output) => output instanceof tf.Tensor);
  const ours = tensors.map((output) =>
    tf.keep(tf.tidy(() => tf.div<tf.Scalar>(regularizer.apply(output), output.shape[0] ?? 1))),
  );
  penalties.set(layer, [...(penalties.get(layer) ?? []), ...ours]);
}

/**
 * Computes the penalties where nothing is trained.
 *
 * @param run - calls a model and asks for its losses
 * @returns what it returns
 */
export function testActivity<Result>(run: () => Result): Result {
  test = {};
  try {
    return run();
  } finally {
    test = undefined;
    dropActivity();
  }
}

/** Disposes of penalties that nobody has asked for. */
export function dropActivity(): void {
  for (const each of penalties.values()) tf.dispose(each);
  penalties.clear();
}
