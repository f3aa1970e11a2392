import assert from "node:assert/strict";
import { test } from "node:test";
import { orthogonalMatrix } from "rnnlab/layers";

/** Greatest difference between the products of all pairs of vectors and the unit matrix. */
function departure(vectors: number[][]): number {
  const products = vectors.flatMap((a, i) =>
    vectors.map((b, j) => a.reduce((sum, value, k) => sum + value * b[k]!, 0) - (i === j ? 1 : 0)),
  );
  return Math.max(...products.map(Math.abs));
}

const rowsOf = (matrix: Float32Array, rows: number, columns: number) =>
  Array.from({ length: rows }, (_, row) => [...matrix.slice(row * columns, (row + 1) * columns)]);

test("orthogonalMatrix() has orthonormal rows where it is wider than high", () => {
  assert.ok(departure(rowsOf(orthogonalMatrix(45, 180, 7), 45, 180)) < 1e-6);
});

test("orthogonalMatrix() has orthonormal columns where it is higher than wide", () => {
  const rows = rowsOf(orthogonalMatrix(7, 3, 7), 7, 3);
  const columns = [0, 1, 2].map((column) => rows.map((row) => row[column]!));
  assert.ok(departure(columns) < 1e-6);
});

test("orthogonalMatrix() is the same for the same seed only", () => {
  assert.deepEqual(orthogonalMatrix(3, 3, 1), orthogonalMatrix(3, 3, 1));
  assert.notDeepEqual(orthogonalMatrix(3, 3, 1), orthogonalMatrix(3, 3, 2));
});

test("orthogonalMatrix() refuses sizes that are not positive integers", () => {
  assert.throws(() => orthogonalMatrix(0, 3, 1), {
    name: "RangeError",
    message: "Cannot draw orthogonal matrix: sizes must be positive integers, got [0, 3]",
  });
});
