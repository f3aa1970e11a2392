import { requireInteger } from "../../arguments.js";
import * as tf from "../../tensorflow.js";
import type { Callback, Logs } from "./callback.js";
import { Monitor, type MonitorOptions } from "./monitor.js";

/** How {@link earlyStopping} decides. */
export interface EarlyStoppingOptions extends MonitorOptions {
  /** Epochs without improvement after which training ends; 0 unless given */
  readonly patience?: number;
  /** Training also ends if this value is not beaten within `patience` epochs */
  readonly baseline?: number;
  /** Whether the model gets back the weights of its best epoch at the end; false unless given */
  readonly restoreBestWeights?: boolean;
  /** Epochs at the beginning that do not count; 0 unless given */
  readonly startFromEpoch?: number;
}

/** A callback that ends a training in time, as {@link earlyStopping} makes it. */
export class EarlyStopping implements Callback {
  /** The best value so far, undefined before the first epoch that counts */
  best: number | undefined;
  /** The epoch, from 0, that had it */
  bestEpoch = 0;
  /** The epoch, from 0, after which training was ended; undefined if it was not */
  stoppedEpoch: number | undefined;
  readonly #monitor: Monitor;
  readonly #options: Required<Omit<EarlyStoppingOptions, keyof MonitorOptions | "baseline">>;
  readonly #baseline: number | undefined;
  #model: tf.LayersModel | undefined;
  #bestWeights: tf.Tensor[] = [];
  #wait = 0;

  /** @param options - as {@link earlyStopping} takes them */
  constructor(options: EarlyStoppingOptions = {}) {
    const { patience = 0, startFromEpoch = 0, restoreBestWeights = false, baseline } = options;
    requireInteger("stop early", "patience", patience, 0);
    requireInteger("stop early", "startFromEpoch", startFromEpoch, 0);
    this.#monitor = new Monitor("stop early", options);
    this.#options = { patience, startFromEpoch, restoreBestWeights };
    this.#baseline = baseline;
  }

  setModel(model: tf.LayersModel): void {
    this.#model = model;
  }

  onTrainBegin(): void {
    this.best = undefined;
    this.bestEpoch = 0;
    this.stoppedEpoch = undefined;
    this.#wait = 0;
  }

  onEpochEnd(epoch: number, logs: Logs): void {
    const value = this.#monitor.read(logs);
    const { patience, startFromEpoch } = this.#options;
    if (epoch < startFromEpoch) return;
    this.#wait++;
    if (this.#monitor.improves(value, this.best)) {
      this.best = value;
      this.#keepWeights(epoch);
      if (this.#baseline === undefined || this.#monitor.improves(value, this.#baseline)) this.#wait = 0;
      return;
    }
    if (this.#wait < patience || epoch === 0 || this.#model === undefined) return;
    this.stoppedEpoch = epoch;
    this.#model.stopTraining = true;
  }

  onTrainEnd(): void {
    if (this.#bestWeights.length > 0) this.#model?.setWeights(this.#bestWeights);
  }

  dispose(): void {
    tf.dispose(this.#bestWeights);
    this.#bestWeights = [];
  }

  #keepWeights(epoch: number): void {
    this.bestEpoch = epoch;
    if (!this.#options.restoreBestWeights) return;
    tf.dispose(this.#bestWeights);
    // Clones cost nothing: a step never writes into the memory that variables had before.
    this.#bestWeights = (this.#model?.getWeights() ?? []).map((weight) => tf.keep(weight.clone()));
  }
}

/**
 * Ends a training when a value no longer improves, by Keras's rules.
 *
 * @param options - what is watched, for how long, and whether the best weights come back
 * @returns a callback for {@link fit}
 * @throws {RangeError} when an option is out of range; while training Error if the logs do not have the watched value
 * @example
 * ```ts
 * import { tf } from "rnnlab";
 * import { earlyStopping, fit } from "rnnlab/training";
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
 * model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
 * const x = tf.tensor2d([[0], [1], [2], [3]]);
 * const stop = earlyStopping({ patience: 2, restoreBestWeights: true });
 * await fit(model, x, x.mul(2), { epochs: 5, validationSplit: 0.25, callbacks: [stop] });
 * ```
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): EarlyStopping {
  return new EarlyStopping(options);
}
