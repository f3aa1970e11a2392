import { inspect } from "node:util";
import { oneLine } from "../display/index.js";

/** How a column is written: a number of decimals, or a function from a value to its text. */
export type CellFormat = number | ((value: unknown) => string);

/** Stands for null and undefined. */
const MISSING = "–";

const LONGEST_TEXT = 100;
/** Decimals that a column of fractions gets at most, unless its smallest number has fewer than four digits then. */
const USUAL_DECIMALS = 4;
const MOST_DECIMALS = 6;

/**
 * Chooses how to write the values of a column that are shown, so that they agree with each other: numbers with as
 * many decimals as they need, or else enough for the smallest to keep four digits, or as powers of ten where that would
 * take too many; dates without a time where every one is midnight UTC.
 *
 * @throws {RangeError} when a number of decimals is not an integer from 0 to 20
 */
export function cellFormatter(
  column: string,
  shown: readonly unknown[],
  format?: CellFormat,
): (value: unknown) => string {
  if (typeof format === "function") return (value) => oneLine(String(format(value)));
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
    if (value === null || value === undefined) return MISSING;
    if (typeof value === "number") return formatNumber(value);
    if (value instanceof Date) return formatDate(value);
    const text =
      typeof value === "string" ? value : inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY });
    const characters = [...oneLine(text)];
    if (characters.length > LONGEST_TEXT) characters.splice(LONGEST_TEXT - 1, Number.POSITIVE_INFINITY, "…");
    return characters.join("");
  };
}

function numberFormatter(numbers: readonly number[], decimals?: number): (value: number) => string {
  const finite = (write: (value: number) => string) => (value: number) =>
    Number.isFinite(value) ? write(value) : String(value);
  if (decimals !== undefined) return finite((value) => value.toFixed(decimals));
  if (numbers.every(Number.isInteger)) return String;
  const sizes = numbers.filter((value) => value !== 0).map(Math.abs);
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  const smallest = sizes.reduce((least, size) => Math.min(least, size), Number.POSITIVE_INFINITY);
  const telling = Math.max(USUAL_DECIMALS, 3 - Math.floor(Math.log10(smallest)));
  const needed = numbers.reduce((most, value) => Math.max(most, decimalsOf(value, telling)), 0);
  if (largest >= 1e9 || (smallest < 5e-5 && needed > MOST_DECIMALS)) {
    return finite((value) => value.toExponential(USUAL_DECIMALS));
  }
  return finite((value) => value.toFixed(Math.min(needed, MOST_DECIMALS)));
}

/** How many decimals of a rounded number are left without the zeros at the end. */
function decimalsOf(value: number, most: number): number {
  const written = value.toFixed(Math.min(most, 100)).replace(/\.?0+$/, "");
  const point = written.indexOf(".");
  return point < 0 ? 0 : written.length - point - 1;
}

function dateFormatter(dates: readonly Date[]): (value: Date) => string {
  const days = dates.every((date) => Number.isNaN(date.getTime()) || date.getTime() % 86_400_000 === 0);
  return (value) => {
    if (Number.isNaN(value.getTime())) return "invalid date";
    const text = value.toISOString();
    return days ? text.slice(0, 10) : text.slice(0, 19).replace("T", " ");
  };
}
