import type { ActivationFunction, RecurrentActivation } from "../recurrent-ops/index.js";
import * as tf from "../tensorflow.js";
import { type Activation, registry } from "./stock.js";

const fused: readonly string[] = [
  "linear",
  "relu",
  "tanh",
  "sigmoid",
  "hardSigmoid",
  "hardSigmoid6",
] satisfies RecurrentActivation[];

// tfjs does not export the class that all activations extend, and loads only what does.
const Base = Object.getPrototypeOf(registry.linear?.[0]) as typeof tf.serialization.Serializable;

/** clip(x / 6 + 1/2, 0, 1), which Keras 3 calls hard_sigmoid; tfjs and Keras 2 give that name to clip(x / 5 + 1/2, 0, 1). */
class HardSigmoid6 extends Base {
  static className = "hardSigmoid6";
  getConfig() {
    return {};
  }
  apply(x: tf.Tensor): tf.Tensor {
    return tf.tidy(() => tf.clipByValue(tf.add(tf.mul(x, 1 / 6), 0.5), 0, 1));
  }
}
tf.serialization.registerClass(HardSigmoid6);

const wrapped = new WeakMap<ActivationFunction, Activation>();

/**
 * Makes a function an activation of tfjs, which can be copied and loaded in this process.
 *
 * @param activation a function, or anything else
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
 * @param activation one of tfjs's or of the user's
 * @returns its name where the fused ops know it, else the function
 */
export function opActivation(activation: Activation): RecurrentActivation | ActivationFunction {
  const name = activation.getClassName();
  return fused.includes(name) ? (name as RecurrentActivation) : (x) => activation.apply(x);
}

/**
 * Checks that an activation is one.
 *
 * @param activation a name, a function or nothing
 * @param layer the layer's name and the argument's, for the message
 * @throws RangeError if no activation has that name
 */
export function checkActivation(activation: unknown, layer: string, argument: string): void {
  if (typeof activation !== "string" || isActivation(activation)) return;
  const names = Object.keys(registry).filter(isActivation).sort();
  throw new RangeError(
    `Cannot build ${layer}: ${argument} must be one of ${names.join(", ")}, got ${activation}`,
  );
}

function isActivation(name: string): boolean {
  const found = registry[name]?.[0] as { prototype?: unknown } | undefined;
  return found?.prototype instanceof Base;
}
