import { briefly, requireInteger } from "../arguments.js";

/** Where a series is split. */
export interface SplitSeriesOptions {
  /** Rows for training; the rest are for testing. */
  readonly trainLength: number;
  /** Rows before the split that the test part begins with, so that its first windows are whole; 0 unless given. */
  readonly overlap?: number;
}

/**
 * Splits a series in time: the first rows train, the rest test. Nothing is shuffled. With `overlap` equal to the
 * window length there is one test window for every row after the split.
 *
 * @param series - an array or typed array in order of time, `[n]` or `[n, features]`; also dates
 * @param options - length of the training part, and the overlap
 * @returns copies: train `[trainLength]` and test `[n − trainLength + overlap]`
 * @throws {RangeError} when a part would be empty, or the overlap is negative or longer than the training part
 * @throws {TypeError} when the series is no array
 * @example
 * ```ts
 * import { splitSeries } from "rnnlab/preprocessing";
 * const { train, test } = splitSeries([1, 2, 3, 4, 5, 6], { trainLength: 4, overlap: 2 });
 * console.log(train.join(" "), "|", test.join(" ")); // 1 2 3 4 | 3 4 5 6
 * ```
 */
export function splitSeries<
  Series extends { readonly length: number; slice(start: number, end?: number): Series },
>(series: Series, options: SplitSeriesOptions): { train: Series; test: Series } {
  const action = "split series";
  const { trainLength, overlap = 0 } = options;
  if (!(Array.isArray(series) || ArrayBuffer.isView(series))) {
    throw new TypeError(`Cannot ${action}: series must be an array, got ${briefly(series)}`);
  }
  requireInteger(action, "trainLength", trainLength, 1);
  requireInteger(action, "overlap", overlap, 0);
  if (trainLength >= series.length) {
    throw new RangeError(
      `Cannot ${action}: trainLength must be less than the ${series.length} rows there are, got ${trainLength}`,
    );
  }
  if (overlap > trainLength) {
    throw new RangeError(
      `Cannot ${action}: overlap must not exceed trainLength ${trainLength}, got ${overlap}`,
    );
  }
  return { train: series.slice(0, trainLength), test: series.slice(trainLength - overlap) };
}
