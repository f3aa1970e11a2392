import type { ElectricityRow } from "./csv.js";
import { type DateFormat, dateFormats, formatDate } from "./date-format.js";

/** How dates are written before they are sorted. */
export interface SortByDateTextOptions {
  /**
   * `"MM-DD-YYYY"` (the default) is how the lecture's copy writes them; `"as read"` leaves them as they are in the
   * file at hand.
   */
  readonly dateFormat?: DateFormat | "as read";
}

/**
 * Sorts rows by the *text* of their dates, as the published lecture 000 does by mistake: month first, so that every
 * January comes before every February and the series is out of order. It is here to show that defect.
 *
 * @param rows - rows as read, such as `electricity.rows`
 * @param options - how the dates are written
 * @returns the same rows in the order of the text, with the dates as they were compared
 * @throws {RangeError} when there is no such date format
 * @example
 * ```ts
 * import { loadElectricity, sortByDateText } from "rnnlab/datasets";
 * const { rows } = await loadElectricity({ source: "sample" });
 * console.log(sortByDateText(rows).slice(0, 2).map(({ date }) => date).join(" ")); // 01-01-1985 01-01-1986
 * ```
 */
export function sortByDateText(
  rows: readonly ElectricityRow[],
  options: SortByDateTextOptions = {},
): ElectricityRow[] {
  const { dateFormat = "MM-DD-YYYY" } = options;
  const formats: readonly string[] = ["as read", ...dateFormats];
  if (!formats.includes(dateFormat)) {
    throw new RangeError(
      `Cannot sort by date text: dateFormat must be one of ${formats.join(", ")}, got ${dateFormat}`,
    );
  }
  const written = rows.map((row) =>
    dateFormat === "as read" ? row : { ...row, date: formatDate(row.month, dateFormat) },
  );
  return written.sort((a, b) => (a.date < b.date ? -1 : Number(a.date > b.date)));
}
