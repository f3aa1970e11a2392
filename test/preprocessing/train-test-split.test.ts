import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { trainTestSplit } from "rnnlab/preprocessing";
import { readGolden } from "../golden/read-golden.js";

interface Case {
  testSize: number;
  seed: number;
  classes: (number | string)[];
  stratify: boolean;
  train: number[];
  test: number[];
}

const { splits } = readGolden<{ splits: Case[] }>("preprocessing");

describe("trainTestSplit()", () => {
  for (const { testSize, seed, classes, stratify, train, test } of splits) {
    const kind = stratify ? "stratified" : "shuffled";
    it(`equals scikit-learn: ${kind}, ${testSize} of ${classes.length}, seed ${seed}`, () => {
      const split = trainTestSplit(
        { classes },
        { testSize, seed, ...(stratify ? { stratify: classes } : {}) },
      );
      assert.deepEqual([...split.trainIndices], train);
      assert.deepEqual([...split.testIndices], test);
      assert.deepEqual(
        split.test.classes,
        test.map((i) => classes[i]),
      );
    });
  }

  it("splits all arrays alike and keeps their types", () => {
    const texts = ["a", "b", "c", "d"];
    const labels = Int32Array.of(0, 1, 2, 3);
    const { train, test } = trainTestSplit({ texts, labels }, { testSize: 1, seed: 3 });
    assert.ok(train.labels instanceof Int32Array);
    assert.deepEqual(
      train.texts,
      Array.from(train.labels, (label) => texts[label]),
    );
    assert.deepEqual([...train.texts, ...test.texts].sort(), texts);
  });

  it("stratifies many samples", () => {
    const labels = Int32Array.from({ length: 1_000_000 }, (_, i) => i % 2);
    const { test } = trainTestSplit({ labels }, { testSize: 0.2, stratify: labels });
    assert.deepEqual([test.labels.length, test.labels.reduce((a, b) => a + b)], [200_000, 100_000]);
  });

  it("refuses lengths that differ, parts without samples and classes that cannot be stratified", () => {
    const refusals: [() => unknown, string][] = [
      [() => trainTestSplit({ x: [1, 2], y: [1] }), "y must be as long as x, 2, got 1"],
      [() => trainTestSplit({ x: [1, 2] }, { stratify: [1] }), "stratify must be as long as x, 2, got 1"],
      [() => trainTestSplit({ x: [] }), "there must be at least 2 samples, got 0"],
      [() => trainTestSplit({}), "there must be at least 2 samples, got 0"],
      [
        () => trainTestSplit({ x: [1, 2] }, { testSize: 2 }),
        "testSize must leave samples in both parts of 2, as a share or a number, got 2",
      ],
      [
        () => trainTestSplit({ x: [1, 2] }, { testSize: Number.NaN }),
        "testSize must leave samples in both parts of 2, as a share or a number, got NaN",
      ],
      [
        () => trainTestSplit({ x: [1, 1] }, { stratify: [1, 1] }),
        "stratify needs at least 2 classes, got only 1",
      ],
      [
        () => trainTestSplit({ x: [1, 2, 3] }, { stratify: [0, 0, 1] }),
        "every class must have at least 2 samples, got 1 of class 1",
      ],
      [
        () => trainTestSplit({ x: [1, 2, 3, 4] }, { testSize: 1, stratify: [0, 0, 1, 1] }),
        "the test part must have at least one sample for each of 2 classes, got 1",
      ],
      [
        () => trainTestSplit({ x: [1, 2] }, { stratify: [0, Number.NaN] }),
        "classes must be strings or finite numbers, got NaN at index 1",
      ],
    ];
    for (const [refused, message] of refusals) {
      assert.throws(refused, new RangeError(`Cannot split samples: ${message}`));
    }
    assert.throws(
      () => trainTestSplit({ x: JSON.parse("5") }),
      new TypeError("Cannot split samples: x must be an array, got 5"),
    );
  });
});
