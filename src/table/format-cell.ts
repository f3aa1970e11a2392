import { inspect } from "node:util";

/** How a column is written: a number of decimals, or a function from a value to its text. */
export type CellFormat = number | ((value: unknown) => string);

const LONGEST_TEXT = 100;
const MOST_DECIMALS = 4;

/**
 * Chooses how to write the values of a column that are shown, so that they agree with each other: numbers with the
 * decimals they need, at most four, or as powers of ten where that would hide them; dates without a time where every
 * one is midnight UTC.
 *
 * @throws RangeError if a number of decimals is not an integer from 0 to 20
 */
export function cellFormatter(
  column: string,
  shown: readonly unknown[],
  format: CellFormat | undefined,
): (value: unknown) => string {
  if (typeof format === "function") return (value) => String(format(value));
  if (format !== undefined && !(Number.isInteger(format) && format >= 0 && format <= 20)) {
    throw new RangeError(
      `Cannot make table: format of column ${column} must be an integer from 0 to 20 or a function, got ${format}`,
    );
  }
  const formatNumber = numberFormatter(
    shown.filter((value) => typeof value === "number" && Number.isFinite(value)) as number[],
    format,
  );
  const formatDate = dateFormatter(shown.filter((value) => value instanceof Date));
  return (value) => {
    if (typeof value === "number") return formatNumber(value);
    if (value instanceof Date) return formatDate(value);
    const text =
      typeof value === "string" ? value : inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY });
    const characters = [...text.replace(/\s+/g, " ")];
    if (characters.length > LONGEST_TEXT) characters.splice(LONGEST_TEXT - 1, Number.POSITIVE_INFINITY, "…");
    return characters.join("");
  };
}

function numberFormatter(numbers: readonly number[], decimals?: number): (value: number) => string {
  const plain = (digits: number) => (value: number) =>
    Number.isFinite(value) ? value.toFixed(digits) : String(value);
  if (decimals !== undefined) return plain(decimals);
  if (numbers.every(Number.isInteger)) return String;
  const sizes = numbers.filter((value) => value !== 0).map(Math.abs);
  if (sizes.some((size) => size >= 1e9 || size < 0.5 * 10 ** -MOST_DECIMALS)) {
    return (value) => (Number.isFinite(value) ? value.toExponential(MOST_DECIMALS) : String(value));
  }
  const needed = numbers.map((value) => {
    const written = value.toFixed(MOST_DECIMALS).replace(/0+$/, "");
    return written.length - written.indexOf(".") - 1;
  });
  return plain(needed.reduce((most, digits) => Math.max(most, digits), 0));
}

function dateFormatter(dates: readonly Date[]): (value: Date) => string {
  const days = dates.every((date) => Number.isNaN(date.getTime()) || date.getTime() % 86_400_000 === 0);
  return (value) => {
    if (Number.isNaN(value.getTime())) return "invalid date";
    const text = value.toISOString();
    return days ? text.slice(0, 10) : text.slice(0, 19).replace("T", " ");
  };
}
