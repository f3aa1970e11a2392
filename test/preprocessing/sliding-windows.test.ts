import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  MinMaxScaler,
  type ShapedValues,
  type SlidingWindowsOptions,
  slidingWindows,
  splitSeries,
} from "rnnlab/preprocessing";

function plain({ values, shape }: ShapedValues): { values: number[]; shape: number[] } {
  return { values: [...values], shape };
}

const count = (length: number): number[] => Array.from({ length }, (_, i) => i);

describe("slidingWindows()", () => {
  it("predicts the next value", () => {
    const { inputs, targets } = slidingWindows([10, 11, 12, 13, 14], { windowLength: 3 });
    assert.deepEqual(plain(inputs), { values: [10, 11, 12, 11, 12, 13], shape: [2, 3, 1] });
    assert.deepEqual(plain(targets), { values: [13, 14], shape: [2] });
  });

  it("predicts several values ahead", () => {
    const { inputs, targets } = slidingWindows([0, 1, 2, 3, 4, 5], { windowLength: 2, horizon: 3 });
    assert.deepEqual(plain(inputs), { values: [0, 1, 1, 2], shape: [2, 2, 1] });
    assert.deepEqual(plain(targets), { values: [2, 3, 4, 3, 4, 5], shape: [2, 3] });
  });

  it("predicts the sequence shifted by one", () => {
    const { inputs, targets } = slidingWindows([0, 1, 2, 3, 4], { windowLength: 3, targets: "sequence" });
    assert.deepEqual(plain(inputs), { values: [0, 1, 2, 1, 2, 3], shape: [2, 3, 1] });
    assert.deepEqual(plain(targets), { values: [1, 2, 3, 2, 3, 4], shape: [2, 3, 1] });
  });

  it("predicts several values ahead at every step", () => {
    const { targets } = slidingWindows([0, 1, 2, 3, 4], { windowLength: 2, horizon: 2, targets: "sequence" });
    assert.deepEqual(plain(targets), { values: [1, 2, 2, 3, 2, 3, 3, 4], shape: [2, 2, 2] });
  });

  it("keeps every feature in the inputs and predicts the one that is named", () => {
    const rows = [
      [0, 10],
      [1, 11],
      [2, 12],
      [3, 13],
    ];
    const { inputs, targets } = slidingWindows(rows, { windowLength: 2, targetFeature: 1 });
    assert.deepEqual(plain(inputs), { values: [0, 10, 1, 11, 1, 11, 2, 12], shape: [2, 2, 2] });
    assert.deepEqual(plain(targets), { values: [12, 13], shape: [2] });
  });

  it("predicts several features, in the order in which they are named", () => {
    const rows = [0, 1, 2, 3, 4].map((i) => [i, 10 + i, 20 + i]);
    const windows = (options: Partial<SlidingWindowsOptions>) =>
      plain(slidingWindows(rows, { windowLength: 2, targetFeature: [2, 0], ...options }).targets);
    assert.deepEqual(windows({}), { values: [22, 2, 23, 3, 24, 4], shape: [3, 2] });
    assert.deepEqual(windows({ horizon: 2 }), { values: [22, 2, 23, 3, 23, 3, 24, 4], shape: [2, 2, 2] });
    assert.deepEqual(windows({ targets: "sequence" }), {
      values: [21, 1, 22, 2, 22, 2, 23, 3, 23, 3, 24, 4],
      shape: [3, 2, 2],
    });
    assert.deepEqual(windows({ targets: "sequence", horizon: 2, stride: 2 }), {
      values: [21, 1, 22, 2, 22, 2, 23, 3],
      shape: [1, 2, 2, 2],
    });
    assert.deepEqual(windows({ targetFeature: [1] }), { values: [12, 13, 14], shape: [3, 1] });
    for (const targetFeature of [[], [0, 0]]) {
      assert.throws(
        () => windows({ targetFeature }),
        new RangeError(
          `Cannot make sliding windows: targetFeature must name different features, got [${targetFeature.join(", ")}]`,
        ),
      );
    }
    assert.throws(
      () => windows({ targetFeature: [0, 3] }),
      new RangeError("Cannot make sliding windows: targetFeature must be below 3, got 3"),
    );
  });

  it("moves by the stride: 800 points give 39 windows of 20 that do not overlap (lecture 002)", () => {
    const { inputs, targets } = slidingWindows(count(800), {
      windowLength: 20,
      stride: 20,
      targets: "sequence",
    });
    assert.deepEqual(inputs.shape, [39, 20, 1]);
    assert.equal(inputs.values[20], 20);
    assert.deepEqual(targets.shape, [39, 20, 1]);
    assert.equal(targets.values.at(-1), 780);
  });

  it("makes one window when the series is just long enough", () => {
    assert.deepEqual(slidingWindows([1, 2, 3], { windowLength: 2 }).inputs.shape, [1, 2, 1]);
  });

  it("has lecture 000's shapes: 235 windows to train on and one for each of 147 test rows", () => {
    const { train, test } = splitSeries(count(397), { trainLength: 250, overlap: 15 });
    const scaler = new MinMaxScaler().fit(train);
    const windows = slidingWindows(scaler.transform(train), { windowLength: 15 });
    assert.deepEqual([windows.inputs.shape, windows.targets.shape], [[235, 15, 1], [235]]);
    const tested = slidingWindows(test, { windowLength: 15 });
    assert.deepEqual(tested.inputs.shape, [147, 15, 1]);
    assert.deepEqual([tested.targets.values[0], tested.targets.values.at(-1)], [250, 396]);
    assert.deepEqual(slidingWindows(train, { windowLength: 15, horizon: 14 }).targets.shape, [222, 14]);
  });

  it("refuses a window longer than the series", () => {
    assert.throws(
      () => slidingWindows([1, 2, 3], { windowLength: 3 }),
      new RangeError(
        "Cannot make sliding windows: windowLength 3 and horizon 1 need a series of at least 4 steps, got 3",
      ),
    );
    assert.throws(
      () => slidingWindows([], { windowLength: 1, horizon: 2 }),
      new RangeError(
        "Cannot make sliding windows: windowLength 1 and horizon 2 need a series of at least 3 steps, got 0",
      ),
    );
  });

  it("refuses sizes that are negative, zero or not whole", () => {
    const series = [1, 2, 3, 4];
    assert.throws(
      () => slidingWindows(series, { windowLength: -1 }),
      new RangeError("Cannot make sliding windows: windowLength must be a positive integer, got -1"),
    );
    assert.throws(
      () => slidingWindows(series, { windowLength: 2, horizon: 0 }),
      new RangeError("Cannot make sliding windows: horizon must be a positive integer, got 0"),
    );
    assert.throws(
      () => slidingWindows(series, { windowLength: 2, stride: 0.5 }),
      new RangeError("Cannot make sliding windows: stride must be a positive integer, got 0.5"),
    );
    assert.throws(
      () => slidingWindows(series, { windowLength: 2, targetFeature: 1 }),
      new RangeError("Cannot make sliding windows: targetFeature must be below 1, got 1"),
    );
  });

  it("refuses ragged rows", () => {
    assert.throws(
      () => slidingWindows([[1, 2], [3], [4, 5]], { windowLength: 1 }),
      new RangeError("Cannot make sliding windows: every row must have 2 features, got 1 in row 1"),
    );
  });

  it("refuses targets of another kind", () => {
    const options = JSON.parse('{ "windowLength": 1, "targets": "next" }');
    assert.throws(
      () => slidingWindows([1, 2], options),
      new RangeError('Cannot make sliding windows: targets must be "last" or "sequence", got \'next\''),
    );
  });

  it("refuses NaN unless told to keep it, infinity, and what is no number", () => {
    const series = [1, Number.NaN, 3];
    const { inputs } = slidingWindows(series, { windowLength: 2, missing: "keep" });
    assert.deepEqual([...inputs.values], [1, Number.NaN]);
    const rule = "Cannot make sliding windows: values must be finite float32 numbers";
    assert.throws(
      () => slidingWindows(series, { windowLength: 2 }),
      new RangeError(`${rule}, got NaN in step 1`),
    );
    assert.throws(
      () => slidingWindows([1, 1e39], { windowLength: 1, missing: "keep" }),
      new RangeError(`${rule}, got 1e+39 in step 1`),
    );
    const refusals: [string, string][] = [
      ["null", "data must be an array of numbers, got null"],
      ["5", "data must be an array of numbers, got 5"],
      ["[1, null]", "data must be an array of numbers, got null at index 1"],
      ["[null, 1]", "data must be an array of numbers, got null at index 0"],
      ['["1", "2"]', "data must be an array of numbers, got '1' at index 0"],
      ["[1, [2]]", "data must be an array of numbers, got [Array] at index 1"],
      ["[[1, 2], 3]", "row 1 must be an array of numbers, got 3"],
      ["[[1], [null]]", "row 1 must be an array of numbers, got null at index 0"],
    ];
    for (const [data, message] of refusals) {
      assert.throws(
        () => slidingWindows(JSON.parse(data), { windowLength: 1 }),
        new TypeError(`Cannot make sliding windows: ${message}`),
      );
    }
  });
});
