import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { loadElectricity } from "rnnlab/datasets";
import { readGolden } from "../golden/read-golden.js";

interface Golden {
  values: number[];
  least: number;
  greatest: number;
}

describe("the electricity sample", () => {
  it("equals its formula computed with NumPy", async () => {
    const { values } = await loadElectricity({ source: "sample" });
    const golden = readGolden<Golden>("electricity-sample");
    assert.equal(values.length, golden.values.length);
    // Four decimals are kept: the last may differ by one where a library's cosine rounds otherwise.
    values.forEach((value, i) => {
      assert.ok(
        Math.abs(value - golden.values[i]!) < 1.5e-4,
        `month ${i}: ${value}, not ${golden.values[i]}`,
      );
    });
  });

  it("has a plausible range for the index", () => {
    const { least, greatest } = readGolden<Golden>("electricity-sample");
    assert.ok(least > 55 && greatest < 130);
  });

  it("is new at each call, so that a notebook that changes it harms nobody", async () => {
    const first = await loadElectricity({ source: "sample" });
    first.values[0] = -1;
    const second = await loadElectricity({ source: "sample" });
    assert.notEqual(second.values[0], -1);
  });
});
