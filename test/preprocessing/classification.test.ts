import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { richDisplay } from "rnnlab/display";
import { accuracyScore, confusionMatrix } from "rnnlab/preprocessing";
import { readGolden } from "../golden/read-golden.js";

interface Golden {
  metrics: {
    labels: number[];
    predictedLabels: number[];
    accuracyScore: number;
    confusionMatrix: number[][];
    confusionMatrixOfSome: number[][];
  };
}

const { metrics } = readGolden<Golden>("preprocessing");

describe("accuracyScore() and confusionMatrix()", () => {
  it("equal scikit-learn", () => {
    const { labels, predictedLabels } = metrics;
    assert.equal(accuracyScore(labels, predictedLabels), metrics.accuracyScore);
    assert.deepEqual(confusionMatrix(labels, Int32Array.from(predictedLabels)), metrics.confusionMatrix);
    const some = confusionMatrix(["a", "b", "b"], ["b", "b", "a"], { labels: ["b", "a", "c"] });
    assert.deepEqual(some, metrics.confusionMatrixOfSome);
  });

  it("show the matrix as a table with its labels", () => {
    const matrix = confusionMatrix([1, 0, 1, 1], [1, 0, 0, 1]);
    assert.deepEqual(matrix.labels, [0, 1]);
    const bundle = matrix[richDisplay]();
    assert.equal(
      bundle["text/plain"],
      "true  predicted 0  predicted 1\n0               1            0\n1               1            2",
    );
    assert.match(String(bundle["text/html"]), /<th[^>]*>predicted 1<\/th>/);
    assert.match(
      String(confusionMatrix(["<b>"], ["<b>"])[richDisplay]()["text/html"]),
      /predicted &lt;b&gt;/,
    );
  });

  it("sort numbers as numbers", () => {
    assert.deepEqual(confusionMatrix([10, 9], [10, 10]), [
      [0, 1],
      [0, 1],
    ]);
  });

  it("refuse lengths that differ or are 0, labels that are none or not given", () => {
    const rule = "actual and predicted must have one length above 0";
    assert.throws(
      () => accuracyScore([1], [1, 0]),
      new RangeError(`Cannot compute accuracy: ${rule}, got 1 and 2`),
    );
    assert.throws(
      () => confusionMatrix([], []),
      new RangeError(`Cannot count confusions: ${rule}, got 0 and 0`),
    );
    assert.throws(
      () => accuracyScore([1], [Number.NaN]),
      new RangeError(
        "Cannot compute accuracy: predicted labels must be strings or finite numbers, got NaN at index 0",
      ),
    );
    assert.throws(
      () => confusionMatrix([1], [2], { labels: [1] }),
      new RangeError("Cannot count confusions: every label must be one of those given, got 2"),
    );
    assert.throws(
      () => accuracyScore(JSON.parse("5"), [1]),
      new TypeError("Cannot compute accuracy: actual must be an array of labels, got 5"),
    );
  });
});
