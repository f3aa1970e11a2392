import { readFileSync, writeFileSync } from "node:fs";
import { RandomGenerator } from "../../../src/random/index.js";
import { recurrentShapes, type Workload } from "./workloads.js";

/** An array in a file of samples: where it begins, in numbers of four bytes. */
interface Place {
  readonly shape: readonly number[];
  readonly dtype: "float32" | "int32";
  readonly offset: number;
}

/** What all contestants of a workload begin with. Keras's order of weights, and of gates in them. */
export interface SamplesHeader {
  readonly workload: Workload;
  /** The bias of a GRU is that of `reset_after`, `[2, 3 × units]`; without it the first row counts. */
  readonly weights: readonly Place[];
  readonly x: Place;
  readonly y: Place;
}

/**
 * Draws initial weights and batches and writes them as PATH.json and PATH.bin, which TypeScript and Python read.
 * Words follow Zipf's law: the n-th most frequent has a share of 1/n. Reviews are as long as those of IMDB, about:
 * the logarithm of the number of words is normal, the median 174, the standard deviation 0.7, cut at the workload's
 * steps; with a mask the zeros are at the end, without one at the start, as in the lectures.
 */
export function writeSamples(path: string, workload: Workload): void {
  const random = new RandomGenerator(workload.number);
  const arrays: (Float32Array | Int32Array)[] = [];
  let offset = 0;
  const place = (
    shape: number[],
    draw: (index: number) => number,
    dtype: Place["dtype"] = "float32",
  ): Place => {
    const length = shape.reduce((product, size) => product * size, 1);
    const array = dtype === "float32" ? new Float32Array(length) : new Int32Array(length);
    arrays.push(array.map((_, index) => draw(index)));
    offset += length;
    return { shape, dtype, offset: offset - length };
  };
  const within = (limit: number) => () => random.uniform(-limit, limit);
  const kernel = (rows: number, columns: number) =>
    place([rows, columns], within(Math.sqrt(6 / (rows + columns))));
  const { input, batch, batches, time, outputs, loss } = workload;
  const weights: Place[] = [];
  if (typeof input !== "number") weights.push(place([input.vocabulary, input.vector], within(0.05)));
  let last = 0;
  for (const { features, units, gates, directions } of recurrentShapes(workload)) {
    for (let direction = 0; direction < directions; direction++)
      weights.push(
        kernel(features, gates * units),
        kernel(units, gates * units),
        place(gates === 3 ? [2, gates * units] : [gates * units], within(0.1)),
      );
    last = units * directions;
  }
  weights.push(kernel(last, outputs), place([outputs], within(0.1)));

  const samples = batch * batches;
  const x =
    typeof input === "number"
      ? place([samples, time, input], () => random.normal())
      : place([samples, time], words(random, workload), "int32");
  const classes = Array.from({ length: samples }, () => random.integer(Math.max(2, outputs)));
  const target = {
    meanSquaredError: () => random.normal(),
    binaryCrossentropy: (index: number) => classes[index] ?? 0,
    categoricalCrossentropy: (index: number) =>
      Number(classes[Math.floor(index / outputs)] === index % outputs),
  };
  const y = place([samples, outputs], target[loss]);

  const header: SamplesHeader = { workload, weights, x, y };
  writeFileSync(`${path}.json`, JSON.stringify(header));
  writeFileSync(`${path}.bin`, Buffer.concat(arrays.map(({ buffer }) => Buffer.from(buffer))));
}

function words(random: RandomGenerator, { input, time }: Workload): (index: number) => number {
  const { vocabulary, masked } = input as Exclude<Workload["input"], number>;
  let length = 0;
  return (index) => {
    const step = index % time;
    if (step === 0) length = Math.max(1, Math.min(time, Math.round(174 * Math.exp(random.normal() * 0.7))));
    const isWord = masked ? step < length : step >= time - length;
    return isWord ? Math.floor((vocabulary - 1) ** random.uniform()) : 0;
  };
}

/** What {@link writeSamples} wrote, as arrays. */
export function readSamples(path: string): {
  readonly workload: Workload;
  readonly weights: readonly SampleArray[];
  readonly x: SampleArray;
  readonly y: SampleArray;
} {
  const { workload, weights, x, y } = JSON.parse(readFileSync(`${path}.json`, "utf8")) as SamplesHeader;
  const { buffer, byteOffset } = readFileSync(`${path}.bin`);
  const read = ({ shape, dtype, offset }: Place): SampleArray => {
    const length = shape.reduce((product, size) => product * size, 1);
    const type = dtype === "float32" ? Float32Array : Int32Array;
    return { shape: [...shape], dtype, values: new type(buffer, byteOffset + 4 * offset, length) };
  };
  return { workload, weights: weights.map(read), x: read(x), y: read(y) };
}

export interface SampleArray {
  readonly shape: number[];
  readonly dtype: "float32" | "int32";
  readonly values: Float32Array | Int32Array;
}
