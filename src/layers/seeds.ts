import { RandomGenerator } from "../random/index.js";

/** A seed for each of a layer's draws: the same ones in every run if it is given one itself. */
export class Seeds {
  readonly #random: RandomGenerator;

  /** @param seed - an integer from 0 to 2³² − 1; another one in each run if missing */
  constructor(seed?: number | null) {
    this.#random = new RandomGenerator(seed ?? Math.floor(Math.random() * 2 ** 32));
  }

  /** @returns an integer from 1 to 2³² − 1: tfjs takes a seed of 0 as none */
  next(): number {
    return 1 + this.#random.integer(0xffffffff);
  }
}
