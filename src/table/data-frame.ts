import { loadDanfojs } from "./danfojs.js";
import type { RichTable } from "./rich-table.js";
import { type FrameLike, type TableColumns, type TableRows, toTableData } from "./table-data.js";

/** What a cell of a frame may hold. */
export type Cell = number | string | boolean | Date | null | undefined;

/** One column of a data frame: a danfojs Series, typed as far as the lectures use it. */
export interface DataSeries extends FrameLike, RichTable {
  /** `[rows]` */
  readonly values: readonly Cell[];
  mean(): number;
  median(): number;
  /** Sample standard deviation, divisor n − 1. */
  std(): number;
  min(): number;
  max(): number;
  /** Count, mean, standard deviation, minimum, median, maximum and variance. */
  describe(): DataSeries;
}

/** A danfojs DataFrame, typed as far as the lectures use it; its other methods are there, untyped. */
export interface DataFrame extends FrameLike, RichTable {
  /** `[rows][columns]` */
  readonly values: readonly (readonly Cell[])[];
  /** The first rows; 5 unless given. */
  head(rows?: number): DataFrame;
  /** The last rows; 5 unless given. */
  tail(rows?: number): DataFrame;
  column(name: string): DataSeries;
  /** Of each column of numbers: count, mean, standard deviation, minimum, median, maximum and variance. */
  describe(): DataFrame;
  /** A new frame in the order of a column, ascending unless told otherwise. */
  sortValues(by: string, options?: { readonly ascending?: boolean }): DataFrame;
  /** A new frame with other column names, `{ old: new }`. */
  rename(names: Readonly<Record<string, string>>): DataFrame;
  /** A new frame of some rows and columns by label. */
  loc(selection: {
    readonly rows?: readonly (string | number)[];
    readonly columns?: readonly string[];
  }): DataFrame;
}

/**
 * Makes a danfojs data frame, which a notebook shows as a table when it is a cell's last value. danfojs is loaded at
 * the first call; a table that is only shown does not need it, see {@link table}.
 *
 * @param data - columns by name (arrays or typed arrays, `[rows]` each), or an array of objects
 * @param options - labels of the rows, `[rows]`; 0 … rows − 1 unless given
 * @returns the frame; it holds no tensors
 * @throws {RangeError} when there are no rows or columns, the columns or labels differ in length, or a column is named
 * as a member of the frame, such as `shape` or `mean`
 * @throws {TypeError} when the data is not tabular
 * @throws {Error} when danfojs-node is not installed, or brings a TensorFlow of its own
 * @example
 * ```ts
 * import { dataFrame } from "rnnlab/table";
 * const frame = dataFrame({ month: ["May", "June"], amount: Float64Array.of(58.4, 60.25) });
 * console.log(frame.shape.join(" × "), frame.column("amount").max()); // 2 × 2 60.25
 * ```
 */
export function dataFrame(
  data: TableColumns | TableRows,
  options: { readonly index?: readonly (string | number)[] } = {},
): DataFrame {
  const { columns, rowCount } = toTableData(data);
  if (rowCount === 0) {
    throw new RangeError(
      `Cannot make data frame: there must be at least one row and column, got ${rowCount} × ${columns.length}`,
    );
  }
  const { index } = options;
  if (index !== undefined && index.length !== rowCount) {
    throw new RangeError(
      `Cannot make data frame: index must have ${rowCount} labels, one a row, got ${index.length}`,
    );
  }
  const { DataFrame: Frame } = loadDanfojs();
  // danfojs makes each column a property of the frame, which then loses its own of that name.
  const taken = columns.find(({ name }) => name in Frame.prototype || name.startsWith("$"));
  if (taken !== undefined) {
    throw new RangeError(
      `Cannot make data frame: a column must not be named as a member of the frame, got ${taken.name}`,
    );
  }
  const plain = Object.fromEntries(columns.map(({ name, values }) => [name, Array.from(values)]));
  const frame: object = new Frame(plain, index === undefined ? {} : { index: [...index] });
  // Typed as far as the lectures use it, and shown as loadDanfojs() has it.
  return frame as DataFrame;
}
