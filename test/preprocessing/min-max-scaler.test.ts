import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MinMaxScaler } from "rnnlab/preprocessing";
import { readGolden } from "../golden/read-golden.js";

interface Case {
  name: string;
  featureRange: [number, number];
  fit: (number | null)[][];
  transform: (number | null)[][];
  scaled: (number | null)[][];
  restored: (number | null)[][];
  dataMin: number[];
  dataMax: number[];
}

const golden = readGolden<{ scaler: Case[]; scalerWithGaps: Case; scalerOfConstants: Case }>("preprocessing");

function nullAsNaN(rows: (number | null)[][]): number[][] {
  return rows.map((row) => row.map((value) => value ?? Number.NaN));
}

function assertClose(actual: number[][], expected: number[][]): void {
  assert.deepEqual(
    actual.map((row) => row.length),
    expected.map((row) => row.length),
  );
  actual.forEach((row, i) => {
    row.forEach((value, j) => {
      const wanted = expected[i]![j]!;
      const close = Math.abs(value - wanted) <= 1e-12 * Math.max(1, Math.abs(wanted));
      assert.ok(
        close || (Number.isNaN(value) && Number.isNaN(wanted)),
        `[${i}, ${j}]: ${value}, not ${wanted}`,
      );
    });
  });
}

describe("MinMaxScaler", () => {
  for (const { name, featureRange, ...rows } of golden.scaler) {
    it(`equals scikit-learn: ${name}`, () => {
      const scaler = new MinMaxScaler({ featureRange }).fit(nullAsNaN(rows.fit));
      const scaled = scaler.transform(nullAsNaN(rows.transform));
      assertClose(scaled, nullAsNaN(rows.scaled));
      assertClose(scaler.inverseTransform(scaled), nullAsNaN(rows.restored));
      assert.deepEqual(scaler.toJSON().dataMin, rows.dataMin);
      assert.deepEqual(scaler.toJSON().dataMax, rows.dataMax);
    });
  }

  it("equals scikit-learn on NaN when told to keep it", () => {
    const { fit, scaled } = golden.scalerWithGaps;
    assertClose(new MinMaxScaler({ missing: "keep" }).fitTransform(nullAsNaN(fit)), nullAsNaN(scaled));
  });

  it("takes a series as one feature and gives a series back", () => {
    const one = golden.scaler[0]!;
    const scaler = new MinMaxScaler().fit(Float64Array.from(one.fit.flat() as number[]));
    const scaled = scaler.transform(one.transform.flat() as number[]);
    assert.ok(scaled instanceof Float64Array);
    assertClose([[...scaled]], [one.scaled.flat() as number[]]);
    assertClose([[...scaler.inverseTransform(scaled)]], [one.restored.flat() as number[]]);
    assert.equal(scaler.inverseTransform(new Float32Array(4)).length, 4);
    assert.equal(scaler.transform([]).length, 0);
  });

  it("fitTransform() equals fit() and transform()", () => {
    const data = [0, 4, 1];
    assert.deepEqual(new MinMaxScaler().fitTransform(data), new MinMaxScaler().fit(data).transform(data));
    assert.deepEqual([...new MinMaxScaler().fitTransform(data)], [0, 1, 0.25]);
  });

  it("comes back from JSON unchanged", () => {
    const scaler = new MinMaxScaler({ featureRange: [-1, 1] }).fit([
      [1, 10],
      [3, 50],
    ]);
    const restored = MinMaxScaler.fromJSON(JSON.parse(JSON.stringify(scaler)));
    assert.deepEqual(restored.transform([[2, 20]]), [[0, -0.5]]);
    assert.deepEqual(restored.toJSON(), scaler.toJSON());
  });

  it("refuses to be used before it is fitted", () => {
    const rule = "it must be fitted first, got no data yet; call fit(data)";
    assert.throws(
      () => new MinMaxScaler().transform([1]),
      new RangeError(`Cannot transform with MinMaxScaler: ${rule}`),
    );
    assert.throws(
      () => new MinMaxScaler().inverseTransform([1]),
      new RangeError(`Cannot invert with MinMaxScaler: ${rule}`),
    );
    assert.throws(
      () => JSON.stringify(new MinMaxScaler()),
      new RangeError(`Cannot save MinMaxScaler: ${rule}`),
    );
  });

  it("refuses a constant series, and names a constant feature", () => {
    assert.throws(
      () => new MinMaxScaler().fit([5, 5, 5]),
      new RangeError(
        "Cannot fit MinMaxScaler: a series must not be constant, got 5 in every row of feature 0; create it with constant: 'zero' to keep such features",
      ),
    );
    assert.throws(
      () =>
        new MinMaxScaler().fit([
          [1, 2],
          [3, 2],
        ]),
      new RangeError(
        "Cannot fit MinMaxScaler: a series must not be constant, got 2 in every row of feature 1; create it with constant: 'zero' to keep such features",
      ),
    );
  });

  it("refuses NaN and infinity, and names the row", () => {
    assert.throws(
      () => new MinMaxScaler().fit([1, Number.NaN]),
      new RangeError("Cannot fit MinMaxScaler: values must be finite numbers, got NaN in row 1"),
    );
    assert.throws(
      () => new MinMaxScaler({ missing: "keep" }).fit([1, 2, Number.POSITIVE_INFINITY]),
      new RangeError("Cannot fit MinMaxScaler: values must be finite numbers, got Infinity in row 2"),
    );
    assert.throws(
      () => new MinMaxScaler().fit([1, 2]).transform([Number.NaN]),
      new RangeError("Cannot transform with MinMaxScaler: values must be finite numbers, got NaN in row 0"),
    );
    assert.throws(
      () => new MinMaxScaler({ missing: "keep" }).fit([Number.NaN]),
      new RangeError("Cannot fit MinMaxScaler: feature 0 must have a value, got only NaN"),
    );
  });

  it("refuses empty data, ragged rows, another number of features and a range that does not increase", () => {
    assert.throws(
      () => new MinMaxScaler().fit([]),
      new RangeError("Cannot fit MinMaxScaler: there must be at least one row, got 0"),
    );
    assert.throws(
      () => new MinMaxScaler().fit([[]]),
      new RangeError("Cannot fit MinMaxScaler: rows must have at least one feature, got 0"),
    );
    assert.throws(
      () => new MinMaxScaler().fit([[1, 2], [3]]),
      new RangeError("Cannot fit MinMaxScaler: every row must have 2 features, got 1 in row 1"),
    );
    assert.throws(
      () => new MinMaxScaler().fit([1, 2]).transform([[1, 2]]),
      new RangeError("Cannot transform with MinMaxScaler: data must have 1 features as fitted, got 2"),
    );
    assert.throws(
      () => new MinMaxScaler({ featureRange: [1, 1] }),
      new RangeError(
        "Cannot create MinMaxScaler: featureRange must be two finite increasing numbers, got [1, 1]",
      ),
    );
  });

  it("refuses to be restored from anything but a saved state", () => {
    const states = [
      "null",
      '{"featureRange":[0,1]}',
      '{"dataMin":[1],"dataMax":[3]}',
      '{"featureRange":[0,1],"dataMin":[3],"dataMax":[1]}',
      '{"featureRange":[0,1],"dataMin":[1],"dataMax":[3,4]}',
    ];
    for (const state of states) {
      assert.throws(
        () => MinMaxScaler.fromJSON(JSON.parse(state)),
        new RangeError(`Cannot restore MinMaxScaler: the state must be what toJSON gave, got ${state}`),
      );
    }
  });

  it("refuses what is no number, in fit() and in transform()", () => {
    assert.throws(
      () => new MinMaxScaler().fit(JSON.parse("[1, null]")),
      new TypeError("Cannot fit MinMaxScaler: data must be an array of numbers, got null at index 1"),
    );
    assert.throws(
      () => new MinMaxScaler().fit([1, 2]).transform(JSON.parse('{ "0": 1 }')),
      new TypeError("Cannot transform with MinMaxScaler: data must be an array of numbers, got [Object]"),
    );
  });

  it("refuses values whose width float64 cannot scale", () => {
    assert.throws(
      () => new MinMaxScaler().fit([-1e308, 1e308]),
      new RangeError(
        "Cannot fit MinMaxScaler: values must span a width that float64 can scale, got -1e+308 to 1e+308 in feature 0",
      ),
    );
    assert.throws(() => new MinMaxScaler().fit([0, 5e-324]), /^RangeError: .* got 0 to 5e-324 in feature 0$/);
  });

  it("refuses another rule for missing values", () => {
    assert.throws(
      () => new MinMaxScaler(JSON.parse('{ "missing": "drop" }')),
      new RangeError('Cannot create MinMaxScaler: missing must be "refuse" or "keep", got \'drop\''),
    );
  });

  it("keeps constant features as scikit-learn does, if it is told to, also when it is saved", () => {
    const { fit, transform, scaled, restored } = golden.scalerOfConstants;
    const made = new MinMaxScaler({
      featureRange: golden.scalerOfConstants.featureRange,
      constant: "zero",
    }).fit(nullAsNaN(fit));
    for (const scaler of [made, MinMaxScaler.fromJSON(JSON.parse(JSON.stringify(made)))]) {
      const found = scaler.transform(nullAsNaN(transform));
      assertClose(found, nullAsNaN(scaled));
      assertClose(scaler.inverseTransform(found), nullAsNaN(restored));
    }
    assert.throws(() => new MinMaxScaler({ constant: "drop" as "zero" }), /constant must be/);
  });
});
