/** Lets messages, timers and interrupts in between the steps of a long computation. */
export class Pause {
  readonly #every: number;
  #last = performance.now();

  /** @param every - milliseconds of work after which a pause is due */
  constructor(every: number) {
    this.#every = every;
  }

  /** Whether a pause is due. To ask is cheap; to wait for nothing at each step would not be. */
  get isDue(): boolean {
    return performance.now() - this.#last >= this.#every;
  }

  /** Waits until what has happened meanwhile is handled. */
  async take(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#last = performance.now();
  }
}
