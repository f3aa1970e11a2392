import { clearTimeout, setTimeout } from "node:timers";
import { type TrainingHost, trainingHostKey } from "../../../src/host/training.js";
import { whenLoaded } from "../imports/package-loads.js";
import { asSession } from "../interrupts/guarded-call.js";
import { whenSettled } from "../interrupts/reactions.js";
import { INTERRUPTS, TRAININGS } from "../interrupts/shared-memory.js";
import { sparingly } from "../ownership/cell-context.js";
import { cells } from "../realm/cell-realm.js";

/** How long a training may take to come to the end of its batch after an interrupt, in ms. */
const BATCH_PATIENCE = 2000;

/** What the session knows of a TensorFlow.js model. */
interface Model {
  isTraining: boolean;
  stopTraining_: boolean;
}

type Train = (this: Model, ...args: unknown[]) => Promise<unknown>;

interface Layers {
  readonly LayersModel: { readonly prototype: { fit: Train; fitDataset: Train } };
}

/**
 * Ends the training of TensorFlow.js and of `rnnlab/training` between two batches when an interrupt comes, as `model.stopTraining` does. Terminated
 * within a batch, a model would refuse to be trained again, since it would still count as being trained.
 */
export class Trainings {
  readonly #shared: Int32Array;
  readonly #running = new Map<Model, Promise<unknown>>();
  /** The number of interrupts when the training of a model began */
  readonly #begun = new WeakMap<Model, number>();

  constructor(shared: Int32Array) {
    this.#shared = shared;
  }

  /** From here on every copy of TensorFlow.js that is loaded obeys, and `rnnlab/training` finds its host. */
  install(): void {
    const host = {
      train: <Result>(model: Model, train: () => Promise<Result>) => cells.promise(this.#train(model, train)),
      isInterrupted: (model: Model) => this.#running.has(model) && this.#isInterrupted(model),
    } satisfies TrainingHost<Model>;
    Object.defineProperty(cells.global, trainingHostKey, { value: Object.freeze(host) });
    whenLoaded("@tensorflow/tfjs-layers", (exports) => {
      const { LayersModel } = exports as Partial<Layers>;
      if (LayersModel !== undefined) this.#patch(LayersModel.prototype);
    });
  }

  /** Calls back when the trainings that the latest interrupt ends have ended: at once if there are none. */
  whenStopped(callback: () => void): void {
    const ending = new Map(this.#running);
    // The watchdog lost patience and has terminated them.
    if (Atomics.load(this.#shared, TRAININGS) === 0) this.#giveUp(ending);
    let left = this.#running.size;
    if (left === 0) {
      callback();
      return;
    }
    const end = (): void => {
      clearTimeout(patience);
      // One that waits for what the interrupt has ended, such as a timer of its callback, never comes to its end.
      this.#giveUp(ending);
      if (left > 0) callback();
      left = 0;
    };
    const patience = setTimeout(() => asSession(end), BATCH_PATIENCE);
    const stopped = (): void => {
      if (left > 1) left--;
      else end();
    };
    for (const training of this.#running.values()) whenSettled(training, stopped, stopped);
  }

  /** Releases the models of those trainings that have not ended: they can be trained again. */
  #giveUp(trainings: ReadonlyMap<Model, Promise<unknown>>): void {
    for (const [model, training] of trainings) {
      if (this.#running.get(model) !== training) continue;
      model.isTraining = false;
      release(model);
      this.#running.delete(model);
    }
    Atomics.store(this.#shared, TRAININGS, this.#running.size);
  }

  #patch(prototype: Layers["LayersModel"]["prototype"]): void {
    const trainings = this;
    for (const name of ["fit", "fitDataset"] as const) {
      const train = prototype[name];
      prototype[name] = function (...args) {
        return cells.promise(trainings.#train(this, () => Reflect.apply(train, this, args)));
      };
    }
  }

  #isInterrupted(model: Model): boolean {
    return Atomics.load(this.#shared, INTERRUPTS) !== this.#begun.get(model);
  }

  #train<Result>(model: Model, train: () => Promise<Result>): Promise<Result> {
    if (model.isTraining) return train();
    this.#begun.set(model, Atomics.load(this.#shared, INTERRUPTS));
    const interrupted = (): boolean => this.#isInterrupted(model);
    let stop = false;
    Object.defineProperty(model, "stopTraining_", {
      get: () => stop || interrupted(),
      set(value: boolean) {
        stop = value;
      },
      configurable: true,
      enumerable: true,
    });
    // It goes on until the batch is over, also after the cell's end.
    const training = sparingly(train);
    this.#running.set(model, training);
    Atomics.store(this.#shared, TRAININGS, this.#running.size);
    const end = (): void => {
      // One that was terminated is released already, and its model may be in another training by now.
      if (this.#running.get(model) !== training) return;
      release(model);
      this.#running.delete(model);
      Atomics.store(this.#shared, TRAININGS, this.#running.size);
    };
    return new Promise<Result>((resolve, reject) => {
      const settled =
        <Outcome>(pass: (outcome: Outcome) => void) =>
        (outcome: Outcome): void => {
          const stopped = interrupted();
          end();
          // After an interrupt the cell's code must not go on.
          if (!stopped) pass(outcome);
        };
      // Before anybody else hears of it: who waits for the end of trainings lets the next cell begin.
      whenSettled(training, settled<Result>(resolve), settled(reject));
    });
  }
}

/** Gives a model its own mark back: the interrupt of this training is to stop no other, whoever runs it. */
function release(model: Model): void {
  const value = model.stopTraining_;
  Object.defineProperty(model, "stopTraining_", {
    value,
    writable: true,
    configurable: true,
    enumerable: true,
  });
}
