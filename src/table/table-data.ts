import { inspect } from "node:util";

/** A danfojs data frame or series, as far as a table needs it. */
export interface FrameLike {
  readonly shape: readonly number[];
  readonly columns: readonly string[];
  readonly dtypes: readonly string[];
  readonly index: readonly (string | number)[];
  readonly values: unknown;
}

/** Columns by name, each `[rows]`. */
export type TableColumns = Readonly<Record<string, ArrayLike<unknown>>>;

/** Rows as objects with the same keys. */
export type TableRows = readonly object[];

/** One column without a name. */
export type TableValues =
  | readonly (number | string | boolean | bigint | Date | null | undefined)[]
  | NumberArray;

type NumberArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** Whatever can be shown as a table. */
export type TableSource = FrameLike | TableColumns | TableRows | TableValues;

/** One column of a table. */
export interface TableColumn {
  readonly name: string;
  readonly dtype: string;
  /** `[rows]` */
  readonly values: ArrayLike<unknown>;
}

/** Any tabular data in one form. */
export interface TableData {
  readonly columns: readonly TableColumn[];
  readonly rowCount: number;
  /** Whether it comes from a data frame or series. */
  readonly isFrame: boolean;
  /** Label of a row. */
  readonly label: (row: number) => string | number;
}

/**
 * Brings any tabular data into one form.
 *
 * @throws {TypeError} when the data is of none of these kinds
 * @throws {RangeError} when the columns differ in length
 */
export function toTableData(data: TableSource): TableData {
  // A Map or a promise has no columns to show, though it is an object.
  if (typeof data !== "object" || data === null || isEmptyInstance(data)) {
    throw new TypeError(
      `Cannot make table: data must be a data frame, columns or an array of objects, got ${inspect(data, { depth: -1 })}`,
    );
  }
  if (isFrame(data)) return fromFrame(data);
  if (ArrayBuffer.isView(data)) return fromColumns({ value: data as NumberArray });
  if (!Array.isArray(data)) return fromColumns(data as TableColumns);
  return fromColumns(data.length > 0 && data.every(isValue) ? { value: data } : toColumns(data));
}

function isValue(entry: unknown): boolean {
  return entry instanceof Date || entry === null || typeof entry !== "object";
}

function isEmptyInstance(data: object): boolean {
  const plain =
    Array.isArray(data) ||
    ArrayBuffer.isView(data) ||
    [Object.prototype, null].includes(Object.getPrototypeOf(data));
  return !plain && Object.keys(data).length === 0;
}

function isFrame(data: object): data is FrameLike {
  return ["shape", "columns", "dtypes", "index", "values"].every((key) =>
    Array.isArray(Reflect.get(data, key)),
  );
}

function fromFrame(frame: FrameLike): TableData {
  const rows = frame.values as readonly unknown[];
  const isSeries = frame.columns.length === 1 && !Array.isArray(rows[0]);
  const columns = frame.columns.map((name, column) => ({
    name: String(name),
    dtype: frame.dtypes[column] ?? "",
    values: rows.map((row) => (isSeries ? row : (row as readonly unknown[])[column])),
  }));
  return { columns, rowCount: rows.length, isFrame: true, label: (row) => frame.index[row] ?? row };
}

function toColumns(rows: readonly unknown[]): TableColumns {
  const names = new Set<string>();
  rows.forEach((row, i) => {
    if (typeof row !== "object" || row === null) {
      throw new TypeError(
        `Cannot make table: every row must be an object like the first, got ${String(row)} in row ${i}`,
      );
    }
    for (const name of Object.keys(row)) names.add(name);
  });
  return Object.fromEntries(
    [...names].map((name) => [
      name,
      // Own properties only: every object inherits a `constructor`.
      rows.map((row): unknown =>
        Object.hasOwn(row as object, name) ? Reflect.get(row as object, name) : undefined,
      ),
    ]),
  );
}

function fromColumns(data: TableColumns): TableData {
  const columns = Object.entries(data).map(([name, values]) => {
    if (typeof values !== "object" || values === null || typeof values.length !== "number") {
      throw new TypeError(`Cannot make table: column ${name} must be an array, got ${typeof values}`);
    }
    return { name, values, dtype: inferDtype(values) };
  });
  const rowCount = columns[0]?.values.length ?? 0;
  const odd = columns.find(({ values }) => values.length !== rowCount);
  if (odd !== undefined) {
    throw new RangeError(
      `Cannot make table: every column must have ${rowCount} rows like ${columns[0]?.name}, got ${odd.values.length} in ${odd.name}`,
    );
  }
  return { columns, rowCount, isFrame: false, label: (row) => row };
}

function inferDtype(values: ArrayLike<unknown>): string {
  if (ArrayBuffer.isView(values)) return values.constructor.name.replace(/Array$/, "").toLowerCase();
  const kinds = new Set<string>();
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value !== null && value !== undefined) kinds.add(kindOf(value));
  }
  const [kind = "empty"] = kinds;
  return kinds.size > 1 ? "mixed" : kind;
}

function kindOf(value: unknown): string {
  if (value instanceof Date) return "datetime";
  return typeof value === "number" ? "float64" : typeof value;
}
