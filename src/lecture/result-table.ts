import { escapeHtml, html, type RichText } from "../display/index.js";

/** What a cell of a table holds. */
export type TableCell = string | number | boolean | null | undefined;

const write = (cell: TableCell): string => {
  if (cell === null || cell === undefined) return "–";
  if (typeof cell !== "number") return String(cell);
  return Number.isInteger(cell) ? cell.toLocaleString("en") : String(Number(cell.toPrecision(4)));
};

/**
 * Writes rows of results as a table; numbers are rounded to four digits and aligned to the right.
 *
 * @param rows - one record a row; the keys of the first name the columns
 * @param caption - what stands above it
 * @returns a value that displays itself, as HTML or as aligned text
 * @throws RangeError if there are no rows
 * @example
 * ```ts
 * import { resultTable } from "rnnlab/lecture";
 * resultTable([{ model: "naive", rmse: 9.3934 }], "Errors");
 * ```
 */
export function resultTable(rows: readonly Readonly<Record<string, TableCell>>[], caption = ""): RichText {
  const [first] = rows;
  if (first === undefined) throw new RangeError("Cannot show table: it must have at least one row, got none");
  const columns = Object.keys(first);
  const body = rows.map((row) =>
    columns.map((column) => (Object.hasOwn(row, column) ? row[column] : undefined)),
  );
  const right = columns.map((_, index) => body.every((cells) => typeof cells[index] !== "string"));
  const align = (index: number) => ` style="text-align:${right[index] ? "right" : "left"}"`;
  const cells = (tag: string, values: readonly TableCell[]) =>
    values.map((value, index) => `<${tag}${align(index)}>${escapeHtml(write(value))}</${tag}>`).join("");
  const markup = [
    "<table>",
    caption && `<caption style="text-align:left;white-space:nowrap">${escapeHtml(caption)}</caption>`,
    `<thead><tr>${cells("th", columns)}</tr></thead>`,
    `<tbody>${body.map((row) => `<tr>${cells("td", row)}</tr>`).join("\n")}</tbody>`,
    "</table>",
  ];
  return html(markup.filter(Boolean).join("\n"), textTable([columns, ...body], right, caption));
}

function textTable(
  rows: readonly (readonly TableCell[])[],
  right: readonly boolean[],
  caption: string,
): string {
  const text = rows.map((row) => row.map(write));
  const widths = right.map((_, index) => Math.max(...text.map((row) => row[index]?.length ?? 0)));
  const lines = text.map((row) =>
    row
      .map((cell, index) =>
        right[index] ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
  return [caption, ...lines].filter(Boolean).join("\n");
}
