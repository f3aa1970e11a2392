// Tables in the notebook, and the data frames of danfojs, which nothing outside this folder touches.
export { type Cell, type DataFrame, type DataSeries, dataFrame } from "./data-frame.js";
export {
  type CategorySummary,
  type ColumnSummary,
  type DateSummary,
  type Description,
  describe,
  type NumberSummary,
} from "./describe.js";
export type { CellFormat } from "./format-cell.js";
export type { TableOptions } from "./layout.js";
export { type RichTable, table } from "./rich-table.js";
export { showTable } from "./show-table.js";
export { type TableBundle, tableBundle } from "./table-bundle.js";
export type { FrameLike, TableColumns, TableRows, TableSource, TableValues } from "./table-data.js";
