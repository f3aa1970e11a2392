import { type RichText, richDisplay } from "../display/index.js";
import { cellFormatter } from "./format-cell.js";
import { layOut, shapeText, type TableOptions } from "./layout.js";
import { type TableBundle, writeLayout } from "./table-bundle.js";
import { type TableColumn, type TableSource, toTableData } from "./table-data.js";

/** What all summaries of a column have. Missing values (null, undefined, NaN, invalid dates) do not count. */
interface Counted {
  readonly name: string;
  /** Values that are not missing */
  readonly count: number;
}

/** Summary of a column of numbers; NaN where there are too few. */
export interface NumberSummary extends Counted {
  readonly kind: "number";
  readonly mean: number;
  /** Sample standard deviation, divisor n − 1 */
  readonly std: number;
  readonly min: number;
  /** Quantiles between two values are interpolated linearly */
  readonly "25%": number;
  readonly "50%": number;
  readonly "75%": number;
  readonly max: number;
}

/** Summary of a column of dates, to the millisecond. */
export interface DateSummary extends Counted {
  readonly kind: "date";
  readonly mean: Date;
  readonly min: Date;
  readonly "25%": Date;
  readonly "50%": Date;
  readonly "75%": Date;
  readonly max: Date;
}

/** Summary of a column of texts, truth values or anything else. */
export interface CategorySummary extends Counted {
  readonly kind: "category";
  /** How many different values there are */
  readonly unique: number;
  /** The most frequent value, of several the one that comes first; undefined if all are missing */
  readonly top: unknown;
  /** How often it comes; undefined if all are missing */
  readonly freq: number | undefined;
}

/** Summary of a column, by what it holds. */
export type ColumnSummary = NumberSummary | DateSummary | CategorySummary;

/** The summaries of a table's columns; as the last value of a cell they are shown as a table. */
export interface Description extends RichText {
  /** In the order of the columns */
  readonly columns: readonly ColumnSummary[];
  [richDisplay](): TableBundle;
}

const statistics = [
  "count",
  "unique",
  "top",
  "freq",
  "mean",
  "std",
  "min",
  "25%",
  "50%",
  "75%",
  "max",
] as const;

/**
 * Describes each column of a table with the numbers that pandas gives: count, mean, standard deviation, extremes and
 * quartiles of numbers and dates; count, number of different values and the most frequent one of the rest.
 *
 * @param data - a danfojs data frame or series, columns by name (`[rows]` each), an array of objects or of values
 * @param options - caption and number of columns shown
 * @returns the summaries, to look at and to compute with
 * @throws {RangeError | TypeError} when `tableBundle` does
 * @example
 * ```ts
 * import { describe } from "rnnlab/table";
 * const [amount] = describe({ amount: [58.5, 60.5, 64] }).columns;
 * if (amount?.kind === "number") console.log(amount.mean, amount["25%"]); // 61 59.5
 * ```
 */
export function describe(
  data: TableSource,
  options: Pick<TableOptions, "caption" | "columns"> = {},
): Description {
  const { columns, rowCount } = toTableData(data);
  const summaries = columns.map(summarize);
  const rows = statistics.filter((statistic) => summaries.some((summary) => statistic in summary));
  const shown = {
    columns: columns.map(({ name, dtype }, i) => ({ name, dtype, values: writeSummary(summaries[i], rows) })),
    rowCount: rows.length,
    isFrame: true,
    label: (row: number) => rows[row] ?? "",
  };
  // The shape is that of the data, not of their description.
  const bundle = writeLayout({ ...layOut(shown, options), shape: shapeText(rowCount, columns.length) });
  return { columns: summaries, [richDisplay]: () => bundle };
}

function summarize({ name, values }: TableColumn): ColumnSummary {
  const present = Array.from(values).filter((value) => !isMissing(value));
  const count = present.length;
  if (present.every((value) => value instanceof Date) && count > 0) {
    const { mean, min, max, ...rest } = numbersOf(Float64Array.from(present, Number));
    const toDate = (ms: number) => new Date(Math.round(ms));
    const quartiles = { "25%": toDate(rest["25%"]), "50%": toDate(rest["50%"]), "75%": toDate(rest["75%"]) };
    return {
      kind: "date",
      name,
      count,
      mean: toDate(mean),
      min: toDate(min),
      ...quartiles,
      max: toDate(max),
    };
  }
  const isNumber = (value: unknown) => typeof value === "number" || typeof value === "bigint";
  // A column of nothing but NaN is one of numbers, too.
  if (present.every(isNumber) && (count > 0 || Array.from(values).some(isNumber))) {
    return { kind: "number", name, count, ...numbersOf(Float64Array.from(present, Number)) };
  }
  return { kind: "category", name, count, ...categoriesOf(present) };
}

function isMissing(value: unknown): boolean {
  return (
    value === null ||
    value === undefined ||
    (value instanceof Date ? Number.isNaN(value.getTime()) : Number.isNaN(value))
  );
}

function numbersOf(values: Float64Array): Omit<NumberSummary, "kind" | keyof Counted> {
  const sorted = values.sort();
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    mean,
    std: sorted.length > 1 ? Math.sqrt(squares / (sorted.length - 1)) : Number.NaN,
    min: quantile(sorted, 0),
    "25%": quantile(sorted, 0.25),
    "50%": quantile(sorted, 0.5),
    "75%": quantile(sorted, 0.75),
    max: quantile(sorted, 1),
  };
}

/** Between two values, linear interpolation. */
function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const low = sorted[Math.floor(position)] ?? Number.NaN;
  const high = sorted[Math.ceil(position)] ?? Number.NaN;
  return low === high ? low : low + (high - low) * (position % 1);
}

function categoriesOf(values: readonly unknown[]): Omit<CategorySummary, "kind" | keyof Counted> {
  const counts = new Map<unknown, number>();
  const keyOf = (value: unknown) => (value instanceof Date ? value.toISOString() : value);
  for (const value of values) counts.set(keyOf(value), (counts.get(keyOf(value)) ?? 0) + 1);
  let [top, freq]: [unknown, number | undefined] = [undefined, undefined];
  for (const [value, times] of counts) if (times > (freq ?? 0)) [top, freq] = [value, times];
  return { unique: counts.size, top, freq };
}

/** Counts are whole numbers; all others of a column are written alike. */
function writeSummary(
  summary: ColumnSummary | undefined,
  rows: readonly (typeof statistics)[number][],
): string[] {
  const values = new Map<string, unknown>(Object.entries(summary ?? {}));
  const isCount = (row: string) => row === "count" || row === "unique" || row === "freq";
  const others = rows.filter((row) => !isCount(row)).map((row) => values.get(row));
  const write = cellFormatter(
    "",
    others.filter((value) => value !== undefined),
  );
  return rows.map((row) => {
    const value = values.get(row);
    if (value === undefined) return "";
    return isCount(row) ? String(value) : write(value);
  });
}
