import { type RichTable, table } from "../table/index.js";

/** Name of the figure that holds the seconds of all trainings of a lecture. */
export const TRAINING_FIGURE = "seconds of training";

/**
 * Keeps how long the trainings of a lecture took, for a table with Keras's times beside.
 *
 * @example
 * ```ts
 * import { TrainingTimes } from "rnnlab/lecture";
 * const times = new TrainingTimes({ digits: 9 });
 * const { loss } = times.keep("digits", { loss: [0.3, 0.2], seconds: [4, 3] });
 * console.log(loss.length, times.seconds, times.keras); // 2 7 18
 * times.table();
 * ```
 */
export class TrainingTimes {
  readonly #kerasPerEpoch: Readonly<Record<string, number>>;
  readonly #kept = new Map<string, number[]>();

  /**
   * @param kerasPerEpoch - Keras's seconds an epoch, by the trainings' names: of the same models on the same data, so none
   *   in a lecture's quick size
   */
  constructor(kerasPerEpoch: Readonly<Record<string, number>> = {}) {
    this.#kerasPerEpoch = kerasPerEpoch;
  }

  /**
   * Keeps the time of a training; trainings of one name, such as several seeds, are added up.
   *
   * @param name - of the training
   * @param history - what it came to, with the seconds of each epoch
   * @returns the history
   */
  keep<T extends { readonly seconds: readonly number[] }>(name: string, history: T): T {
    this.#kept.set(name, [...(this.#kept.get(name) ?? []), ...history.seconds]);
    return history;
  }

  /** Seconds of all trainings. */
  get seconds(): number {
    return sum([...this.#kept.values()].flat());
  }

  /** Keras's seconds for the same epochs; undefined unless they are known of every training. */
  get keras(): number | undefined {
    const each = [...this.#kept].map(([name, { length }]) => this.#kerasOf(name, length));
    return each.every((seconds) => seconds !== undefined) ? sum(each) : undefined;
  }

  /**
   * Shows epochs and seconds of each training, with Keras's seconds for the same epochs where they are known, and the sums.
   *
   * @param caption - stands over the table
   * @returns the table
   */
  table(caption = "Seconds of training"): RichTable {
    const rows = [...this.#kept].map(([training, seconds]) => ({
      training,
      epochs: seconds.length,
      "Keras, seconds": this.#kerasOf(training, seconds.length),
      "ours, seconds": sum(seconds),
    }));
    const epochs = sum(rows.map((row) => row.epochs));
    const all = { training: "together", epochs, "Keras, seconds": this.keras, "ours, seconds": this.seconds };
    return table([...rows, all], { caption, head: rows.length + 1 });
  }

  #kerasOf(name: string, epochs: number): number | undefined {
    const seconds = this.#kerasPerEpoch[name];
    return seconds === undefined ? undefined : epochs * seconds;
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
