import { RandomGenerator } from "../random/index.js";

/**
 * Draws a random orthogonal matrix: the Q of a QR decomposition of normal numbers, whose R has a positive diagonal
 * (Saxe, McClelland and Ganguli, 2013, as Keras's `Orthogonal`). Where it is wider than high its rows are
 * orthonormal, else its columns. tfjs's own initialiser takes seconds for the matrices of a GRU(256), this one
 * milliseconds.
 *
 * @param rows - number of rows, a positive integer
 * @param columns - number of columns, a positive integer
 * @param seed - an integer from 0 to 2³² − 1
 * @returns the matrix `[rows, columns]`, row by row
 * @throws {RangeError} when a size is not a positive integer or the seed is out of range
 * @example
 * ```ts
 * import { orthogonalMatrix } from "rnnlab/layers";
 * console.log(orthogonalMatrix(2, 6, 7).length); // 12
 * ```
 */
export function orthogonalMatrix(rows: number, columns: number, seed: number): Float32Array {
  for (const size of [rows, columns]) {
    if (!(Number.isInteger(size) && size > 0)) {
      throw new RangeError(
        `Cannot draw orthogonal matrix: sizes must be positive integers, got [${rows}, ${columns}]`,
      );
    }
  }
  const random = new RandomGenerator(seed);
  const length = Math.max(rows, columns);
  const vectors = Array.from({ length: Math.min(rows, columns) }, () =>
    Float64Array.from({ length }, () => random.normal()),
  );
  vectors.forEach((vector, index) => {
    // Gram and Schmidt, twice: once is not orthogonal to rounding.
    for (let pass = 0; pass < 2; pass++) {
      for (const earlier of vectors.slice(0, index)) subtractProjection(vector, earlier);
    }
    const norm = Math.sqrt(dot(vector, vector));
    for (let i = 0; i < length; i++) vector[i] = (vector[i] ?? 0) / norm;
  });
  const rowsAreVectors = rows < columns;
  return Float32Array.from({ length: rows * columns }, (_, index) => {
    const row = Math.floor(index / columns);
    const column = index % columns;
    return (rowsAreVectors ? vectors[row]?.[column] : vectors[column]?.[row]) ?? 0;
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** Takes the part along a unit vector out of a vector. */
function subtractProjection(vector: Float64Array, unit: Float64Array): void {
  const along = dot(vector, unit);
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] ?? 0) - along * (unit[i] ?? 0);
}
