import { escapeHtml } from "../display/index.js";
import { type CellFormat, cellFormatter } from "./format-cell.js";
import {
  type FrameLike,
  type TableColumns,
  type TableData,
  type TableRows,
  toTableData,
} from "./table-data.js";

/** How a table is shown. */
export interface TableOptions {
  /** Rows shown from the start; 5 unless given. A table of at most `head + tail` rows is shown whole. */
  readonly head?: number;
  /** Rows shown from the end; 5 unless given. */
  readonly tail?: number;
  /** A line above the table. */
  readonly caption?: string;
  /** By column: a number of decimals, or a function from a value to its text. */
  readonly format?: Readonly<Record<string, CellFormat>>;
}

/** A table in the two formats that every front end shows one of. */
export type TableBundle = {
  readonly "text/html": string;
  readonly "text/plain": string;
};

/** What both formats are written from: texts only. */
interface Layout {
  readonly caption: string | undefined;
  readonly columns: readonly { name: string; dtype: string; numeric: boolean }[];
  /** Label and cells of each row; `undefined` stands for the rows that are left out. */
  readonly rows: readonly ({ label: string; cells: readonly string[] } | undefined)[];
  readonly shape: string;
}

/**
 * Writes a table as HTML and as plain text: head and tail with an ellipsis between, column types, and the shape.
 * Colours are the front end's own, so it fits light and dark themes. It is a pure function; {@link table} makes a
 * value of it that a notebook shows.
 *
 * @param data - a danfojs data frame or series, columns by name (`[rows]` each), or an array of objects
 * @param options - how many rows, caption and formats
 * @returns a MIME bundle
 * @throws RangeError if columns differ in length, or head or tail is not a non-negative integer
 * @throws TypeError if the data is not tabular
 * @example
 * ```ts
 * import { tableBundle } from "rnnlab/table";
 * console.log(tableBundle({ month: ["May", "June"], amount: [58.4, 60.25] })["text/plain"]);
 * ```
 */
export function tableBundle(
  data: FrameLike | TableColumns | TableRows,
  options: TableOptions = {},
): TableBundle {
  const layout = layOut(toTableData(data), options);
  return { "text/html": toHtml(layout), "text/plain": toText(layout) };
}

function layOut(data: TableData, options: TableOptions): Layout {
  const { head = 5, tail = 5, caption, format = {} } = options;
  for (const [name, value] of [
    ["head", head],
    ["tail", tail],
  ] as const) {
    if (!Number.isInteger(value) || value < 0) {
      throw new RangeError(`Cannot make table: ${name} must be a non-negative integer, got ${value}`);
    }
  }
  const { columns, rowCount, label } = data;
  const unknown = Object.keys(format).find((name) => !columns.some((column) => column.name === name));
  if (unknown !== undefined) {
    const names = columns.map(({ name }) => name).join(", ");
    throw new RangeError(`Cannot make table: format must name columns (${names}), got ${unknown}`);
  }
  const whole = rowCount <= head + tail;
  const indices = Array.from({ length: rowCount }, (_, i) => i);
  const first = indices.slice(0, whole ? rowCount : head);
  const last = whole ? [] : indices.slice(rowCount - tail);
  const formatters = columns.map(({ name, values }) =>
    cellFormatter(
      name,
      [...first, ...last].map((row) => values[row]),
      Object.hasOwn(format, name) ? format[name] : undefined,
    ),
  );
  const write = (row: number) => ({
    label: String(label(row)),
    cells: columns.map(({ values }, column) => formatters[column]?.(values[row]) ?? ""),
  });
  const counted = (count: number, name: string) => `${count} ${name}${count === 1 ? "" : "s"}`;
  return {
    caption,
    columns: columns.map(({ name, dtype }) => ({ name, dtype, numeric: /^(big|u?int|float)/.test(dtype) })),
    rows: [...first.map(write), ...(whole ? [] : [undefined]), ...last.map(write)],
    shape: `${counted(rowCount, "row")} × ${counted(columns.length, "column")}`,
  };
}

// The doubled class outweighs JupyterLab's own rule, which aligns every cell to the right.
const style = `.rnnlab-table table { border-collapse: collapse; border: none; color: inherit; font-size: 0.9em; }
.rnnlab-table caption { caption-side: top; text-align: left; font-weight: bold; color: inherit; padding: 0.3em 0; }
.rnnlab-table.rnnlab-table th, .rnnlab-table.rnnlab-table td { border: none; padding: 0.25em 0.8em; text-align: left; }
.rnnlab-table.rnnlab-table .number { text-align: right; font-variant-numeric: tabular-nums; }
.rnnlab-table thead { border-bottom: 1px solid currentColor; }
.rnnlab-table .dim { opacity: 0.65; font-weight: normal; }
.rnnlab-table p { margin: 0.3em 0 0; font-size: 0.85em; }`;

function toHtml({ caption, columns, rows, shape }: Layout): string {
  const classOf = (column: number): string => (columns[column]?.numeric ? ' class="number"' : "");
  const dtypeClass = (numeric: boolean): string => (numeric ? "dim number" : "dim");
  const row = (entry: Layout["rows"][number]): string => {
    if (entry === undefined) {
      return `<tr><th scope="row" class="dim">⋮</th>${columns.map((_, i) => `<td${classOf(i)}>⋮</td>`).join("")}</tr>`;
    }
    const cells = entry.cells.map((cell, i) => `<td${classOf(i)}>${escapeHtml(cell)}</td>`).join("");
    return `<tr><th scope="row" class="dim">${escapeHtml(entry.label)}</th>${cells}</tr>`;
  };
  return [
    `<div class="rnnlab-table"><style>${style}</style>`,
    "<table>",
    ...(caption === undefined ? [] : [`<caption>${escapeHtml(caption)}</caption>`]),
    "<thead>",
    `<tr><th></th>${columns.map(({ name }, i) => `<th scope="col"${classOf(i)}>${escapeHtml(name)}</th>`).join("")}</tr>`,
    `<tr><th></th>${columns.map(({ dtype, numeric }) => `<td class="${dtypeClass(numeric)}">${escapeHtml(dtype)}</td>`).join("")}</tr>`,
    "</thead>",
    "<tbody>",
    ...rows.map(row),
    "</tbody>",
    "</table>",
    `<p class="dim">${shape}</p>`,
    "</div>",
  ].join("\n");
}

function toText({ caption, columns, rows, shape }: Layout): string {
  const lines = [
    ["", ...columns.map(({ name }) => name)],
    ["", ...columns.map(({ dtype }) => dtype)],
    ...rows.map((row) => (row === undefined ? ["⋮", ...columns.map(() => "⋮")] : [row.label, ...row.cells])),
  ];
  const widths = ["", ...columns].map((_, i) =>
    // No spread: it would overflow the stack with some 100,000 rows.
    lines.reduce((widest, line) => Math.max(widest, [...(line[i] ?? "")].length), 0),
  );
  const write = (line: readonly string[]): string =>
    line
      .map((text, i) => {
        const blank = " ".repeat((widths[i] ?? 0) - [...text].length);
        return i > 0 && columns[i - 1]?.numeric ? blank + text : text + blank;
      })
      .join("  ")
      .trimEnd();
  return [...(caption === undefined ? [] : [caption]), ...lines.map(write), shape].join("\n");
}
