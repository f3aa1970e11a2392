import { type RichText, rich, type richDisplay } from "../display/index.js";
import type { TableOptions } from "./layout.js";
import { type TableBundle, tableBundle } from "./table-bundle.js";
import type { TableSource } from "./table-data.js";

/** A value that a notebook shows as a table. */
export interface RichTable extends RichText {
  [richDisplay](): TableBundle;
}

/**
 * Makes a table that a notebook shows when it is a cell's last value.
 *
 * @param data - a danfojs data frame or series, columns by name (`[rows]` each), an array of objects or of values
 * @param options - how many rows and columns, caption, formats and details
 * @returns the table, written already: later changes of the data do not reach it
 * @throws {RangeError | TypeError} when `tableBundle` does
 * @example
 * ```ts
 * import { table } from "rnnlab/table";
 * table([{ model: "GRU(256)", rmse: 3.63 }, { model: "seasonal naive", rmse: 4.03 }], { caption: "Test error" });
 * ```
 */
export function table(data: TableSource, options: TableOptions = {}): RichTable {
  return rich(tableBundle(data, options));
}
