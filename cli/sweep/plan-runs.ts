import { createHash } from "node:crypto";
import { UsageError } from "../../src/platform/usage-error.js";
import { RandomGenerator } from "../../src/random/index.js";
import { countOf, type Interval, placeIn, type Variation } from "./variation.js";

/** Values of the parameters as `-p` takes them. */
export type Texts = Readonly<Record<string, string>>;

/** More runs than this are meant, if --yes says so. */
const MANY = 10_000;
/** More than this are never planned at once. */
const MOST = 1_000_000;
/** Digits of a number that is drawn: a table of them can be read, and so can a command. */
const DIGITS = 6;

/**
 * All combinations of the values, the last parameter changing fastest.
 *
 * @param variations - of each parameter
 * @param yes - whether many runs are meant
 * @throws {UsageError} when there are too many
 */
export function gridOf(variations: readonly Variation[], yes: boolean): Texts[] {
  requireFew(sizeOf(variations), yes);
  return variations.reduce<Texts[]>(
    (grid, { name, ...values }) =>
      grid.flatMap((texts) =>
        (values.kind === "list" ? values.choices : []).map((choice) => ({ ...texts, [name]: choice })),
      ),
    [{}],
  );
}

/**
 * Combinations drawn at random, no two of them the same. With more of them the first stay as they are.
 *
 * @param variations - of each parameter
 * @param count - how many are drawn
 * @param seed - of the draw
 * @param yes - whether many runs are meant
 * @throws {UsageError} when there are too many, or fewer combinations than that
 */
export function samplesOf(
  variations: readonly Variation[],
  { count, seed, yes }: { readonly count: number; readonly seed: number; readonly yes: boolean },
): Texts[] {
  requireFew(count, yes);
  const size = sizeOf(variations);
  if (count > size)
    throw new UsageError(`--samples must be at most the number of combinations, ${size}, got ${count}`);
  const random = new RandomGenerator(seed);
  const drawn = new Map<string, Texts>();
  // Numbers of few digits may be fewer than asked for, however wide the interval.
  for (let tries = 0; drawn.size < count && tries < 100 * count + 1000; tries++) {
    const texts = Object.fromEntries(
      variations.map((variation) => [variation.name, draw(variation, random)]),
    );
    const key = JSON.stringify(texts);
    if (!drawn.has(key)) drawn.set(key, texts);
  }
  if (drawn.size < count)
    throw new UsageError(
      `--samples must be at most what can be drawn from the ranges, ${drawn.size}, got ${count}`,
    );
  return [...drawn.values()];
}

/**
 * Makes sure that as many runs are meant.
 *
 * @throws {UsageError} when they are not
 */
export function requireFew(count: number, yes: boolean): void {
  if (count > MOST) throw new UsageError(`a sweep must have at most ${MOST} runs, got ${count}`);
  if (count > MANY && !yes)
    throw new UsageError(
      `a sweep must have at most ${MANY} runs, unless --yes says that more are meant, got ${count}`,
    );
}

/**
 * Makes sure that no run is there twice.
 *
 * @param variations - of each parameter
 * @param typed - what the notebook gets for a text
 * @throws {UsageError} when a list has a value twice, be it written in two ways
 */
export function requireDistinct(
  variations: readonly Variation[],
  typed: (name: string, text: string) => unknown,
): void {
  for (const variation of variations) {
    if (variation.kind !== "list") continue;
    const values = variation.choices.map((choice) => JSON.stringify(typed(variation.name, choice)));
    if (new Set(values).size === values.length) continue;
    const twice = values.find((value, index) => values.indexOf(value) !== index);
    throw new UsageError(
      `Cannot vary ${variation.name}: it must be given each value once, got ${twice} twice`,
    );
  }
}

/**
 * The name of a run: the same for the same values, in whatever order they are given.
 *
 * @param values - by the parameters' names
 */
export function runId(values: Readonly<Record<string, unknown>>): string {
  const sorted = Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex").slice(0, 16);
}

const sizeOf = (variations: readonly Variation[]): number =>
  variations.reduce(
    (size, variation) => size * (variation.kind === "list" ? variation.choices.length : countOf(variation)),
    1,
  );

function draw(variation: Variation, random: RandomGenerator): string {
  if (variation.kind === "list") return variation.choices[random.integer(variation.choices.length)] ?? "";
  return String(drawNumber(variation, random));
}

function drawNumber(interval: Interval, random: RandomGenerator): number {
  const { low, high, whole, log } = interval;
  const count = countOf(interval);
  if (!log && count < Number.POSITIVE_INFINITY)
    return placeIn(interval, Math.floor(random.uniform(0, count)));
  if (!log) return within(Number(random.uniform(low, high).toPrecision(DIGITS)), low, high);
  // Whole numbers have the share of the numbers that are rounded to them.
  const margin = whole ? 0.5 : 0;
  const drawn = Math.exp(random.uniform(Math.log(low - margin), Math.log(high + margin)));
  return within(whole ? Math.round(drawn) : Number(drawn.toPrecision(DIGITS)), low, high);
}

const within = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);
