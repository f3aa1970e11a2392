import { quoteShape } from "../arguments.js";
import { requireList, requireObject } from "./inputs.js";

/** A matrix: its rows, or its values row by row with their shape, or a tensor. */
export type MatrixValues =
  | readonly ArrayLike<number | null>[]
  | { readonly shape: readonly number[]; readonly values: ArrayLike<number> }
  | { readonly shape: readonly number[]; dataSync(): ArrayLike<number> };

const isRows = (matrix: MatrixValues): matrix is readonly ArrayLike<number | null>[] => Array.isArray(matrix);

/**
 * Reads a matrix.
 *
 * @param action - "plot heat map", for errors
 * @param matrix - at least one row and one column
 * @returns its rows; null where a value is missing or not finite
 * @throws {TypeError} when it is neither rows nor values with their shape
 * @throws {RangeError} when it is empty, its rows differ in length, or its values do not have its shape
 */
export function matrixRows(action: string, matrix: MatrixValues): (number | null)[][] {
  requireObject(action, "the matrix", matrix);
  const rows = isRows(matrix) ? matrix : cutRows(action, matrix);
  for (const [index, row] of rows.entries()) requireList(action, `row ${index} of the matrix`, row);
  const columns = rows[0]?.length ?? 0;
  if (columns === 0) {
    throw new RangeError(`Cannot ${action}: it must have at least one row and one column, got none`);
  }
  return rows.map((row, index) => {
    if (row.length !== columns) {
      throw new RangeError(
        `Cannot ${action}: all rows must have the same length, got ${columns} and, in row ${index}, ${row.length}`,
      );
    }
    return Array.from(row, (value) => (Number.isFinite(value) ? value : null));
  });
}

function cutRows(
  action: string,
  matrix: Exclude<MatrixValues, readonly ArrayLike<number | null>[]>,
): ArrayLike<number>[] {
  const { shape } = matrix;
  requireList(action, "the shape of the matrix", shape);
  const isTensor = "dataSync" in matrix && typeof matrix.dataSync === "function";
  const values = isTensor ? matrix.dataSync() : "values" in matrix ? matrix.values : undefined;
  requireList(action, "the values of the matrix", values);
  // A vector is a matrix of one row.
  const [rows = 0, columns = 0, ...more] = shape.length === 1 ? [1, ...shape] : shape;
  if (more.length > 0 || rows * columns !== values.length) {
    throw new RangeError(
      `Cannot ${action}: it must be a matrix, got ${values.length} values of shape ${quoteShape(shape)}`,
    );
  }
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => values[row * columns + column] ?? Number.NaN),
  );
}
