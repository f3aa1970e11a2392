import { CsvError, parse } from "csv-parse/sync";

/** A line of a CSV file. */
export interface CsvRecord {
  /** Its number, counted from 1. */
  readonly line: number;
  /** What stands between the commas, without spaces around it. */
  readonly fields: readonly string[];
}

/**
 * Reads the records of CSV text. Byte order mark, LF, CRLF and empty lines are all right, and so are lines of any number of
 * fields.
 *
 * @param text - what the file holds
 * @param origin - path or address, for messages
 * @returns the records in the file's order, its header among them
 * @throws {RangeError} when quotes are open; it names the origin
 */
export function csvRecords(text: string, origin: string): CsvRecord[] {
  const records: CsvRecord[] = [];
  try {
    parse(text, {
      bom: true,
      // Else the first line's end decides for the whole file.
      record_delimiter: ["\r\n", "\n", "\r"],
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      on_record: (fields: string[], { lines }) => {
        records.push({ line: lines, fields });
        return null;
      },
    });
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new RangeError(`Cannot read ${origin}: the file must be valid CSV, got: ${cause.message}`, {
      cause,
    });
  }
  return records;
}
