import { decodeElements, type NpyDtype, type NumericData } from "./npy-dtype.js";
import { readError } from "./read-error.js";

/** An array of numbers in C order (the last index runs fastest). */
export interface NumericArray {
  /** NumPy's name of the elements' type in the file, such as `uint8`. */
  readonly dtype: string;
  /** Length of every axis; empty for a single number. */
  readonly shape: readonly number[];
  /** The elements; int64 and uint64 as float64, float16 as float32, bool as 0 and 1. */
  readonly data: NumericData;
}

/** How many elements a shape has. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/**
 * Turns the elements of a numeric array into typed ones.
 *
 * @throws {RangeError} when there are not as many bytes as the shape says
 */
export function parseNumbers(
  bytes: Uint8Array,
  dtype: NpyDtype,
  layout: { readonly shape: readonly number[]; readonly fortranOrder: boolean },
  origin: string,
): NumericArray {
  const { shape, fortranOrder } = layout;
  const expected = sizeOf(shape) * dtype.itemSize;
  if (bytes.length !== expected) {
    throw readError(
      origin,
      `${dtype.name} elements of shape [${shape}] must have ${expected} bytes, got ${bytes.length}`,
    );
  }
  const data = decodeElements(bytes, dtype, origin);
  return { dtype: dtype.name, shape, data: fortranOrder ? toCOrder(data, shape) : data };
}

/** Fortran order is the C order of the reversed shape, transposed. */
function toCOrder(data: NumericData, shape: readonly number[]): NumericData {
  const result = data.slice();
  const strides: number[] = [];
  shape.reduce((stride, length, axis) => {
    strides[axis] = stride;
    return stride * length;
  }, 1);
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < data.length; to++) {
    result[to] = data[from] ?? 0;
    // Counts up like an odometer, the last axis first.
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const [length = 1, stride = 1, at = 0] = [shape[axis], strides[axis], index[axis]];
      from += stride;
      if (at + 1 < length) {
        index[axis] = at + 1;
        break;
      }
      index[axis] = 0;
      from -= stride * length;
    }
  }
  return result;
}
