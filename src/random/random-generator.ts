import { requireInteger } from "../arguments.js";

const STATE_LENGTH = 624;
const SHIFT_LENGTH = 397;

/**
 * Seeded random numbers: the Mersenne Twister MT19937 (Matsumoto and Nishimura, "Mersenne Twister", ACM TOMACS 8,
 * 1998, with the initialisation of 2002), and on top of it the same transformations as NumPy's `RandomState`. So a
 * lecture that was written with `numpy.random.seed(7)` can be followed with the very same numbers.
 *
 * It is for experiments that can be repeated, never for secrets.
 *
 * @example
 * ```ts
 * import { RandomGenerator } from "rnnlab/random";
 * const random = new RandomGenerator(7);
 * console.log(random.uniform().toFixed(6)); // 0.076308
 * ```
 */
export class RandomGenerator {
  readonly #state = new Uint32Array(STATE_LENGTH);
  #position = STATE_LENGTH;
  #spareNormal: number | undefined;

  /**
   * @param seed - an integer from 0 to 2³² − 1
   * @throws {RangeError} when the seed is anything else
   */
  constructor(seed: number) {
    requireInteger("create RandomGenerator", "seed", seed, 0, 0xffffffff);
    let word = seed >>> 0;
    this.#state[0] = word;
    for (let i = 1; i < STATE_LENGTH; i++) {
      word = (Math.imul(word ^ (word >>> 30), 1812433253) + i) >>> 0;
      this.#state[i] = word;
    }
  }

  /**
   * Draws 32 random bits.
   *
   * @returns an integer from 0 to 2³² − 1
   * @example
   * ```ts
   * import { RandomGenerator } from "rnnlab/random";
   * console.log(new RandomGenerator(5489).bits()); // 3499211612
   * ```
   */
  bits(): number {
    if (this.#position === STATE_LENGTH) this.#regenerate();
    let word = this.#state[this.#position++] ?? 0;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  /**
   * Draws from the uniform distribution on [low, high), with 53 random bits.
   *
   * @param low - least value; 0 unless given
   * @param high - bound that is not reached; 1 unless given
   * @returns a number in [low, high)
   * @throws {RangeError} when a bound or their distance is not finite, or low > high
   * @example
   * ```ts
   * import { RandomGenerator } from "rnnlab/random";
   * console.log(new RandomGenerator(0).uniform(-1, 1).toFixed(6)); // 0.097627
   * ```
   */
  uniform(low = 0, high = 1): number {
    if (!(Number.isFinite(low) && Number.isFinite(high - low) && low <= high)) {
      throw new RangeError(
        `Cannot draw uniform: bounds and their distance must be finite with low ≤ high, got low ${low}, high ${high}`,
      );
    }
    const upper = this.bits() >>> 5;
    const lower = this.bits() >>> 6;
    return low + (high - low) * ((upper * 67108864 + lower) / 9007199254740992);
  }

  /**
   * Draws from the normal distribution (polar method: Marsaglia and Bray, 1964).
   *
   * @param mean - its mean; 0 unless given
   * @param standardDeviation - its standard deviation; 1 unless given
   * @returns a number
   * @throws {RangeError} when the mean is not finite, or the standard deviation is negative or not finite
   * @example
   * ```ts
   * import { RandomGenerator } from "rnnlab/random";
   * console.log(new RandomGenerator(0).normal().toFixed(6)); // 1.764052
   * ```
   */
  normal(mean = 0, standardDeviation = 1): number {
    if (!(Number.isFinite(mean) && Number.isFinite(standardDeviation) && standardDeviation >= 0)) {
      throw new RangeError(
        `Cannot draw normal: mean must be finite and standardDeviation finite and not negative, got mean ${mean}, standardDeviation ${standardDeviation}`,
      );
    }
    return mean + standardDeviation * this.#standardNormal();
  }

  /**
   * Draws an integer, every one equally likely.
   *
   * @param limit - bound that is not reached, an integer from 1 to 2³²
   * @returns an integer from 0 to limit − 1
   * @throws {RangeError} when the limit is anything else
   * @example
   * ```ts
   * import { RandomGenerator } from "rnnlab/random";
   * console.log(new RandomGenerator(0).integer(10)); // 5
   * ```
   */
  integer(limit: number): number {
    requireInteger("draw integer", "limit", limit, 1, 0x100000000);
    const greatest = limit - 1;
    if (greatest === 0) return 0;
    const mask = 0xffffffff >>> Math.clz32(greatest);
    // Rejection rather than a remainder: a remainder favours the small integers.
    for (;;) {
      const value = (this.bits() & mask) >>> 0;
      if (value <= greatest) return value;
    }
  }

  /**
   * Shuffles in place (Fisher and Yates; Durstenfeld, 1964), every order equally likely.
   *
   * @param items - an array or typed array; it is changed
   * @returns the same array
   * @example
   * ```ts
   * import { RandomGenerator } from "rnnlab/random";
   * console.log(new RandomGenerator(0).shuffle(["a", "b", "c", "d"]).join(" ")); // c d b a
   * ```
   */
  shuffle<Items extends { readonly length: number; [index: number]: unknown }>(items: Items): Items {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const item = items[i];
      items[i] = items[j];
      items[j] = item;
    }
    return items;
  }

  /**
   * Draws a random order of the integers 0 … length − 1.
   *
   * @param length - how many, a non-negative integer
   * @returns int32 indices `[length]`, each once
   * @throws {RangeError} when the length is not a non-negative integer
   * @example
   * ```ts
   * import { RandomGenerator } from "rnnlab/random";
   * console.log(new RandomGenerator(0).permutation(5).join(" ")); // 2 0 1 3 4
   * ```
   */
  permutation(length: number): Int32Array {
    requireInteger("draw permutation", "length", length, 0);
    return this.shuffle(Int32Array.from({ length }, (_, i) => i));
  }

  #standardNormal(): number {
    const spare = this.#spareNormal;
    if (spare !== undefined) {
      this.#spareNormal = undefined;
      return spare;
    }
    for (;;) {
      const x = this.uniform(-1, 1);
      const y = this.uniform(-1, 1);
      const squared = x * x + y * y;
      if (squared < 1 && squared !== 0) {
        const factor = Math.sqrt((-2 * Math.log(squared)) / squared);
        this.#spareNormal = factor * x;
        return factor * y;
      }
    }
  }

  #regenerate(): void {
    const state = this.#state;
    for (let i = 0; i < STATE_LENGTH; i++) {
      const next = state[(i + 1) % STATE_LENGTH] ?? 0;
      const bits = ((state[i] ?? 0) & 0x80000000) | (next & 0x7fffffff);
      const twisted = (bits >>> 1) ^ (bits & 1 ? 0x9908b0df : 0);
      state[i] = (state[(i + SHIFT_LENGTH) % STATE_LENGTH] ?? 0) ^ twisted;
    }
    this.#position = 0;
  }
}
