import { type RichText, richDisplay } from "../display/index.js";
import { type TableBundle, type TableOptions, tableBundle } from "./table-bundle.js";
import type { FrameLike, TableColumns, TableRows } from "./table-data.js";

/** A value that a notebook shows as a table. */
export interface RichTable extends RichText {
  [richDisplay](): TableBundle;
}

/**
 * Makes a table that a notebook shows when it is a cell's last value.
 *
 * @param data - a danfojs data frame or series, columns by name (`[rows]` each), or an array of objects
 * @param options - how many rows, caption and formats
 * @returns the table, written already: later changes of the data do not reach it
 * @throws RangeError and TypeError as `tableBundle`
 * @example
 * ```ts
 * import { table } from "rnnlab/table";
 * table([{ model: "GRU(256)", rmse: 3.63 }, { model: "seasonal naive", rmse: 4.03 }], { caption: "Test error" });
 * ```
 */
export function table(data: FrameLike | TableColumns | TableRows, options: TableOptions = {}): RichTable {
  const bundle = tableBundle(data, options);
  return { [richDisplay]: () => bundle };
}
