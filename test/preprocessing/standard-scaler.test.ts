import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { StandardScaler } from "rnnlab/preprocessing";
import { readGolden } from "../golden/read-golden.js";

type Rows = (number | null)[][];

interface Case {
  name: string;
  fit: Rows;
  transform: Rows;
  scaled: Rows;
  restored: Rows;
  mean: number[];
  scale: number[];
}

const golden = readGolden<{
  standardScaler: Case[];
  standardScalerWithGaps: Case;
  standardScalerOfConstants: Case;
}>("preprocessing");

function nullAsNaN(rows: Rows): number[][] {
  return rows.map((row) => row.map((value) => value ?? Number.NaN));
}

function assertClose(actual: number[][], expected: number[][]): void {
  assert.deepEqual(
    actual.map((row) => row.length),
    expected.map((row) => row.length),
  );
  for (const [i, wanted] of expected.flat().entries()) {
    const value = actual.flat()[i]!;
    const close = Math.abs(value - wanted) <= 1e-12 * Math.max(1, Math.abs(wanted));
    assert.ok(close || (Number.isNaN(value) && Number.isNaN(wanted)), `[${i}]: ${value}, not ${wanted}`);
  }
}

describe("StandardScaler", () => {
  for (const { name, mean, scale, ...rows } of golden.standardScaler) {
    it(`equals scikit-learn: ${name}`, () => {
      const scaler = new StandardScaler().fit(nullAsNaN(rows.fit));
      const scaled = scaler.transform(nullAsNaN(rows.transform));
      assertClose(scaled, nullAsNaN(rows.scaled));
      assertClose(scaler.inverseTransform(scaled), nullAsNaN(rows.restored));
      assertClose([[...scaler.toJSON().mean], [...scaler.toJSON().scale]], [mean, scale]);
    });
  }

  it("equals scikit-learn on NaN when told to keep it", () => {
    const { fit, scaled, mean, scale } = golden.standardScalerWithGaps;
    const scaler = new StandardScaler({ missing: "keep" });
    assertClose(scaler.fitTransform(nullAsNaN(fit)), nullAsNaN(scaled));
    assertClose([[...scaler.toJSON().mean], [...scaler.toJSON().scale]], [mean, scale]);
  });

  it("comes back from JSON and scales exactly as before", () => {
    const data = golden.standardScaler[1]!.fit as number[][];
    const scaler = new StandardScaler({ missing: "keep" }).fit(data);
    const restored = StandardScaler.fromJSON(JSON.parse(JSON.stringify(scaler)));
    assert.deepEqual(restored.transform(data), scaler.transform(data));
    assert.deepEqual(restored.toJSON(), scaler.toJSON());
  });

  it("refuses what it cannot scale", () => {
    const refusals: [() => unknown, string][] = [
      [
        () => new StandardScaler().fit([]),
        "Cannot fit StandardScaler: there must be at least one row, got 0",
      ],
      [
        () => new StandardScaler().fit([0.1, 0.1, 0.1]),
        "Cannot fit StandardScaler: a series must not be constant, got 0.1 in every row of feature 0; create it with constant: 'zero' to keep such features",
      ],
      [
        () => new StandardScaler().fit([1, Number.NaN]),
        "Cannot fit StandardScaler: values must be finite numbers, got NaN in row 1",
      ],
      [
        () => new StandardScaler({ missing: "keep" }).fit([[Number.NaN]]),
        "Cannot fit StandardScaler: feature 0 must have a value, got only NaN",
      ],
      [
        () => new StandardScaler().fit([[1, 2], [3]]),
        "Cannot fit StandardScaler: every row must have 2 features, got 1 in row 1",
      ],
      [
        () => new StandardScaler().fit([-1e200, 1e200]),
        "Cannot fit StandardScaler: values must span a width that float64 can scale, got -1e+200 to 1e+200 in feature 0",
      ],
      [
        () => new StandardScaler().transform([1]),
        "Cannot transform with StandardScaler: it must be fitted first, got no data yet; call fit(data)",
      ],
      [
        () => StandardScaler.fromJSON(JSON.parse('{"mean":[1],"scale":[0]}')),
        'Cannot restore StandardScaler: the state must be what toJSON gave, got {"mean":[1],"scale":[0]}',
      ],
    ];
    for (const [refused, message] of refusals) assert.throws(refused, new RangeError(message));
  });

  it("keeps constant features as scikit-learn does, if it is told to, also when it is saved", () => {
    const { fit, transform, scaled, restored } = golden.standardScalerOfConstants;
    const made = new StandardScaler({ constant: "zero" }).fit(nullAsNaN(fit));
    for (const scaler of [made, StandardScaler.fromJSON(JSON.parse(JSON.stringify(made)))]) {
      const found = scaler.transform(nullAsNaN(transform));
      assertClose(found, nullAsNaN(scaled));
      assertClose(scaler.inverseTransform(found), nullAsNaN(restored));
    }
    assert.throws(() => new StandardScaler({ constant: "drop" as "zero" }), /constant must be/);
  });
});
