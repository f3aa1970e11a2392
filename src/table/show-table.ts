import { display } from "../display/index.js";
import { table } from "./rich-table.js";
import type { TableOptions } from "./table-bundle.js";
import type { FrameLike, TableColumns, TableRows } from "./table-data.js";

/**
 * Shows a table below the running cell, in the middle of which it may be called.
 *
 * @param data - a danfojs data frame or series, columns by name (`[rows]` each), or an array of objects
 * @param options - how many rows, caption and formats
 * @throws RangeError and TypeError as `tableBundle`
 * @example
 * ```ts
 * import { showTable } from "rnnlab/table";
 * showTable({ month: ["May", "June"], amount: [58.4, 60.25] }, { caption: "Production" });
 * ```
 */
export function showTable(data: FrameLike | TableColumns | TableRows, options: TableOptions = {}): void {
  void display(table(data, options));
}
