import type { ActivationFunction, RecurrentActivation } from "../recurrent-ops/index.js";
import * as tf from "../tensorflow.js";
import { type Activation, loadableClasses, restore, type Saved } from "../tfjs/stock.js";

const fused: readonly string[] = [
  "linear",
  "relu",
  "tanh",
  "sigmoid",
  "hardSigmoid",
  "hardSigmoid6",
] satisfies RecurrentActivation[];

// tfjs does not export the class that all activations extend, and loads only what does.
const Base = Object.getPrototypeOf(loadableClasses.linear?.[0]) as typeof tf.serialization.Serializable;

/**
 * Activations of Keras's that tfjs does not have, by the names that they get here. Keras 3 gives the name hard_sigmoid to
 * clip(x / 6 + 1/2, 0, 1), tfjs and Keras 2 give it to clip(x / 5 + 1/2, 0, 1).
 */
const further: Readonly<Record<string, ActivationFunction>> = {
  hardSigmoid6: (x) => tf.clipByValue(tf.add(tf.mul(x, 1 / 6), 0.5), 0, 1),
  celu: (x) => tf.elu(x),
  exponential: (x) => tf.exp(x),
  hardShrink: (x) => tf.where(tf.greater(tf.abs(x), 0.5), x, tf.zerosLike(x)),
  hardSilu: (x) => tf.mul(x, tf.clipByValue(tf.add(tf.mul(x, 1 / 6), 0.5), 0, 1)),
  hardTanh: (x) => tf.clipByValue(x, -1, 1),
  leakyRelu: (x) => tf.leakyRelu(x, 0.2),
  logSigmoid: (x) => tf.neg(tf.softplus(tf.neg(x))),
  softShrink: (x) => tf.sub(tf.relu(tf.sub(x, 0.5)), tf.relu(tf.sub(tf.neg(x), 0.5))),
  sparsePlus: (x) =>
    tf.where(tf.greater(x, 1), x, tf.mul(tf.square(tf.relu(tf.add(tf.minimum(x, 1), 1))), 0.25)),
  sparseSigmoid: (x) => tf.clipByValue(tf.mul(tf.add(x, 1), 0.5), 0, 1),
  squareplus: (x) => tf.mul(tf.add(x, tf.sqrt(tf.add(tf.square(x), 4))), 0.5),
  tanhShrink: (x) => tf.sub(x, tf.tanh(x)),
};
for (const [name, compute] of Object.entries(further)) register(name, compute);

function register(name: string, compute: ActivationFunction): void {
  class Registered extends Base {
    static className = name;
    getConfig() {
      return {};
    }
    apply(x: tf.Tensor): tf.Tensor {
      return tf.tidy(() => compute(x));
    }
  }
  tf.serialization.registerClass(Registered);
}

const LAYER = "activation";

/**
 * Makes a layer without weights an activation, as in Keras's `Dense(4, activation=LeakyReLU(0.2))`.
 *
 * @param saved - the layer
 * @returns a name that stands for it, also in files
 */
export function layerActivation(saved: Saved): string {
  const name = `${LAYER}${Buffer.from(JSON.stringify(saved)).toString("hex")}`;
  restoreActivations(name);
  return name;
}

/** The layer that an activation is; nothing for other activations. */
export function activationLayer(name: unknown): tf.layers.Layer | undefined {
  const [, hex] = new RegExp(`^${LAYER}([0-9a-f]{2,})$`).exec(String(name)) ?? [];
  return hex === undefined ? undefined : restore(JSON.parse(Buffer.from(hex, "hex").toString()) as Saved);
}

/**
 * Makes known what {@link layerActivation} has made, in whatever process.
 *
 * @param text - a model's topology, or anything else that names them
 */
export function restoreActivations(text: string): void {
  for (const [name] of text.matchAll(new RegExp(`\\b${LAYER}[0-9a-f]{2,}\\b`, "g"))) {
    if (loadableClasses[name] !== undefined) continue;
    const layer = activationLayer(name);
    if (layer) register(name, (x) => layer.call(x, {}) as tf.Tensor);
  }
}

const wrapped = new WeakMap<ActivationFunction, Activation>();

/**
 * Makes a function an activation of tfjs, which can be copied and loaded in this process.
 *
 * @param activation - a function, or anything else
 * @returns an activation for a function, else the same
 */
export function toActivation<Given>(activation: Given | ActivationFunction): Given | Activation {
  if (typeof activation !== "function") return activation;
  const apply = activation as ActivationFunction;
  const known = wrapped.get(apply);
  if (known) return known;
  class FunctionActivation extends Base {
    static className = `function${++functions}`;
    getConfig() {
      return {};
    }
    apply(x: tf.Tensor): tf.Tensor {
      return apply(x);
    }
  }
  tf.serialization.registerClass(FunctionActivation);
  const made = new FunctionActivation();
  wrapped.set(apply, made);
  return made;
}
let functions = 0;

/**
 * What the recurrent ops take for an activation.
 *
 * @param activation - one of tfjs's or of the user's
 * @returns its name where the fused ops know it, else the function
 */
export function opActivation(activation: Activation): RecurrentActivation | ActivationFunction {
  const name = activation.getClassName();
  return fused.includes(name) ? (name as RecurrentActivation) : (x) => activation.apply(x);
}

/**
 * Checks that an activation is one.
 *
 * @param activation - a name, a function or nothing
 * @param layer - the layer's name and the argument's, for the message
 * @throws {RangeError} when no activation has that name
 */
export function checkActivation(activation: unknown, layer: string, argument: string): void {
  if (typeof activation !== "string" || isActivation(activation)) return;
  const isNamed = (name: string) => isActivation(name) && !/\d{2}|^function\d/.test(name);
  const names = Object.keys(loadableClasses).filter(isNamed).sort();
  throw new RangeError(
    `Cannot build ${layer}: ${argument} must be one of ${names.join(", ")}, got ${activation}`,
  );
}

function isActivation(name: string): boolean {
  const found = loadableClasses[name]?.[0] as { prototype?: unknown } | undefined;
  return found?.prototype instanceof Base;
}
