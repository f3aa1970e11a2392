import { requireInteger } from "../arguments.js";
import { oneLine } from "../display/index.js";
import { type CellFormat, cellFormatter } from "./format-cell.js";
import type { TableColumn, TableData } from "./table-data.js";

/** How a table is shown. */
export interface TableOptions {
  /** Rows shown from the start of a table that is cut; 5 unless given. */
  readonly head?: number;
  /** Rows shown from its end; 5 unless given. Up to 20 rows, or `head + tail` if one is given, are shown whole. */
  readonly tail?: number;
  /** Columns shown at most, half of them from the start and half from the end; 20 unless given. */
  readonly columns?: number;
  /** A line above the table. */
  readonly caption?: string;
  /** By column: a number of decimals, or a function from a value to its text. */
  readonly format?: Readonly<Record<string, CellFormat>>;
  /**
   * Whether row labels, column types and the shape are shown. Unless given, they are for data frames and series, and
   * where something is left out.
   */
  readonly details?: boolean;
}

/** One column from top to bottom. */
export interface LayoutColumn {
  readonly kind: "label" | "data" | "cut";
  readonly name: string;
  readonly dtype: string;
  /** Numbers stand at the right, their decimal points below each other */
  readonly numeric: boolean;
  readonly cells: readonly string[];
}

/** A table as texts, which every format is written from. */
export interface TableLayout {
  readonly caption: string | undefined;
  readonly columns: readonly LayoutColumn[];
  readonly rowCount: number;
  /** The row that stands for those that are left out, -1 if none are */
  readonly cutRow: number;
  /** How many rows and columns there are, undefined where details are not shown */
  readonly shape: string | undefined;
}

/** A position, or undefined for all that are left out between two others. */
type Position = number | undefined;

const CUT = "⋮";
const USUAL_ROWS = 20;

/**
 * Lays a table out.
 *
 * @throws {RangeError} when an option is out of range, or a format is for a column that is not there
 */
export function layOut(data: TableData, options: TableOptions): TableLayout {
  const { caption, format = {} } = options;
  const unknown = Object.keys(format).find((name) => !data.columns.some((column) => column.name === name));
  if (unknown !== undefined) {
    const names = data.columns.map(({ name }) => name).join(", ");
    throw new RangeError(`Cannot make table: format must name columns (${names}), got ${unknown}`);
  }
  const { head = 5, tail = 5, columns: most = 20 } = options;
  for (const [name, value] of Object.entries({ head, tail, columns: most })) {
    requireInteger("make table", name, value, 0);
  }
  const wholeRows = options.head === undefined && options.tail === undefined ? USUAL_ROWS : head + tail;
  const rows = bothEnds(data.rowCount, head, tail, wholeRows);
  const positions = bothEnds(data.columns.length, Math.ceil(most / 2), Math.floor(most / 2), most);
  const details = options.details ?? (data.isFrame || [...rows, ...positions].includes(undefined));
  const columns = positions.map((position): LayoutColumn => {
    const column = position === undefined ? undefined : data.columns[position];
    if (column !== undefined) return dataColumn(column, rows, format);
    return { kind: "cut", name: "…", dtype: "", numeric: false, cells: rows.map(() => "…") };
  });
  const labels = rows.map((row) => (row === undefined ? CUT : oneLine(String(data.label(row)))));
  const labelColumn = { kind: "label", name: "", dtype: "", numeric: false, cells: labels } as const;
  return {
    caption: caption === undefined || caption === "" ? undefined : oneLine(caption),
    columns: details ? [labelColumn, ...columns] : columns,
    rowCount: rows.length,
    cutRow: rows.indexOf(undefined),
    shape: details ? shapeText(data.rowCount, data.columns.length, rows, positions) : undefined,
  };
}

/** All positions if there are not too many, else those of both ends. */
function bothEnds(count: number, first: number, last: number, whole: number): Position[] {
  const positions = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
  if (count <= whole) return positions(0, count);
  return [...positions(0, first), undefined, ...positions(count - last, count)];
}

/** Says how many rows and columns there are, and how many of them are shown if not all are. */
export function shapeText(
  rowCount: number,
  columnCount: number,
  rows: readonly Position[] = [],
  columns: readonly Position[] = [],
): string {
  return `${counted(rowCount, "row", rows)} × ${counted(columnCount, "column", columns)}`;
}

function counted(count: number, name: string, shown: readonly Position[]): string {
  const part = shown.includes(undefined) ? `${shown.length - 1} of ` : "";
  return `${part}${count} ${name}${count === 1 ? "" : "s"}`;
}

function dataColumn(
  { name, dtype, values }: TableColumn,
  rows: readonly Position[],
  format: NonNullable<TableOptions["format"]>,
): LayoutColumn {
  const shown = rows.filter((row) => row !== undefined).map((row) => values[row]);
  const write = cellFormatter(name, shown, Object.hasOwn(format, name) ? format[name] : undefined);
  const cells = rows.map((row) => (row === undefined ? CUT : write(values[row])));
  const numeric = /^(big|u?int|float)/.test(dtype);
  return {
    kind: "data",
    name: oneLine(name),
    dtype,
    numeric,
    cells: numeric ? alignPoints(cells) : cells,
  };
}

/** Spaces as wide as a point and a digit bring decimal points below each other where decimals differ in number. */
function alignPoints(cells: readonly string[]): readonly string[] {
  const decimals = cells.map(
    (cell) => /^-?\d+(\.\d+)?$/.exec(cell)?.[1] ?? (/^-?\d+$/.test(cell) ? "" : undefined),
  );
  const most = decimals.reduce((longest, text) => Math.max(longest, text?.length ?? 0), 0);
  return cells.map((cell, i) => {
    const own = decimals[i];
    if (own === undefined || own.length === most) return cell;
    return cell + (own === "" ? `\u2008${"\u2007".repeat(most - 1)}` : "\u2007".repeat(most - own.length));
  });
}
