/** The share of the time that drawing may take. */
const SHARE = 0.01;

/** Draws now and then: never sooner than an interval after the last time, and ever less often if it takes long. */
export class Throttle {
  readonly #interval: number;
  #next = Number.NEGATIVE_INFINITY;

  /** @param interval - the shortest time between two drawings, in milliseconds */
  constructor(interval: number) {
    this.#interval = interval;
  }

  /** @param draw - is called if it is time */
  run(draw: () => void): void {
    const start = performance.now();
    if (start < this.#next) return;
    draw();
    const end = performance.now();
    this.#next = end + Math.max(this.#interval, (end - start) / SHARE);
  }
}
