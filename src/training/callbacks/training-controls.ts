import { display, displayTarget } from "../../display/index.js";
import { FusedOptimizer } from "../../optimizers/index.js";
import type * as tf from "../../tensorflow.js";
import { button, type ControlOptions, row, slider, toggle, type Widget } from "../../widgets/index.js";

/** How far the slider reaches below and above the learning rate that a training begins with, as a factor. */
const REACH = 1000;
/** How often a training that pauses looks whether it is to go on, in ms. */
const INTERVAL = 50;

/** Buttons and a slider that act on a training while it runs. */
export class TrainingControls {
  readonly #model: tf.LayersModel;
  readonly #stop = button({ description: "Stop", icon: "stop", buttonStyle: "danger" });
  readonly #pause = toggle({ description: "Pause", icon: "pause" });
  readonly #rate: ReturnType<typeof slider> | undefined;
  /** The learning rate that the slider has set, or shows. */
  #set = 0;

  /** @param model - is being trained */
  constructor(model: tf.LayersModel) {
    this.#model = model;
    const { optimizer } = model;
    // Stock optimisers have no learning rate that can be set.
    if (optimizer instanceof FusedOptimizer && optimizer.learningRate > 0) {
      this.#set = optimizer.learningRate;
      this.#rate = slider({
        ...rangeOf(this.#set),
        value: this.#set,
        log: true,
        description: "learning rate",
      });
      this.#rate.onChange((rate) => {
        this.#set = rate;
        optimizer.learningRate = rate;
      });
    }
    this.#stop.onClick(() => {
      model.stopTraining = true;
    });
    if (displayTarget() === "rnnlab") void display(row(this.#all));
  }

  get #all(): Widget<unknown, ControlOptions>[] {
    return [this.#stop, this.#pause, ...(this.#rate === undefined ? [] : [this.#rate])] as Widget<unknown>[];
  }

  /** Waits as long as the training is to pause. An interrupt and the Stop button end that, too. */
  async whilePaused(): Promise<void> {
    while (this.#pause.value && !this.#model.stopTraining) {
      await new Promise((resolve) => setTimeout(resolve, INTERVAL));
    }
  }

  /** Shows the learning rate of now, which a callback may have changed. */
  follow(): void {
    const { optimizer } = this.#model;
    if (!(optimizer instanceof FusedOptimizer) || this.#rate === undefined) return;
    const value = optimizer.learningRate;
    if (value <= 0 || value === this.#set) return;
    this.#set = value;
    this.#rate.set({ ...rangeOf(value), value });
  }

  /** The training has ended: nothing can be changed any more. */
  finish(): void {
    for (const control of this.#all) control.set({ disabled: true });
  }
}

const rangeOf = (rate: number) => ({ min: rate / REACH, max: rate * REACH });
