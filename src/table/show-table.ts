import { display } from "../display/index.js";
import type { TableOptions } from "./layout.js";
import { table } from "./rich-table.js";
import type { TableSource } from "./table-data.js";

/**
 * Shows a table below the running cell; it may be called in the middle of the cell.
 *
 * @param data - a danfojs data frame or series, columns by name (`[rows]` each), an array of objects or of values
 * @param options - how many rows and columns, caption, formats and details
 * @throws {RangeError | TypeError} when `tableBundle` does
 * @example
 * ```ts
 * import { showTable } from "rnnlab/table";
 * showTable({ month: ["May", "June"], amount: [58.4, 60.25] }, { caption: "Production" });
 * ```
 */
export function showTable(data: TableSource, options: TableOptions = {}): void {
  void display(table(data, options));
}
