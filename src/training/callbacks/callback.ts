import type * as tf from "../../tensorflow.js";

/** Numbers of a batch or an epoch by name: `loss`, the model's metrics, and those on the validation data as `val_…`. */
export type Logs = Readonly<Record<string, number>>;

/**
 * What is told how a training goes, as in Keras and tfjs, whose own callbacks fit too. Epochs and batches are counted
 * from 0. Training ends early when a callback sets `model.stopTraining = true`.
 */
export interface Callback {
  /** Called first, with the model that will be trained */
  setModel?(model: tf.LayersModel): void;
  /** Called before the first epoch */
  onTrainBegin?(): unknown;
  /** Called after the last epoch, unless training failed */
  onTrainEnd?(): unknown;
  /** Called before each epoch */
  onEpochBegin?(epoch: number): unknown;
  /** Called after each epoch and its validation */
  onEpochEnd?(epoch: number, logs: Logs): unknown;
  /** Called before each step */
  onBatchBegin?(batch: number): unknown;
  /** Called after each step, with its loss and metrics */
  onBatchEnd?(batch: number, logs: Logs): unknown;
  /** Called last, whether training failed or not: releases what the callback holds */
  dispose?(): void;
}

/** Calls several callbacks in their order, each after the one before has finished. */
export class Callbacks {
  readonly #callbacks: readonly Callback[];
  /** Whether any of them wants to know of each batch: only then is there something to wait for at each step */
  readonly areCalledForBatches: boolean;

  /** @param callbacks - in the order in which they are called */
  constructor(callbacks: readonly Callback[]) {
    this.#callbacks = callbacks;
    this.areCalledForBatches = callbacks.some((each) => each.onBatchBegin || each.onBatchEnd);
  }

  /**
   * @param name - of the method that each is called by, if it has it
   * @param values - what it is called with
   */
  async call<Name extends Exclude<keyof Callback, "dispose">>(
    name: Name,
    ...values: Parameters<NonNullable<Callback[Name]>>
  ): Promise<void> {
    for (const callback of this.#callbacks) {
      await (callback[name] as ((...values: unknown[]) => unknown) | undefined)?.call(callback, ...values);
    }
  }

  /** Releases what they hold. */
  dispose(): void {
    for (const callback of this.#callbacks) callback.dispose?.();
  }
}
