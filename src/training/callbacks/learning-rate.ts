import { requireInteger } from "../../arguments.js";
import { FusedOptimizer } from "../../optimizers/index.js";
import type * as tf from "../../tensorflow.js";
import type { Callback, Logs } from "./callback.js";
import { Monitor, type MonitorOptions } from "./monitor.js";

/** How {@link reduceOnPlateau} decides. */
export interface ReduceOnPlateauOptions extends MonitorOptions {
  /** What the learning rate is multiplied by, less than 1; 0.1 unless given */
  readonly factor?: number;
  /** Epochs without improvement after which it is; 10 unless given */
  readonly patience?: number;
  /** Epochs after it in which none is counted; 0 unless given */
  readonly cooldown?: number;
  /** The learning rate stays at least as large; 0 unless given */
  readonly minLearningRate?: number;
}

/** An optimiser of this project: the stock ones have no learning rate that can be set. */
function settable(model: tf.LayersModel): FusedOptimizer {
  const { optimizer } = model;
  if (optimizer instanceof FusedOptimizer) return optimizer;
  throw new TypeError(
    `Cannot change the learning rate: the optimiser must be one of rnnlab/optimizers, got ${optimizer.getClassName()} of tfjs`,
  );
}

/**
 * Sets the learning rate before each epoch.
 *
 * @param schedule - gives the rate from the epoch, counted from 0, and the rate so far
 * @returns a callback for {@link fit}
 * @throws {TypeError} when training begins, unless the model's optimiser is one of rnnlab/optimizers
 * @example
 * ```ts
 * import { learningRateSchedule } from "rnnlab/training";
 * const halve = learningRateSchedule((epoch, rate) => (epoch > 0 && epoch % 10 === 0 ? rate / 2 : rate));
 * ```
 */
export function learningRateSchedule(schedule: (epoch: number, rate: number) => number): Callback {
  let model: tf.LayersModel | undefined;
  return {
    setModel(trained) {
      settable(trained);
      model = trained;
    },
    onEpochBegin(epoch) {
      if (model === undefined) return;
      const optimizer = settable(model);
      optimizer.learningRate = schedule(epoch, optimizer.learningRate);
    },
  };
}

/**
 * Lowers the learning rate when a value no longer improves, by Keras's rules.
 *
 * @param options - what is watched, for how long, and how much lower
 * @returns a callback for {@link fit}
 * @throws {RangeError} when an option is out of range; while training TypeError unless the model's optimiser is one of
 * rnnlab/optimizers
 * @example
 * ```ts
 * import { reduceOnPlateau } from "rnnlab/training";
 * const lower = reduceOnPlateau({ monitor: "loss", factor: 0.5, patience: 3 });
 * ```
 */
export function reduceOnPlateau(options: ReduceOnPlateauOptions = {}): Callback {
  const purpose = "reduce the learning rate";
  const { factor = 0.1, patience = 10, cooldown = 0, minLearningRate = 0 } = options;
  if (!(factor > 0 && factor < 1)) {
    throw new RangeError(`Cannot ${purpose}: factor must be more than 0 and less than 1, got ${factor}`);
  }
  requireInteger(purpose, "patience", patience, 0);
  requireInteger(purpose, "cooldown", cooldown, 0);
  const monitor = new Monitor(purpose, options, 1e-4);
  let model: tf.LayersModel | undefined;
  let best: number | undefined;
  let wait = 0;
  let cooling = 0;
  return {
    setModel(trained) {
      settable(trained);
      model = trained;
    },
    onTrainBegin() {
      best = undefined;
      wait = 0;
      cooling = 0;
    },
    onEpochEnd(_epoch: number, logs: Logs) {
      const value = monitor.read(logs);
      if (cooling > 0) {
        cooling--;
        wait = 0;
      }
      if (monitor.improves(value, best)) {
        best = value;
        wait = 0;
        return;
      }
      if (cooling > 0 || ++wait < patience || model === undefined) return;
      const optimizer = settable(model);
      if (optimizer.learningRate <= minLearningRate) return;
      optimizer.learningRate = Math.max(optimizer.learningRate * factor, minLearningRate);
      cooling = cooldown;
      wait = 0;
    },
  };
}
