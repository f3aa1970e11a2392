import { briefly } from "../arguments.js";
import { RandomGenerator } from "../random/index.js";

/** Arrays of one length by name: texts, labels, tensors' rows. */
export type NamedArrays = Readonly<Record<string, SampleArray>>;

/** An array or typed array with one entry a sample. */
export type SampleArray = readonly unknown[] | Float32Array | Float64Array | Int32Array | Uint8Array;

/** How samples are split. */
export interface TrainTestSplitOptions {
  /** Samples for testing: a share between 0 and 1, rounded up, or their number; 0.25 unless given. */
  readonly testSize?: number;
  /** Seed of the order, an integer from 0 to 2³² − 1; 0 unless given. */
  readonly seed?: number;
  /** Class of each sample, `[n]`: both parts then have each class in the same share. */
  readonly stratify?: readonly (number | string)[] | Float32Array | Int32Array | Uint8Array;
}

/** Two parts of the samples, in random order. */
export interface TrainTestSplit<Samples> {
  readonly train: Samples;
  readonly test: Samples;
  /** Which samples are in `train`, int32. */
  readonly trainIndices: Int32Array;
  /** Which samples are in `test`, int32. */
  readonly testIndices: Int32Array;
}

/**
 * Splits samples into a training and a test part at random, the same parts that scikit-learn's `train_test_split` has
 * for the same `random_state`. (For series in order of time there is `splitSeries`.)
 *
 * @param samples - arrays of one length n ≥ 2, such as `{ texts, labels }`
 * @param options - size of the test part, seed, classes
 * @returns copies with the same names, and the indices
 * @throws {RangeError} when lengths differ, a part would be empty, or the classes cannot be stratified: fewer than two,
 * one with a single sample, or more of them than a part has samples
 * @throws {TypeError} when a value is no array
 * @example
 * ```ts
 * import { trainTestSplit } from "rnnlab/preprocessing";
 * const labels = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1];
 * const { train, test } = trainTestSplit({ labels }, { testSize: 3, stratify: labels });
 * console.log(test.labels.filter((label) => label === 1).length, train.labels.length); // 1 9
 * ```
 */
export function trainTestSplit<Samples extends NamedArrays>(
  samples: Samples,
  options: TrainTestSplitOptions = {},
): TrainTestSplit<Samples> {
  const length = commonLength(samples, options.stratify);
  const testLength = countTest(length, options.testSize ?? 0.25);
  const random = new RandomGenerator(options.seed ?? 0);
  const [trainIndices, testIndices] =
    options.stratify === undefined
      ? shuffled(length, testLength, random)
      : stratified(options.stratify, testLength, random);
  return {
    train: takeAll(samples, trainIndices),
    test: takeAll(samples, testIndices),
    trainIndices,
    testIndices,
  };
}

type Parts = [train: Int32Array, test: Int32Array];

const ACTION = "split samples";

function commonLength(samples: NamedArrays, stratify: SampleArray | undefined): number {
  const arrays = Object.entries(stratify === undefined ? samples : { ...samples, stratify });
  for (const [name, array] of arrays) {
    if (Array.isArray(array) || (ArrayBuffer.isView(array) && !(array instanceof DataView))) continue;
    throw new TypeError(`Cannot ${ACTION}: ${name} must be an array, got ${briefly(array)}`);
  }
  const [first, ...rest] = arrays;
  const length = first?.[1].length ?? 0;
  for (const [name, array] of rest) {
    if (array.length === length) continue;
    throw new RangeError(
      `Cannot ${ACTION}: ${name} must be as long as ${first?.[0]}, ${length}, got ${array.length}`,
    );
  }
  if (length < 2) throw new RangeError(`Cannot ${ACTION}: there must be at least 2 samples, got ${length}`);
  return length;
}

function countTest(length: number, testSize: number): number {
  const share = testSize > 0 && testSize < 1;
  const count = share ? Math.ceil(testSize * length) : testSize;
  if (Number.isInteger(count) && count > 0 && count < length) return count;
  throw new RangeError(
    `Cannot ${ACTION}: testSize must leave samples in both parts of ${length}, as a share or a number, got ${testSize}`,
  );
}

function shuffled(length: number, testLength: number, random: RandomGenerator): Parts {
  const order = random.permutation(length);
  return [order.slice(testLength), order.slice(0, testLength)];
}

function stratified(classes: SampleArray, testLength: number, random: RandomGenerator): Parts {
  const members = [...membersOf(classes).values()];
  const counts = members.map((rows) => rows.length);
  const trainLength = classes.length - testLength;
  for (const [part, size] of Object.entries({ train: trainLength, test: testLength })) {
    if (size >= members.length) continue;
    throw new RangeError(
      `Cannot ${ACTION}: the ${part} part must have at least one sample for each of ${members.length} classes, got ${size}`,
    );
  }
  const trainCounts = apportion(counts, trainLength, random);
  const rest = counts.map((count, i) => count - (trainCounts[i] ?? 0));
  const testCounts = apportion(rest, testLength, random);
  const parts = members.map((rows, i) => {
    const order = Array.from(random.permutation(rows.length), (place) => rows[place] ?? 0);
    const trainCount = trainCounts[i] ?? 0;
    return [order.slice(0, trainCount), order.slice(trainCount, trainCount + (testCounts[i] ?? 0))] as const;
  });
  const train = random.shuffle(Int32Array.from(parts.flatMap(([rows]) => rows)));
  return [train, random.shuffle(Int32Array.from(parts.flatMap(([, rows]) => rows)))];
}

/** The samples of each class, classes in their natural order. */
function membersOf(classes: SampleArray): Map<unknown, number[]> {
  const members = new Map<unknown, number[]>();
  classes.forEach((value: unknown, row: number) => {
    if (!(typeof value === "string" || (typeof value === "number" && Number.isFinite(value)))) {
      throw new RangeError(
        `Cannot ${ACTION}: classes must be strings or finite numbers, got ${briefly(value)} at index ${row}`,
      );
    }
    const rows = members.get(value);
    if (rows === undefined) members.set(value, [row]);
    else rows.push(row);
  });
  if (members.size < 2) {
    throw new RangeError(
      `Cannot ${ACTION}: stratify needs at least 2 classes, got only ${briefly([...members.keys()][0])}`,
    );
  }
  for (const [value, rows] of members) {
    if (rows.length >= 2) continue;
    throw new RangeError(
      `Cannot ${ACTION}: every class must have at least 2 samples, got 1 of class ${briefly(value)}`,
    );
  }
  return new Map([...members].sort(([a], [b]) => ((a as number) < (b as number) ? -1 : 1)));
}

/** Shares draws among classes in proportion to their sizes; what rounding leaves goes to the largest remainders. */
function apportion(counts: readonly number[], draws: number, random: RandomGenerator): number[] {
  const total = counts.reduce((a, b) => a + b, 0);
  const exact = counts.map((count) => (count / total) * draws);
  const shares = exact.map(Math.floor);
  const remainders = exact.map((value, i) => value - (shares[i] ?? 0));
  let left = draws - shares.reduce((a, b) => a + b, 0);
  for (const remainder of [...new Set(remainders)].sort((a, b) => b - a)) {
    if (left === 0) break;
    const tied = remainders.flatMap((value, i) => (value === remainder ? [i] : []));
    const chosen = random.permutation(tied.length).slice(0, left);
    for (const place of chosen) {
      const i = tied[place] ?? 0;
      shares[i] = (shares[i] ?? 0) + 1;
    }
    left -= chosen.length;
  }
  return shares;
}

function takeAll<Samples extends NamedArrays>(samples: Samples, indices: Int32Array): Samples {
  const taken = Object.entries(samples).map(([name, array]) => [name, take(array, indices)]);
  return Object.fromEntries(taken) as Samples;
}

function take(array: SampleArray, indices: Int32Array): SampleArray {
  if (array instanceof Float32Array) return Float32Array.from(indices, (i) => array[i] ?? 0);
  if (array instanceof Float64Array) return Float64Array.from(indices, (i) => array[i] ?? 0);
  if (array instanceof Int32Array) return Int32Array.from(indices, (i) => array[i] ?? 0);
  if (array instanceof Uint8Array) return Uint8Array.from(indices, (i) => array[i] ?? 0);
  return Array.from(indices, (i) => array[i]);
}
