import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RandomGenerator } from "rnnlab/random";
import { readGolden } from "../golden/read-golden.js";

interface Case {
  seed: number;
  bits: number[];
  uniform: number[];
  normal: number[];
  integers: number[];
  permutation: number[];
}

function draw<Value>(count: number, next: () => Value): Value[] {
  return Array.from({ length: count }, next);
}

describe("RandomGenerator", () => {
  for (const golden of readGolden<{ cases: Case[] }>("random-generator").cases) {
    it(`draws what NumPy's RandomState(${golden.seed}) draws`, () => {
      const { seed } = golden;
      const bits = new RandomGenerator(seed);
      assert.deepEqual(
        draw(5, () => bits.bits()),
        golden.bits,
      );
      const uniform = new RandomGenerator(seed);
      assert.deepEqual(draw(700, () => uniform.uniform(-2, 3)).slice(-5), golden.uniform);
      const normal = new RandomGenerator(seed);
      for (const expected of golden.normal) {
        assert.ok(Math.abs(normal.normal(10, 2.5) - expected) < 1e-12 * expected);
      }
      const integer = new RandomGenerator(seed);
      assert.deepEqual(
        draw(8, () => integer.integer(1000)),
        golden.integers,
      );
      assert.deepEqual([...new RandomGenerator(seed).permutation(12)], golden.permutation);
    });
  }

  it("starts with the first output of the authors' own mt19937ar.c, seed 5489", () => {
    assert.equal(new RandomGenerator(5489).bits(), 3499211612);
  });

  it("gives the same numbers for the same seed, and others for another", () => {
    assert.equal(new RandomGenerator(3).uniform(), new RandomGenerator(3).uniform());
    assert.notEqual(new RandomGenerator(3).uniform(), new RandomGenerator(4).uniform());
  });

  it("shuffles in place and keeps every element", () => {
    const items = ["a", "b", "c", "d", "e"];
    const shuffled = new RandomGenerator(1).shuffle(items);
    assert.equal(shuffled, items);
    assert.deepEqual([...shuffled].sort(), ["a", "b", "c", "d", "e"]);
    assert.deepEqual(new RandomGenerator(1).shuffle([]), []);
  });

  it("reaches every integer below the limit and none above", () => {
    const random = new RandomGenerator(0);
    const seen = new Set(draw(200, () => random.integer(6)));
    assert.deepEqual([...seen].sort(), [0, 1, 2, 3, 4, 5]);
    assert.equal(random.integer(1), 0);
  });

  it("refuses a seed that is not an unsigned 32-bit integer", () => {
    for (const seed of [-1, 1.5, 2 ** 32, Number.NaN]) {
      assert.throws(
        () => new RandomGenerator(seed),
        new RangeError(
          `Cannot create RandomGenerator: seed must be an integer from 0 to 4294967295, got ${seed}`,
        ),
      );
    }
  });

  it("refuses limits, bounds, deviations and lengths that make no sense", () => {
    const random = new RandomGenerator(0);
    assert.throws(
      () => random.integer(0),
      new RangeError("Cannot draw integer: limit must be an integer from 1 to 4294967296, got 0"),
    );
    assert.throws(
      () => random.uniform(2, 1),
      new RangeError(
        "Cannot draw uniform: bounds and their distance must be finite with low ≤ high, got low 2, high 1",
      ),
    );
    assert.throws(() => random.uniform(-1e308, 1e308), /^RangeError: .* got low -1e\+308, high 1e\+308$/);
    assert.throws(
      () => random.normal(0, -1),
      /^RangeError: Cannot draw normal: .* got mean 0, standardDeviation -1$/,
    );
    assert.throws(
      () => random.permutation(-1),
      new RangeError("Cannot draw permutation: length must be a non-negative integer, got -1"),
    );
  });
});
