import { quote } from "../../arguments.js";
import { csvRecords } from "../../formats/csv.js";
import { type DateFormat, detectDateFormat, parseDate } from "./date-format.js";

/** One row of the file, as read. */
export interface ElectricityRow {
  /** The date as the file writes it. */
  readonly date: string;
  /** The first of that month, UTC. */
  readonly month: Date;
  /** Index points. */
  readonly value: number;
}

interface Line extends ElectricityRow {
  readonly line: number;
}

type Fail = (rule: string) => never;

/**
 * Reads the monthly series from CSV text: one header line naming a date column (`DATE`, `observation_date`) and one
 * value column of any name, then one line a month in any order. Byte order mark, LF and CRLF are all right; dates are
 * `MM-DD-YYYY`, `M/D/YYYY` or `YYYY-MM-DD`, one format in the whole file.
 *
 * @param text - what the file holds
 * @param origin - path or address, for messages
 * @returns the rows in the file's order
 * @throws {RangeError} when there are no header or rows, wrong columns, a value that is missing or no number, a date
 * that cannot be read, mixed date formats, a month that is missing or has two values; it names the origin, line, column
 * and value
 */
export function parseElectricityCsv(text: string, origin: string): ElectricityRow[] {
  const fail: Fail = (rule) => {
    throw new RangeError(`Cannot read ${origin}: ${rule}`);
  };
  const [header, ...records] = csvRecords(text, origin);
  if (header === undefined) return fail("the file must have a header and rows, got an empty file");
  const [dateColumn = "", valueColumn = ""] = header.fields;
  if (header.fields.length !== 2 || !/^(observation_)?date$/i.test(dateColumn) || valueColumn === "") {
    return fail(
      `line ${header.line} must name two columns, DATE and the value's, got ${quote(header.fields.join(","))}`,
    );
  }
  if (records.length === 0) return fail("the file must have rows after its header, got the header only");

  let format: DateFormat | undefined;
  const lines = records.map(({ line, fields }): Line => {
    const [date = "", valueText = ""] = fields;
    if (fields.length !== 2) {
      return fail(
        `line ${line} must have 2 columns, ${dateColumn} and ${valueColumn}, got ${fields.length}: ${quote(fields.join(","))}`,
      );
    }
    const inDate: Fail = (rule) => fail(`line ${line}, column ${dateColumn} ${rule}, got ${quote(date)}`);
    const dateFormat = detectDateFormat(date);
    const month = dateFormat && parseDate(date, dateFormat);
    if (!month) return inDate("must be a date as MM-DD-YYYY, M/D/YYYY or YYYY-MM-DD");
    format ??= dateFormat;
    if (dateFormat !== format) return inDate(`must be written as ${format} like the rows above it`);
    if (month.getUTCDate() !== 1) return inDate(`must be the first day of a month (read as ${format})`);
    return { line, date, month, value: parseValue(valueText, `line ${line}, column ${valueColumn}`, fail) };
  });
  requireEveryMonth(lines, dateColumn, valueColumn, fail);
  return lines.map(({ line: _, ...row }) => row);
}

function parseValue(text: string, place: string, fail: Fail): number {
  // FRED writes a missing value as "." or as nothing.
  if (text === "" || text === ".") return fail(`${place} must not be missing, got ${quote(text)}`);
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) {
    return fail(`${place} must be a number, got ${quote(text)}`);
  }
  const value = Number(text);
  return Number.isFinite(value) ? value : fail(`${place} must be below 1.8e308, got ${quote(text)}`);
}

function requireEveryMonth(
  lines: readonly Line[],
  dateColumn: string,
  valueColumn: string,
  fail: Fail,
): void {
  const inOrder = lines.toSorted((a, b) => a.month.getTime() - b.month.getTime());
  inOrder.forEach((row, i) => {
    const previous = inOrder[i - 1];
    if (previous === undefined) return;
    const months = monthNumber(row.month) - monthNumber(previous.month);
    if (months === 0 && row.value !== previous.value) {
      fail(
        `line ${row.line}, column ${valueColumn} must equal ${previous.value} of the same month in line ${previous.line}, got ${row.value}`,
      );
    }
    if (months > 1) {
      fail(
        `line ${row.line}, column ${dateColumn} must be the month after ${quote(previous.date)} (line ${previous.line}), got ${quote(row.date)}`,
      );
    }
  });
}

function monthNumber(month: Date): number {
  return month.getUTCFullYear() * 12 + month.getUTCMonth();
}
