import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { noisyLine, noisySineSegments, twoSineSeries } from "rnnlab/datasets";
import { readGolden } from "../golden/read-golden.js";

interface Golden {
  line: number[];
  segments: { first: number[]; last: number[]; sums: number[] };
  twoSines: { times: number[]; values: number[] };
}

const golden = readGolden<Golden>("generated-series");

function close(actual: ArrayLike<number>, expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, i) => {
    assert.ok(Math.abs(actual[i]! - value) < 1e-12, `${i}: ${actual[i]}, not ${value}`);
  });
}

describe("noisyLine()", () => {
  it("equals NumPy's with the same seed", () => close(noisyLine(), golden.line));

  it("obeys its options", () => {
    assert.deepEqual([...noisyLine({ length: 3, slope: -1, intercept: 5, noise: 0 })], [5, 4, 3]);
    assert.notDeepEqual(noisyLine({ seed: 1 }), noisyLine({ seed: 2 }));
  });

  it("refuses options that cannot be", () => {
    assert.throws(
      () => noisyLine({ length: 0 }),
      new RangeError("Cannot make noisy line: length must be a positive integer, got 0"),
    );
    assert.throws(
      () => noisyLine({ slope: Number.NaN }),
      new RangeError("Cannot make noisy line: slope must be a finite number, got NaN"),
    );
    assert.throws(() => noisyLine({ noise: -1 }), RangeError);
    assert.throws(() => noisyLine({ seed: -1 }), RangeError);
  });
});

describe("noisySineSegments()", () => {
  it("equals NumPy's with the same seed", () => {
    const { inputs, targets } = noisySineSegments({ seed: 5 });
    assert.equal(inputs.length, 100);
    close([...inputs[0]!, targets[0]!.at(-1)!], golden.segments.first);
    close([inputs[99]![0]!, ...targets[99]!], golden.segments.last);
    const sums = golden.segments.sums.map((_, i) =>
      inputs.reduce((sum, input, n) => sum + (i < 10 ? input[i]! : targets[n]![9]!), 0),
    );
    close(sums, golden.segments.sums);
  });

  it("shifts the targets by one step", () => {
    const { inputs, targets } = noisySineSegments({ count: 2, points: 4 });
    assert.deepEqual(
      inputs.map((input) => [...input.slice(1)]),
      targets.map((target) => [...target.slice(0, -1)]),
    );
  });

  it("refuses options that cannot be", () => {
    assert.throws(
      () => noisySineSegments({ count: 1.5 }),
      new RangeError("Cannot make sine segments: count must be a positive integer, got 1.5"),
    );
    assert.throws(
      () => noisySineSegments({ points: 1 }),
      new RangeError("Cannot make sine segments: points must be an integer from 2, got 1"),
    );
  });
});

describe("twoSineSeries()", () => {
  it("equals NumPy's and the lecture's first values", () => {
    const { times, values } = twoSineSeries();
    close(
      times.filter((_, i) => i % 50 === 0),
      golden.twoSines.times,
    );
    close(
      values.filter((_, i) => i % 50 === 0),
      golden.twoSines.values,
    );
    assert.deepEqual(
      [...values.subarray(0, 5)].map((value) => value.toFixed(5)),
      ["0.00000", "0.38578", "0.75843", "1.10526", "1.41453"],
    );
    assert.deepEqual([times.length, times[799]], [800, 30]);
  });

  it("refuses options that cannot be", () => {
    assert.throws(
      () => twoSineSeries({ length: 1 }),
      new RangeError("Cannot make two-sine series: length must be an integer from 2, got 1"),
    );
    assert.throws(
      () => twoSineSeries({ end: Infinity }),
      new RangeError("Cannot make two-sine series: end must be a finite number, got Infinity"),
    );
  });
});
