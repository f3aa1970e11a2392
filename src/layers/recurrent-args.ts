import { quote, requireInteger } from "../arguments.js";
import type { ActivationFunction } from "../recurrent-ops/index.js";
import type * as tf from "../tensorflow.js";
import type { StockRecurrentArgs } from "../tfjs/stock.js";
import { checkActivation, toActivation } from "./activations.js";
import type { ActivityRegularizer } from "./activity-penalty.js";

/**
 * A name of tfjs, `"hardSigmoid6"` (Keras 3's hard_sigmoid), a function that tfjs can differentiate (a model with one
 * can be saved, but loads in the same process only), or null for none.
 */
export type ActivationArg =
  | NonNullable<StockRecurrentArgs["activation"]>
  | "hardSigmoid6"
  | ActivationFunction
  | null;

/** Arguments of the recurrent layers: those of `tf.layers`, with Keras's defaults. */
export type RecurrentArgs = Omit<StockRecurrentArgs, "activation" | "recurrentActivation"> & {
  /** Of the candidate; `"tanh"` if missing */
  activation?: ActivationArg;
  /** Of the gates of LSTM and GRU; `"sigmoid"` if missing */
  recurrentActivation?: ActivationArg;
  /** GRU: whether the reset gate acts after the product with the state; true if missing */
  resetAfter?: boolean;
  /** Penalty of the outputs, divided by the size of the batch */
  activityRegularizer?: ActivityRegularizer;
  /** Whether the output of a masked step is zero; it is that of the step before if missing */
  zeroOutputForMask?: boolean;
  /** Of dropout: an integer from 0 to 2³² − 1; another one in each run if missing */
  seed?: number;
};

/** Keras's defaults where tfjs has others. */
const kerasDefaults = {
  activation: "tanh",
  recurrentActivation: "sigmoid",
  kernelInitializer: "glorotUniform",
  unitForgetBias: true,
} as const;

const SWITCHES = [
  "goBackwards",
  "resetAfter",
  "returnSequences",
  "returnState",
  "stateful",
  "unitForgetBias",
  "unroll",
  "useBias",
  "zeroOutputForMask",
] as const;

/** What tfjs means by a key that a saved model lacks. */
const stockDefaults = {
  recurrentActivation: "hardSigmoid",
  kernelInitializer: "glorotNormal",
  unitForgetBias: false,
  resetAfter: false,
} as const;

/**
 * Checks arguments and completes them by Keras's defaults.
 *
 * @param layer - the layer's name, for messages
 * @param args - what the user gave
 * @returns arguments for tfjs's constructor
 * @throws {RangeError} when `units` is not a positive integer, a rate not from 0 to 1, or an activation unknown
 * @throws {TypeError} when a switch is neither true nor false
 */
export function recurrentArgs(layer: string, args: RecurrentArgs): StockRecurrentArgs {
  checkUnits(layer, args.units);
  checkActivation(args.activation, layer, "activation");
  checkActivation(args.recurrentActivation, layer, "recurrentActivation");
  for (const rate of ["dropout", "recurrentDropout"] as const) {
    const value = args[rate] ?? 0;
    if (!(value >= 0 && value <= 1))
      throw new RangeError(`Cannot build ${layer}: ${rate} must be from 0 to 1, got ${value}`);
  }
  for (const name of SWITCHES) {
    // Whatever a file says: "no" must not count as true.
    const value: unknown = Reflect.get(args, name);
    if (value != null && typeof value !== "boolean")
      throw new TypeError(`Cannot build ${layer}: ${name} must be true or false, got ${quote(value)}`);
  }
  const complete = withDefaults(kerasDefaults, args) as RecurrentArgs;
  // tfjs reads null as its default in some layers and as "linear" in others.
  const named = (activation: ActivationArg | undefined) => toActivation(activation ?? "linear");
  return {
    ...complete,
    activation: named(complete.activation),
    recurrentActivation: named(complete.recurrentActivation),
    // Its own GRU refuses the other.
    resetAfter: false,
  } as StockRecurrentArgs;
}

/**
 * The arguments that a saved configuration means.
 *
 * @param config - the configuration of a saved layer
 * @returns the layer's arguments
 */
export function savedArgs(config: tf.serialization.ConfigDict): RecurrentArgs {
  return withDefaults(stockDefaults, config) as RecurrentArgs;
}

/**
 * Checks a layer's size.
 *
 * @throws {RangeError} when it is not a positive integer
 */
export function checkUnits(layer: string, units: number, argument = "units"): void {
  requireInteger(`build ${layer}`, argument, units, 1);
}

function withDefaults(defaults: object, args: object): object {
  const given = Object.entries(args).filter(
    // Only an activation can be switched off by null.
    ([key, value]) => value !== undefined && (value !== null || key.toLowerCase().endsWith("activation")),
  );
  return { ...defaults, ...Object.fromEntries(given) };
}
