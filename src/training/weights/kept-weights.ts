import { tmpdir } from "node:os";
import { inspect } from "node:util";
import { briefly, quote } from "../../arguments.js";
import { whenInterrupted } from "../../display/index.js";
import { notifyByDefault } from "../../display/notice.js";
import * as tf from "../../tensorflow.js";
import { beginTraining } from "../../tfjs/compiled-model.js";
import { EpochStore } from "./epoch-store.js";
import { type ModelState, readState, writeOptimizer, writeWeights } from "./model-state.js";

/** How much `keepWeights` may keep, in MiB. */
export interface KeepWeightsBounds {
  /** In memory, of all trainings together; 256 unless given */
  readonly memory?: number;
  /** In a file, for what is more than that; 4096 unless given */
  readonly disk?: number;
}

/** Keeps the weights of every epoch, with the usual bounds or others. */
export type KeepWeights = "epoch" | KeepWeightsBounds;

const MIB = 2 ** 20;
const DEFAULT_BOUNDS = { memory: 256, disk: 4096 };

/**
 * The weights of a model before a training and after each of its epochs, as `keepWeights: "epoch"` leaves them in the
 * history. They take memory up to a bound, and then a file that the system removes when the session ends, however it ends.
 * Where that is full, too, every second epoch is forgotten.
 */
export class KeptWeights {
  readonly #model: tf.LayersModel;
  readonly #optimizer: tf.Optimizer;
  readonly #store: EpochStore<ModelState>;

  /**
   * @param model - is about to be trained
   * @param keep - the option
   * @throws {RangeError} when a bound is negative
   * @throws {TypeError} when the option is something else
   */
  constructor(model: tf.LayersModel, keep: KeepWeights) {
    this.#model = model;
    this.#optimizer = model.optimizer;
    this.#store = new EpochStore(boundsOf(keep));
    Object.defineProperty(this, inspect.custom, { value: () => this.#text() });
  }

  /** The epochs whose weights are kept. 0 is before the first one */
  get epochs(): number[] {
    return this.#store.epochs;
  }

  /** How much is kept, in bytes: weights, and what the optimiser keeps. */
  get bytes(): number {
    return this.#store.size;
  }

  /** Whether some of it is in a file. */
  get isOnDisk(): boolean {
    return this.#store.isOnDisk;
  }

  /** The model that was trained. */
  get model(): tf.LayersModel {
    return this.#model;
  }

  /**
   * Keeps what the model is now.
   *
   * @param epoch - that has ended
   */
  async add(epoch: number): Promise<void> {
    const { isOnDisk, every } = this.#store;
    this.#store.add(epoch, await readState(this.#model));
    if (!isOnDisk && this.#store.isOnDisk)
      notifyByDefault(
        `Weights are kept in a file in ${tmpdir()} from epoch ${epoch} on: in memory there is no room for more. The file is gone when the session ends.`,
      );
    if (every !== this.#store.every)
      notifyByDefault(
        `Weights are kept of every ${this.#store.every} epochs and of the last one: there is no room for more.`,
      );
  }

  /**
   * Gives the model the weights of an epoch, and its optimiser what it kept then, so that a training goes on from there:
   * `fit()` with `initialEpoch` then comes to the same as if it had never been further.
   *
   * @param epoch - one of {@link epochs}
   * @returns whether the optimiser got back what it kept: not if the model has been compiled anew, or the class of its
   * optimiser does not tell
   * @throws {RangeError} when nothing is kept of the epoch
   * @throws {Error} when the model is being trained, or at another epoch for a while
   * @example
   * ```ts
   * import { tf } from "rnnlab";
   * import { fit } from "rnnlab/training";
   * const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
   * model.compile({ optimizer: "adam", loss: "meanSquaredError" });
   * const x = tf.tensor2d([[0], [1], [2]]);
   * const { weights } = await fit(model, x, x.mul(2), { epochs: 5, keepWeights: "epoch" });
   * await weights.restore(2);
   * const further = await fit(model, x, x.mul(2), { epochs: 5, initialEpoch: 2 });
   * console.log(further.epoch); // [ 3, 4, 5 ]
   * ```
   */
  async restore(epoch: number): Promise<boolean> {
    const state = this.#stateOf(epoch);
    const release = this.#claim(epoch);
    const complete = whenInterrupted(release);
    try {
      writeWeights(this.#model, state);
      const isOurs = state.hasOptimizer && this.#model.optimizer === this.#optimizer;
      if (isOurs) await writeOptimizer(this.#optimizer, state);
      return isOurs;
    } finally {
      complete();
      release();
    }
  }

  /**
   * Lets a function see the model as it was at an epoch. Afterwards the model has its weights of now again, also when the
   * function has thrown or was interrupted.
   *
   * @param epoch - one of {@link epochs}
   * @param use - gets the model; it may be asynchronous
   * @returns what the function returns
   * @throws {RangeError} when nothing is kept of the epoch
   * @throws {Error} when the model is being trained, or at another epoch for a while
   * @example
   * ```ts
   * import { tf } from "rnnlab";
   * import { fit } from "rnnlab/training";
   * const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
   * model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
   * const x = tf.tensor2d([[0], [1], [2]]);
   * const { weights } = await fit(model, x, x.mul(2), { epochs: 3, keepWeights: "epoch" });
   * const first = await weights.at(0, (model) => (model.predict(x) as tf.Tensor).dataSync());
   * console.log(first.length); // 3
   * ```
   */
  async at<Result>(epoch: number, use: (model: tf.LayersModel) => Result): Promise<Awaited<Result>> {
    const state = this.#stateOf(epoch);
    const leave = this.#enter(epoch, state);
    const complete = whenInterrupted(leave);
    try {
      return await use(this.#model);
    } finally {
      complete();
      leave();
    }
  }

  /** Forgets all of it. */
  dispose(): void {
    this.#store.clear();
  }

  /** They are no part of a history that is saved. */
  toJSON(): undefined {
    return undefined;
  }

  #enter(epoch: number, state: ModelState): () => void {
    const model = this.#model;
    const release = this.#claim(epoch);
    // Clones cost nothing: weights get new memory when they are set.
    const now = model.getWeights().map((weight) => tf.keep(weight.clone()));
    let isThere = true;
    const leave = (): void => {
      if (!isThere) return;
      isThere = false;
      model.setWeights(now);
      tf.dispose(now);
      release();
    };
    try {
      writeWeights(model, state);
    } catch (error) {
      leave();
      throw error;
    }
    return leave;
  }

  /** Marks the model as in use: nobody may train it meanwhile. */
  #claim(epoch: number): () => void {
    return beginTraining(
      this.#model,
      `Cannot go to epoch ${epoch}: the model is being trained, or is at another epoch for a while; await that first`,
    );
  }

  #stateOf(epoch: number): ModelState {
    const state = this.#store.get(epoch);
    if (state !== undefined) return state;
    const { epochs } = this;
    const rule = epochs.length === 0 ? "be kept, but all were disposed of" : `be one of ${listed(epochs)}`;
    throw new RangeError(`Cannot go to an epoch: it must ${rule}, got ${quote(epoch)}`);
  }

  #text(): string {
    const { epochs } = this;
    if (epochs.length === 0) return "weights of no epoch";
    return `weights of epochs ${listed(epochs)}, ${(this.bytes / MIB).toFixed(1)} MiB${this.isOnDisk ? ", in part in a file" : ""}`;
  }
}

function boundsOf(keep: unknown): { readonly memory: number; readonly disk: number } {
  const given = keep === "epoch" ? {} : keep;
  if (typeof given !== "object" || given === null) {
    throw new TypeError(
      `Cannot fit: keepWeights must be "epoch" or an object such as { memory: 256 }, got ${briefly(keep)}`,
    );
  }
  const { memory = DEFAULT_BOUNDS.memory, disk = DEFAULT_BOUNDS.disk } = given as KeepWeightsBounds;
  for (const [name, value] of Object.entries({ memory, disk })) {
    if (typeof value === "number" && value >= 0) continue;
    throw new RangeError(
      `Cannot fit: keepWeights.${name} must be a number of MiB from 0, got ${quote(value)}`,
    );
  }
  return { memory: memory * MIB, disk: disk * MIB };
}

/** Epochs that a list names where some are missing. */
const NAMED = 8;

/** Such as 0 to 20, or 0, 4, 8, 10. */
function listed(epochs: readonly number[]): string {
  const [first = 0, last = 0] = [epochs[0], epochs.at(-1)];
  if (last - first === epochs.length - 1) return epochs.length === 1 ? String(first) : `${first} to ${last}`;
  const few = epochs.length <= NAMED ? epochs : [...epochs.slice(0, NAMED - 2), "…", last];
  return few.join(", ");
}
